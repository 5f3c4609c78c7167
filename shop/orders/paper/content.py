"""What stands on a receipt and on a packing slip, in the page's language; amounts in rupiah.

Page, PDF and picture draw the same content, so they never disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import pgettext

from shop.core import i18n
from shop.core.models import ShopSettings
from shop.core.money import rupiah
from shop.core.regions import kelurahan_name
from shop.orders import words
from shop.orders.models import Order, OrderLine, SellerOrder
from shop.orders.promoted import promoted
from shop.orders.queries import OrderView
from shop.orders.queries_studio import PartView
from shop.orders.states import UNDONE, DeliveryKind
from shop.orders.states import SellerOrderState as S
from shop.orders.words import gettext, ngettext
from shop.payments.models import Payment
from shop.payments.states import Method, PaymentState

_CAME = (PaymentState.SETTLED, PaymentState.LATE)
_OPEN = (PaymentState.PENDING, PaymentState.CLAIMED)


@dataclass(frozen=True)
class PaperLine:
    """So many pieces of one thing; `note` tells how many of them were undone."""

    pieces: int
    name: str
    price: int = 0
    total: int = 0
    note: str = ""


@dataclass(frozen=True)
class PaperPart:
    """One seller's lines; `note` tells how they come to the buyer, or that they do not."""

    seller: str
    note: str
    lines: Sequence[PaperLine]


@dataclass(frozen=True)
class Row:
    """An amount with its name; `strong` rows are sums."""

    name: str
    amount: int
    strong: bool = False


@dataclass(frozen=True)
class Receipt:
    """What a buyer can show; `status` is its one big word, `link` leads to the order's page."""

    shop: str
    contact: str
    number: str
    date: str
    buyer: str
    status: str
    parts: Sequence[PaperPart]
    rows: Sequence[Row]
    link: str


@dataclass(frozen=True)
class Slip:
    """What goes with the goods; `link` leads to the seller's own page of the order."""

    shop: str
    seller: str
    number: str
    buyer: str
    how: str
    place: Sequence[str]
    day: str
    lines: Sequence[PaperLine]
    note: str
    money: str
    link: str

    @property
    def together(self) -> str:
        """How many pieces there are to pack."""
        pieces = sum(line.pieces for line in self.lines)
        return ngettext("%(num)d barang semuanya", "%(num)d barang semuanya", pieces)


def receipt_of(view: OrderView, settings: ShopSettings, link: str) -> Receipt:
    """The receipt of an order, whatever became of it."""
    order = view.order
    contact = filter(None, (i18n.phone(settings.contact_phone), settings.contact_email))
    return Receipt(
        shop=settings.name,
        contact=" · ".join(contact),
        number=order.number,
        date=i18n.day_time(order.placed_at),
        buyer=order.buyer_name,
        status=_status(view),
        parts=[_part(order, part) for part in view.parts],
        rows=[*_asked(order, view.parts), *_came_of_it(view)],
        link=link,
    )


def slip_of(view: PartView, settings: ShopSettings, link: str) -> Slip:
    """The packing slip of a seller's part."""
    part = view.part
    return Slip(
        shop=settings.name,
        seller=part.seller.name,
        number=part.order.number,
        buyer=part.order.buyer_name,
        how=words.how(part, part.order),
        place=list(_place(part)),
        day=gettext("Untuk %(day)s", day=i18n.day(part.due_on)),
        lines=[PaperLine(left, words.thing(x)) for x in part.lines if (left := pieces_left(x))],
        note=part.note,
        money=_to_collect(view),
        link=link,
    )


def pieces_left(line: OrderLine) -> int:
    """How many pieces of a line are still to be brought."""
    return line.quantity - line.cancelled - line.refunded


def _part(order: Order, part: SellerOrder) -> PaperPart:
    how = words.STATES[part.state][0] if part.state in UNDONE else words.how(part, order)
    return PaperPart(part.seller.name, str(how), [_line(line) for line in part.lines])


