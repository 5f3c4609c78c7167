"""What is known about a product and its maker, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask_babel import format_decimal, gettext, ngettext

from shop.catalog.choices import ALLERGENS
from shop.catalog.facts import FOOD_SHELVES, Storage
from shop.catalog.models import Product, Variant
from shop.catalog.states import HalalKind, PermitKind
from shop.core.i18n import chosen, month_name
from shop.core.regions import all_kelurahan, kelurahan_name
from shop.sellers.models import Seller
from shop.sellers.queries import Skill

_AMOUNTS = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100)


@dataclass(frozen=True)
class Fact:
    """One line under "what to know": its name, what is so, a smaller note; or a warning."""

    term: str
    value: str
    note: str = ""
    warn: bool = False


def facts(product: Product) -> list[Fact]:
    """All that is known about a product, what people must heed first."""
    return [*_warnings(product), *_made_of(product), *_keeps(product), *_papers(product)]


def place(kelurahan_code: str) -> str:
    """`Sei Jang`."""
    return kelurahan_name(kelurahan_code)


def full_place(kelurahan_code: str) -> str:
    """`Sei Jang, Bukit Bestari`."""
    found = all_kelurahan().get(kelurahan_code)
    return found.full_name if found else ""


def unit(product: Product) -> str:
    """`per bungkus, 150 g`; empty where neither is known."""
    name = chosen(product, "unit")
    per = gettext("per %(unit)s", unit=name) if name else ""
    return ", ".join(part for part in (per, weight(product.weight_g)) if part)


def weight(grams: int | None) -> str:
    """`150 g`, `1,2 kg`."""
    if not grams:
        return ""
    if grams < 1000:
        return f"{grams} g"
    return f"{format_decimal(grams / 1000, '0.##')} kg"


def amounts(most: int) -> list[int]:
    """The amounts to choose from in the buy bar, up to `most`."""
    fitting = [number for number in _AMOUNTS if number <= most]
    odd = 0 < most <= _AMOUNTS[-1] and most not in fitting
    return [*fitting, most] if odd else fitting


def left(variant: Variant) -> str:
    """How few are left; empty where there are enough."""
    number = variant.available
    if number is None or not 0 < number <= 5:
        return ""
    return str(ngettext("Tinggal %(num)d.", "Tinggal %(num)d.", number))


def skill(learnt: Skill, month: str = "MMM y") -> str:
    """`Lulus olahan ikan, Mar 2026`; `month` is the pattern of the month."""
    when = month_name(learnt.issued_on, month)
    return str(gettext("Lulus %(course)s, %(month)s", course=course(learnt), month=when))


def course(learnt: Skill) -> str:
    """The name of a course in the middle of a sentence."""
    title = chosen(learnt, "title")
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def whatsapp(text: str, phone: str = "") -> str:
    """The address that opens WhatsApp with `text` written, to `phone` (E.164) or to be chosen."""
    return f"https://wa.me/{phone.removeprefix('+')}?text={quote(text)}"


def ask(product: Product, seller: Seller) -> str:
    """The address that opens WhatsApp with a question about `product` to its seller."""
    name = chosen(product, "name")
    return whatsapp(gettext("Halo, saya mau tanya tentang %(thing)s.", thing=name), seller.phone)


def linked_data(product: Product, url: str, image: str, *, gone: bool) -> dict[str, Any]:
    """The product for search engines, in the terms of schema.org."""
    stock = "SoldOut" if gone else "InStock" if product.lead_days == 0 else "MadeToOrder"
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": chosen(product, "name"),
        "description": chosen(product, "description"),
        "image": image,
        "brand": {"@type": "Brand", "name": product.seller.name},
        "offers": {
            "@type": "Offer",
            "url": url,
            "priceCurrency": "IDR",
            "price": min(v.price for v in product.variants),
            "availability": f"https://schema.org/{stock}",
        },
    }


def _warnings(product: Product) -> Iterator[Fact]:
    names = dict(ALLERGENS)
    found = [str(names[one]) for one in product.allergens if one in names]
    if found:
        yield Fact(gettext("Alergen"), ", ".join(found), warn=True)
    if product.halal_kind == HalalKind.NON_HALAL:
        yield Fact(gettext("Halal"), gettext("Tidak halal"), warn=True)


def _made_of(product: Product) -> Iterator[Fact]:
    made_of = ", ".join(part for part in (product.ingredients, product.materials) if part)
    if made_of:
        yield Fact(gettext("Bahan"), made_of)


def _keeps(product: Product) -> Iterator[Fact]:
    place = {
        Storage.ROOM.value: gettext("di suhu ruang"),
        Storage.CHILLED.value: gettext("di kulkas"),
        Storage.FROZEN.value: gettext("di freezer"),
    }.get(product.storage, "")
    days = product.shelf_life_days
    if days is not None and days <= 1:
        yield Fact(gettext("Tahan"), gettext("Dimakan hari itu juga"))
    elif days is not None:
        lasts = ngettext("%(num)d hari", "%(num)d hari", days)
        yield Fact(gettext("Tahan"), f"{lasts} {place}".strip())
    if product.weight_g:
        food = product.category_slug in FOOD_SHELVES
        term = gettext("Berat bersih") if food else gettext("Berat")
        yield Fact(term, weight(product.weight_g))


def _papers(product: Product) -> Iterator[Fact]:
    halal = {
        HalalKind.CERTIFIED.value: gettext("Bersertifikat"),
        HalalKind.IN_PROCESS.value: gettext("Sertifikat sedang diurus"),
        HalalKind.NOT_CERTIFIED.value: gettext("Belum bersertifikat"),
    }.get(product.halal_kind)
    if halal:
        certified = product.halal_kind == HalalKind.CERTIFIED
        yield Fact(gettext("Halal"), halal, f"BPJPH {product.halal_number}" if certified else "")
    if product.permit_kind == PermitKind.PIRT and product.permit_number:
        yield _pirt(product.permit_number)
    if product.permit_kind == PermitKind.BPOM_MD and product.permit_number:
        yield Fact("BPOM", f"MD {product.permit_number.removeprefix('MD').strip()}")


def _pirt(number: str) -> Fact:
    """A P-IRT number, written 13-2; of fifteen digits the last two are the year it ends in."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if len(digits) != 15:
        return Fact("P-IRT", number)
    until = gettext("Berlaku sampai %(year)s", year=f"20{digits[13:]}")
    return Fact("P-IRT", f"{digits[:13]}-{digits[13:]}", until)
