"""How far an order has come, told to its buyer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from shop.core import i18n
from shop.orders import words
from shop.orders.ask_to_pay import arranging
from shop.orders.models import SellerOrder
from shop.orders.queries import OrderView
from shop.orders.states import BROUGHT, UNDONE, DeliveryKind, SellerOrderState
from shop.orders.words import gettext
from shop.payments.reasons import reason_words
from shop.payments.states import Method, PaymentState
from shop.sellers.models import PickupPoint

S = SellerOrderState
_LADDER = (S.UNPAID, S.WAITING, S.ACCEPTED, S.READY, S.HANDED_OVER, S.DISPUTED, S.COMPLETED)

_BY_MACHINE = (Method.CARD, Method.GATEWAY)


@dataclass(frozen=True)
class Step:
    """One step of the way. `state`: done, current, todo or stopped."""

    title: str
    state: str
    note: str = ""


def stands_at(view: OrderView) -> SellerOrderState:
    """The state of the part that is furthest behind; of an order undone, how it ended."""
    alive = [S(part.state) for part in view.parts if part.state not in UNDONE]
    if alive:
        return min(alive, key=_LADDER.index)
    ended = {S(part.state) for part in view.parts}
    return ended.pop() if len(ended) == 1 else S.CANCELLED


def waits_for_a_look(view: OrderView) -> bool:
    """Whether all that is left to pay was sent, as the buyer says."""
    return claimed(view) and not any(p.state == PaymentState.PENDING for p in view.payments)


def claimed(view: OrderView) -> bool:
    """Whether the buyer says she has sent the money and nobody has found it yet."""
    return any(payment.state == PaymentState.CLAIMED for payment in view.payments)


def headline(view: OrderView) -> str:
    """Where it stands, in one sentence."""
    state = stands_at(view)
    if state is S.UNPAID:
        if waits_for_fee(view):
            return _arranging(view)
        if waits_for_a_look(view):
            return gettext("Pembayaran Anda sedang diperiksa")
        return gettext("Tinggal dibayar, lalu mulai disiapkan")
    brought = all(_brought(part) for part in view.parts if part.state == state)
    if state is S.READY:
        return gettext("Sudah siap, segera diantar") if brought else gettext("Sudah siap diambil")
    if state is S.HANDED_OVER and brought:
        return gettext("Sedang diantar. Sudah Anda terima?")
    return {
        S.WAITING: gettext("Penjual sudah diberi tahu dan segera menjawab"),
        S.ACCEPTED: gettext("Sedang disiapkan penjual"),
        S.HANDED_OVER: gettext("Sudah diserahkan. Sudah Anda terima?"),
        S.DISPUTED: gettext("Masalahnya sedang diperiksa, uangnya menunggu"),
        S.RETURNED: gettext("Sudah dikembalikan"),
        S.COMPLETED: gettext("Sudah diterima. Terima kasih!"),
        S.DECLINED: gettext("Maaf, penjual tidak bisa membuatnya"),
        S.CANCELLED: gettext("Pesanan ini dibatalkan"),
        S.EXPIRED: gettext("Waktu bayar sudah lewat, pesanan ditutup"),
    }[state]


def steps(view: OrderView) -> list[Step]:
    """The way from placing to having it."""
    order, state = view.order, stands_at(view)
    placed = Step(gettext("Pesanan dibuat"), "done", i18n.day_time(order.placed_at))
    if state in UNDONE:
        return [placed, Step(str(words.STATES[state][0]), "stopped", _why(view))]
    at = _LADDER.index(state)
    way = [
        (S.WAITING, gettext("Diterima penjual"), ""),
        (S.ACCEPTED, gettext("Disiapkan penjual"), _when(view)),
        (S.READY, _hand_over_title(view), ""),
        (S.HANDED_OVER, gettext("Diterima"), _confirms()),
    ]
    found = [placed, *_agreement(view)]
    if arranging(order):
        return [
            *found,
            *(Step(title, "todo") for title in (gettext("Dibayar"), *[w[1] for w in way])),
        ]
    if order.method != Method.CASH:
        title = gettext("Dibayar") if at else gettext("Menunggu pembayaran")
        note = "" if at or order.method in _BY_MACHINE else gettext("Dicek orang, bukan mesin.")
        found.append(Step(title, "done" if at else "current", note))
    for target, title, note in way:
        place = _LADDER.index(target)
        mark = "done" if at > place else "current" if at == place else "todo"
        found.append(Step(title, mark, note if mark != "done" else ""))
    return found


def waits_for_fee(view: OrderView) -> bool:
    """Whether a fee is to be agreed on before it is paid."""
    return stands_at(view) is S.UNPAID and bool(arranging(view.order))


def to_agree(view: OrderView) -> int | None:
    """The new sum of the order in rupiah, once every fee to agree on is named; else None."""
    fees = [part.arranged_fee for part in arranging(view.order)]
    if None in fees or not waits_for_fee(view):
        return None
    return view.order.total + sum(fee or 0 for fee in fees)


def trips(view: OrderView) -> list[tuple[PickupPoint, int]]:
    """The points at which things of several sellers are fetched in one go, and of how many."""
    points = [part.point for part in view.parts if part.point and part.state not in UNDONE]
    counted = Counter(point.id for point in points)
    return [
        (point, counted[point.id])
        for place, point in enumerate(points)
        if counted[point.id] > 1 and point not in points[:place]
    ]


def due(part: SellerOrder) -> str:
    """How and when a part comes to the buyer, before it has come."""
    day = words.on_day(part.due_on)
    if part.delivery_kind == DeliveryKind.PICKUP:
        return gettext("Diambil sendiri, mulai %(day)s.", day=day)
    if part.point is not None:
        return gettext("Diambil di %(place)s, mulai %(day)s.", place=part.point.name, day=day)
    return gettext("Diantar, mulai %(day)s.", day=day)


def _arranging(view: OrderView) -> str:
    if to_agree(view) is None:
        return gettext("Menunggu penjual menyebut ongkos antar")
    return gettext("Ongkos antarnya sudah ada. Setuju?")


def _agreement(view: OrderView) -> list[Step]:
    if all(part.delivery_kind != DeliveryKind.ARRANGED for part in view.parts):
        return []
    if not waits_for_fee(view):
        return [Step(gettext("Ongkos antar disepakati"), "done")]
    until = view.order.expires_at
    note = gettext("Paling lambat %(when)s.", when=i18n.day_time(until)) if until else ""
    return [Step(gettext("Ongkos antar disepakati"), "current", note)]


def _brought(part: SellerOrder) -> bool:
    return part.delivery_kind in BROUGHT


def _hand_over_title(view: OrderView) -> str:
    kinds = {part.delivery_kind for part in view.parts if part.state not in UNDONE}
    if kinds <= BROUGHT:
        return gettext("Diantar")
    return gettext("Diantar atau diambil") if kinds & BROUGHT else gettext("Diambil")


def _when(view: OrderView) -> str:
    last = max(part.due_on for part in view.parts if part.state not in UNDONE)
    return gettext("Selesai %(day)s.", day=words.on_day(last))


def _confirms() -> str:
    return gettext("Anda yang menyatakan, lalu uang diteruskan ke penjual.")


def _why(view: OrderView) -> str:
    return reason_words(next((e.reason for e in reversed(view.events) if e.reason), ""))
