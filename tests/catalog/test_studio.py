"""The seller's pages: a photo, a name, a price, and it is for sale; whatever fails is kept."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts.models import Person
from shop.catalog.models import Product, ProductPhoto, Variant
from shop.catalog.reserve import reserve
from shop.catalog.states import ProductState
from shop.core.ids import new_id
from shop.core.models import Picture
from shop.core.storage_folder import FolderStorage
from shop.sellers.models import Seller
from tests.camera_files import camera_file
from tests.catalog.offered import offer, shelf
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.photos import huge_jpeg, lively, opened, quarters, saved, with_size

NEW = "/sell/products/new"
JPEG = saved(quarters(360, 240), "JPEG")
PNG = saved(quarters(200, 200), "PNG")


@pytest.fixture
def maker(session: Session) -> Person:
    return make_person(session, name="Rohana")


@pytest.fixture
def seller(session: Session, maker: Person) -> Seller:
    shelf(session)
    return make_seller(session, owner=maker)


@pytest.fixture
def browser(app: Flask, seller: Seller, maker: Person) -> FlaskClient:
    return signed_in(app, maker)


def form(*photos: tuple[str, bytes], **fields: object) -> dict[str, object]:
    """A filled-in form for a new thing, as a phone without scripts sends it."""
    filled = {"key": new_id().hex, "name": "Kerupuk Tenggiri", "price": "15.000"}
    filled |= {"stock_kind": "made_to_order", "shelf": ""}
    return filled | fields | {"photos": [(BytesIO(data), name) for name, data in photos]}


def tokens(html: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', html)


def test_a_photo_a_name_and_a_price_are_enough(browser: FlaskClient, session: Session):
    answer = browser.post(NEW, data=form(("foto.jpg", JPEG)))
    assert answer.status_code == 303
    product = session.scalars(select(Product)).one()
    assert answer.location == f"/sell/products/{product.id}"
    assert (product.state, product.category_slug) == (ProductState.WAITING, "camilan")
    assert product.halal_kind == "not_certified"
    assert [(v.price, v.on_hand) for v in product.variants] == [(15_000, None)]
    page = browser.get(answer.location)
    assert page.status_code == 200
    assert "Pendamping melihatnya dulu" in page.text


def test_a_second_thing_is_for_sale_at_once(browser: FlaskClient, session: Session, seller: Seller):
    offer(session, seller, name="Kerupuk Atom")
    session.commit()
    answer = browser.post(NEW, data=form(("foto.jpg", JPEG), stock_kind="ready", on_hand="12"))
    product = session.scalars(select(Product).where(Product.name == "Kerupuk Tenggiri")).one()
    assert product.state == ProductState.LIVE
    assert product.variants[0].on_hand == 12
    assert "Sudah dijual" in browser.get(answer.location).text


def test_a_double_click_makes_one_product(browser: FlaskClient, session: Session):
    key = new_id().hex
    answers = [browser.post(NEW, data=form(("foto.jpg", JPEG), key=key)) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert session.scalar(select(func.count()).select_from(Product)) == 1
    assert session.scalar(select(func.count()).select_from(ProductPhoto)) == 1


def test_another_sellers_key_gets_nowhere(browser: FlaskClient, session: Session):
    other = offer(session).product_id
    session.commit()
    answer = browser.post(NEW, data=form(("foto.jpg", JPEG), key=other.hex))
    assert answer.status_code == 404
    assert session.scalar(select(func.count()).select_from(Product)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("price", "0", "Rp1 sampai Rp100.000.000"),
        ("price", "1000000000", "Rp1 sampai Rp100.000.000"),
        ("price", "lima ribu", "Tulis angka saja"),
        ("price", "", "perlu diisi"),
        ("name", "", "perlu diisi"),
        ("name", "a" * 101, "Terlalu panjang"),
    ],
)
def test_a_fault_keeps_what_was_typed_and_the_photos(
    browser: FlaskClient, session: Session, field: str, typed: str, words: str
):
    answer = browser.post(
        NEW, data=form(("a.jpg", JPEG), ("b.png", PNG), unit="toples", **{field: typed})
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="toples"' in answer.text
    assert not typed or f'value="{typed}"' in answer.text
    assert session.scalar(select(func.count()).select_from(Product)) == 0
    kept = tokens(answer.text)
    assert len(kept) == 2
    again = browser.post(NEW, data=form(kept=kept))
    assert again.status_code == 303
    assert session.scalar(select(func.count()).select_from(ProductPhoto)) == 2


WRONG = {
    "text.jpg": (b"Ini bukan foto sama sekali, hanya tulisan." * 9, "bukan foto"),
    "cut.jpg": (JPEG[: len(JPEG) // 2], "rusak atau terkirim tidak utuh"),
    "bomb.png": (saved(quarters(16, 16).resize((8000, 8000)), "PNG"), "terlalu besar"),
    "bomb.jpg": (with_size(JPEG, 60_000, 60_000), "terlalu besar"),
    "large.jpg": (JPEG + bytes(40_000_001 - len(JPEG)), "lebih dari 40 MB"),
    "empty.jpg": (b"", "bukan foto"),
    "dot.png": (saved(quarters(2, 2), "PNG"), "terlalu kecil, baru 2 × 2 titik"),
    "short.png": (saved(quarters(300, 199), "PNG"), "terlalu kecil, baru 300 × 199 titik"),
    "thread.png": (saved(quarters(20_000, 2), "PNG"), "terlalu sempit"),
    "ribbon.png": (saved(quarters(1_010, 200), "PNG"), "terlalu sempit"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_and_the_good_photo_stays(
    browser: FlaskClient, session: Session, name: str
):
    data, words = WRONG[name]
    answer = browser.post(NEW, data=form((name, data), ("good.jpg", JPEG)))
    assert answer.status_code == 422
    assert f"{name}: " in answer.text
    assert words in answer.text
    assert len(tokens(answer.text)) == 1
    assert session.scalar(select(func.count()).select_from(Product)) == 0


@pytest.mark.parametrize("size", [(200, 200), (1000, 200), (300, 1500), (10_000, 2_000)])
def test_the_smallest_and_the_narrowest_photo_are_kept(browser: FlaskClient, size: tuple[int, int]):
    answer = browser.post(NEW, data=form(("good.png", saved(quarters(*size), "PNG"))))
    assert answer.status_code == 303


def test_selling_needs_a_photo_and_saving_does_not(browser: FlaskClient, session: Session):
    assert "paling sedikit satu foto" in browser.post(NEW, data=form()).text
    assert browser.post(NEW, data=form(later="1")).status_code == 303
    product = session.scalars(select(Product)).one()
    assert product.state == ProductState.DRAFT
    answer = browser.post(f"/sell/products/{product.id}/publish")
    assert answer.status_code == 422
    assert "Ambil fotonya dulu" in answer.text


def test_kept_photos_are_the_sellers_own(app: Flask, browser: FlaskClient, session: Session):
    kept = tokens(browser.post(NEW, data=form(("a.jpg", JPEG), price="0")).text)
    stranger = make_person(session, name="Orang Lain")
    make_seller(session, owner=stranger)
    theirs = signed_in(app, stranger)
    for token in (kept[0], "a" * 64, "nonsense"):
        assert theirs.post(NEW, data=form(kept=[token])).status_code == 422
    assert session.scalar(select(func.count()).select_from(Product)) == 0


def test_more_than_eight_photos_are_said_so(browser: FlaskClient):
    photos = [(f"{n}.png", saved(quarters(200 + 2 * n, 200), "PNG")) for n in range(10)]
    answer = browser.post(NEW, data=form(*photos))
    assert answer.status_code == 422
    assert "Paling banyak 8 foto. 2 foto tidak ikut" in answer.text
    assert len(tokens(answer.text)) == 8


def test_the_script_sends_photos_one_by_one(browser: FlaskClient):
    sent = browser.post("/sell/products/photos", data={"photos": (BytesIO(JPEG), "a.jpg")})
    assert sent.status_code == 200
    assert sent.json["kept"][0]["url"].startswith("/media/")
    assert browser.get(sent.json["kept"][0]["url"]).status_code == 200
    wrong = browser.post("/sell/products/photos", data={"photos": (BytesIO(b"no"), "a.jpg")})
    assert wrong.status_code == 422
    assert (wrong.json["kept"], len(wrong.json["faults"])) == ([], 1)
    assert browser.post(NEW, data=form(kept=[sent.json["kept"][0]["token"]])).status_code == 303


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["turned", "heic", "webp", "png", "48 megapixels"])
def test_what_real_phones_send_is_kept_upright(
    browser: FlaskClient, session: Session, app: Flask, kind: str
):
    turned = quarters(360, 240).getexif()
    turned[0x0112], turned[0x8825] = 6, {1: "N", 2: (0.0, 55.0, 4.0)}
    data = {
        "turned": lambda: saved(quarters(360, 240), "JPEG", exif=turned),
        "heic": lambda: camera_file("arrow.heic").read_bytes(),
        "webp": lambda: saved(lively(900, 600), "WEBP"),
        "png": lambda: PNG,
        "48 megapixels": lambda: huge_jpeg(8_000, 6_000),
    }[kind]()
    assert browser.post(NEW, data=form(("IMG_0001", data))).status_code == 303
    picture = session.scalars(select(Picture)).one()
    storage: FolderStorage = app.extensions["storage"]
    sha = picture.sha256
    (key,) = [key for key, _, _ in storage.keys("") if sha in key and "-" not in key]
    master = opened(storage.get(key))
    assert max(master.size) <= 2048
    assert not master.getexif()
    if kind == "turned":
        assert (picture.width, picture.height) == (240, 360)


@pytest.fixture
def mine(session: Session, seller: Seller) -> Variant:
    variant = offer(session, seller, on_hand=9)
    session.commit()
    return variant


def test_the_list_shows_what_there_is_by_state(
    browser: FlaskClient, session: Session, seller: Seller, mine: Variant
):
    offer(session, seller, state=ProductState.DRAFT, name="Sagu Lemak")
    offer(session, name="Punya Orang")
    session.commit()
    page = browser.get("/sell/products").text
    assert "Kerupuk Tenggiri" in page
    assert "Sagu Lemak" in page
    assert "Punya Orang" not in page
    drafts = browser.get("/sell/products?state=draft").text
    assert "Sagu Lemak" in drafts
    assert "Rp15.000" in drafts
    assert "Kerupuk Tenggiri" not in drafts


def test_an_empty_list_invites(browser: FlaskClient):
    assert "Foto barang pertama" in browser.get("/sell/products").text


def test_a_new_price(browser: FlaskClient, session: Session, mine: Variant):
    url = f"/sell/products/{mine.product_id}/price"
    assert browser.post(url, data={"price": "Rp 17.500"}).status_code == 303
    assert browser.post(url, data={"price": "0"}).status_code == 422
    session.refresh(mine)
    assert mine.price == 17_500


def test_counting_stock_once_and_never_below_what_is_promised(
    browser: FlaskClient, session: Session, mine: Variant
):
    reserve(session, {mine.id: 4}, key="order")
    session.commit()
    url = f"/sell/products/{mine.product_id}/stock"
    common = {"stock_kind": "ready", "lead_days": "0", "most_per_order": "50"}
    key = new_id().hex
    for on_hand in ("20", "30"):
        browser.post(url, data=common | {"on_hand": on_hand, "key": key})
    session.refresh(mine)
    assert mine.on_hand == 20
    refused = browser.post(url, data=common | {"on_hand": "3", "key": new_id().hex})
    assert refused.status_code == 422
    assert "4 buah sudah dipesan" in refused.text
    assert 'value="3"' in refused.text
    missing = browser.post(url, data=common | {"on_hand": "", "key": new_id().hex})
    assert "Tulis ada berapa" in missing.text
    session.refresh(mine)
    assert mine.on_hand == 20


def facts(**other: object) -> dict[str, object]:
    plain = {"name": "Kerupuk", "category_slug": "camilan", "storage": "room"}
    return plain | {"permit_kind": "none", "halal_kind": "not_certified"} | other


def test_everything_can_be_said(browser: FlaskClient, session: Session, mine: Variant):
    url = f"/sell/products/{mine.product_id}"
    said = facts(
        name_en="Crackers", unit="bungkus", weight_g="1.500", ingredients="ikan, sagu",
        allergens=["fish", "gluten"], shelf_life_days="60", permit_kind="pirt",
        permit_number="2062172010001-29", halal_kind="certified",
        halal_number="ID21110012345678901", description="Renyah.\r\nGurih.",
    )  # fmt: skip
    assert browser.post(url, data=said).status_code == 303
    product = session.get_one(Product, mine.product_id)
    session.refresh(product)
    assert (product.weight_g, product.allergens) == (1500, ["fish", "gluten"])
    assert product.description == "Renyah.\nGurih."
    assert "Periksa nomor" not in browser.get(url).text


def test_odd_numbers_are_kept_and_pointed_out(browser: FlaskClient, mine: Variant):
    url = f"/sell/products/{mine.product_id}"
    odd = facts(permit_kind="pirt", permit_number="123", halal_kind="certified", halal_number="9")
    assert browser.post(url, data=odd).status_code == 303
    page = browser.get(url).text
    assert "Periksa nomor izinnya" in page
    assert "Periksa nomor halalnya" in page


def test_what_is_claimed_needs_its_number(browser: FlaskClient, session: Session, mine: Variant):
    url = f"/sell/products/{mine.product_id}"
    answer = browser.post(
        url, data=facts(name="Nama Baru", permit_kind="pirt", halal_kind="certified")
    )
    assert answer.status_code == 422
    assert answer.text.count("Tulis nomornya") == 2
    assert 'value="Nama Baru"' in answer.text
    assert session.get_one(Product, mine.product_id).name == "Kerupuk Tenggiri"


def test_photos_can_be_added_ordered_and_removed(
    browser: FlaskClient, session: Session, mine: Variant
):
    url = f"/sell/products/{mine.product_id}/photos"
    sent = {"photos": [(BytesIO(JPEG), "a.jpg"), (BytesIO(b"x"), "b.jpg"), (BytesIO(PNG), "c.png")]}
    answer = browser.post(url, data=sent)
    assert answer.status_code == 422
    assert "b.jpg: " in answer.text
    photos = session.scalars(select(ProductPhoto).order_by(ProductPhoto.position)).all()
    assert len(photos) == 2
    assert browser.post(url, data={}).status_code == 422
    assert browser.post(f"{url}/{photos[1].id}/first").status_code == 303
    assert browser.post(f"{url}/{photos[0].id}/remove").status_code == 303
    last = browser.post(f"{url}/{photos[1].id}/remove")
    assert last.status_code == 422
    assert "satu-satunya" in last.text


def test_hiding_and_showing(browser: FlaskClient, session: Session, mine: Variant):
    url = f"/sell/products/{mine.product_id}"
    assert browser.post(f"{url}/hide").status_code == 303
    assert "Jual lagi" in browser.get(url).text
    assert browser.post(f"{url}/hide").status_code == 409
    assert browser.post(f"{url}/show").status_code == 303
    assert browser.post(f"{url}/take-back").status_code == 409


ACTS = ("", "/price", "/stock", "/photos", "/publish", "/hide", "/show", "/take-back")


@pytest.mark.parametrize("act", ACTS)
def test_another_sellers_product_is_not_there(browser: FlaskClient, session: Session, act: str):
    theirs = offer(session)
    session.commit()
    url = f"/sell/products/{theirs.product_id}"
    assert browser.post(url + act, data=facts(price="1")).status_code == 404
    assert browser.get(url).status_code == 404
    assert browser.post(f"{url}/photos/{uuid4()}/remove").status_code == 404
    session.refresh(theirs)
    assert theirs.price == 15_000


def test_visitors_sign_in_first(client: FlaskClient, mine: Variant):
    assert client.get("/sell/products").status_code == 303
    assert client.post(NEW, data={}).status_code == 303


def test_too_much_at_once_is_said_clearly(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(app.view_functions["catalog_studio.create"], "most_bytes", 10_000)
    answer = browser.post(NEW, data=form(("a.jpg", bytes(20_000))))
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text
