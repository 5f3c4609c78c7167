"""How far an order has come, told to its buyer."""

from __future__ import annotations

from dataclasses import dataclass

from shop.core import i18n
from shop.orders import words
from shop.orders.models import SellerOrder
from shop.orders.queries import OrderView
from shop.orders.states import UNDONE, DeliveryKind, SellerOrderState
from shop.orders.words import gettext
from shop.payments.states import Method, PaymentState

S = SellerOrderState
_LADDER = (S.UNPAID, S.WAITING, S.ACCEPTED, S.READY, S.HANDED_OVER, S.DISPUTED, S.COMPLETED)


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


def claimed(view: OrderView) -> bool:
    """Whether the buyer says she has sent the money and nobody has found it yet."""
    return any(payment.state == PaymentState.CLAIMED for payment in view.payments)


def headline(view: OrderView) -> str:
    """Where it stands, in one sentence."""
    state = stands_at(view)
    if state is S.UNPAID:
        if claimed(view):
            return gettext("Pembayaran Anda sedang diperiksa")
        return gettext("Tinggal dibayar, lalu mulai disiapkan")
    if state is S.READY:
        brought = all(_brought(part) for part in view.parts if part.state == S.READY)
        return gettext("Sudah siap, segera diantar") if brought else gettext("Sudah siap diambil")
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
    found = [placed]
    if order.method != Method.CASH:
        title = gettext("Dibayar") if at else gettext("Menunggu pembayaran")
        note = "" if at or order.method == Method.CARD else gettext("Dicek orang, bukan mesin.")
        found.append(Step(title, "done" if at else "current", note))
    for target, title, note in way:
        place = _LADDER.index(target)
        mark = "done" if at > place else "current" if at == place else "todo"
        found.append(Step(title, mark, note if mark != "done" else ""))
    return found


def due(part: SellerOrder) -> str:
    """How and when a part comes to the buyer, before it has come."""
    day = words.on_day(part.due_on)
    if part.delivery_kind == DeliveryKind.PICKUP:
        return gettext("Diambil sendiri, mulai %(day)s.", day=day)
    return gettext("Diantar, mulai %(day)s.", day=day)


def _brought(part: SellerOrder) -> bool:
    return part.delivery_kind == DeliveryKind.DELIVERY


def _hand_over_title(view: OrderView) -> str:
    kinds = {part.delivery_kind for part in view.parts if part.state not in UNDONE}
    if kinds == {DeliveryKind.DELIVERY}:
        return gettext("Diantar")
    return gettext("Diambil") if kinds == {DeliveryKind.PICKUP} else gettext("Diantar atau diambil")


def _when(view: OrderView) -> str:
    last = max(part.due_on for part in view.parts if part.state not in UNDONE)
    return gettext("Selesai %(day)s.", day=words.on_day(last))


def _confirms() -> str:
    return gettext("Anda yang menyatakan, lalu uang diteruskan ke penjual.")


def _why(view: OrderView) -> str:
    return next((event.reason for event in reversed(view.events) if event.reason), "")