def _line(line: OrderLine) -> PaperLine:
    undone = []
    if line.cancelled:
        undone.append(ngettext("%(num)d dibatalkan", "%(num)d dibatalkan", line.cancelled))
    if line.refunded:
        undone.append(ngettext("%(num)d dikembalikan", "%(num)d dikembalikan", line.refunded))
    return PaperLine(
        line.quantity, words.thing(line), line.unit_price, line.gross, ", ".join(undone)
    )


def _asked(order: Order, parts: Sequence[SellerOrder]) -> Iterator[Row]:
    yield Row(gettext("Barang"), sum(line.gross for part in parts for line in part.lines))
    fees = order.delivery + sum(part.delivery_discount for part in parts)
    if fees:
        yield Row(gettext("Ongkos antar"), fees)
    for one in promoted(parts):
        name = i18n.chosen(one.promotion, "name")
        yield Row(gettext("Promo %(name)s", name=name), -one.discount)
    if order.unique_code:
        yield Row(gettext("Angka pengenal"), order.unique_code)
    yield Row(pgettext("total", "Semua"), order.total, strong=True)


def _came_of_it(view: OrderView) -> Iterator[Row]:
    """What was paid, what is still to be paid, what went back; then what she paid in the end."""
    for payment in view.payments:
        how = str(words.METHODS[payment.method][0])
        if payment.state in _CAME and payment.settled_at:
            day = i18n.day(payment.settled_at)
            yield Row(gettext("Dibayar (%(how)s), %(day)s", how=how, day=day), payment.amount)
            if payment.credit and payment.state == PaymentState.SETTLED:
                yield Row(gettext("Dibayar dari saldo"), payment.credit)
        elif payment.state in _OPEN:
            yield Row(gettext("Masih harus dibayar (%(how)s)", how=how), payment.amount)
            if payment.credit:
                yield Row(gettext("Dari saldo"), payment.credit)
    for refund in view.refunds:
        if refund.paid_at:
            name = gettext("Dikembalikan, %(day)s", day=i18n.day(refund.paid_at))
        else:
            name = gettext("Akan dikembalikan")
        yield Row(name, -refund.amount)
    asked = _sum(view.payments, _CAME) + _sum(view.payments, _OPEN)
    if view.refunds or (view.payments and asked != view.order.total):
        yield Row(gettext("Jadi dibayar"), _in_the_end(view), strong=True)


def _in_the_end(view: OrderView) -> int:
    came = _sum(view.payments, _CAME) + _sum(view.payments, _OPEN)
    return came - sum(refund.amount for refund in view.refunds)


def _sum(payments: Sequence[Payment], states: Sequence[PaymentState]) -> int:
    """With what is paid from credit, as long as it pays for the order."""
    found = [payment for payment in payments if payment.state in states]
    late = PaymentState.LATE
    return sum(p.amount + (p.credit if p.state != late else 0) for p in found)


def _status(view: OrderView) -> str:
    if view.refunds and _in_the_end(view) <= 0:
        return gettext("Uang dikembalikan")
    if all(part.state in UNDONE for part in view.parts):
        return gettext("Dibatalkan")
    unpaid = [payment for payment in view.payments if payment.state in _OPEN]
    if not view.payments or any(payment.method != Method.CASH for payment in unpaid):
        return gettext("Belum dibayar")
    return gettext("Tunai saat terima") if unpaid else gettext("Lunas")


def _place(part: SellerOrder) -> Iterator[str]:
    """More of where it is fetched and when, or brought, than `how` says; never the address."""
    if part.delivery_kind == DeliveryKind.POINT and part.point:
        yield part.point.address
        yield i18n.chosen(part.point, "hours")
    elif part.delivery_kind == DeliveryKind.PICKUP:
        yield kelurahan_name(part.seller.kelurahan_code)
        if part.seller.pickup_hours:
            yield part.seller.pickup_hours
    elif part.order.landmark:
        yield part.order.landmark


def _to_collect(view: PartView) -> str:
    """Whether whoever hands it over takes money, and how much."""
    if view.part.state in UNDONE:
        return str(words.STATES[view.part.state][0])
    if (view.work.owes_cash or view.work.carrier) and view.payment:
        return gettext("Tunai %(sum)s", sum=rupiah(view.payment.amount))
    return gettext("Belum dibayar") if view.part.state == S.UNPAID else gettext("Lunas")
