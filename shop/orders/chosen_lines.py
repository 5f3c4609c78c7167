"""What was chosen of a part's lines to be undone, checked against what there is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import structlog

from shop.orders.worth import PartWorth

log = structlog.get_logger()

MOST_PIECES = 1000
MOST_RUPIAH = 1_000_000_000
"""Above these somebody plays with the form."""


class NothingChosen(ValueError):
    """No piece and no rupiah: there is nothing to undo."""


class UnknownLine(LookupError):
    """A line that is not of this part."""


class TooManyPieces(ValueError):
    """More pieces of a line than are left; `left` of them can be chosen."""

    def __init__(self, line_id: uuid.UUID, left: int) -> None:
        super().__init__(left)
        self.line_id, self.left = line_id, left


class TooMuchBack(ValueError):
    """More rupiah than can go back: of a line, or of the delivery where `line_id` is None."""

    def __init__(self, line_id: uuid.UUID | None, left: int) -> None:
        super().__init__(left)
        self.line_id, self.left = line_id, left


class StillInTheHouse(ValueError):
    """Pieces that are not handed over yet are cancelled, so that they are for sale again."""


class BadShare(ValueError):
    """The seller cannot bear less than nothing or more than all."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def check_pieces(found: PartWorth, wanted: Mapping[uuid.UUID, int]) -> None:
    """Raise `UnknownLine`, `TooManyPieces` or `NothingChosen` for what cannot be taken off."""
    for line_id, pieces in wanted.items():
        line = found.lines.get(line_id)
        if line is None:
            _refused(found, UnknownLine.__name__)
            raise UnknownLine(line_id)
        if not _whole(pieces) or not 0 <= pieces <= line.live:
            _refused(found, TooManyPieces.__name__)
            raise TooManyPieces(line_id, line.live)
    if not any(wanted.values()):
        raise NothingChosen


def check_back(
    found: PartWorth, wanted: Mapping[uuid.UUID, tuple[int, int]], delivery: int, seller_share: int
) -> int:
    """How many rupiah go back in all.

    Raises `UnknownLine`, `TooManyPieces`, `TooMuchBack`, `BadShare` or `NothingChosen`.
    """
    pieces = {line_id: taken for line_id, (taken, _) in wanted.items()}
    if any(pieces.values()) or not found.lines.keys() >= pieces.keys():
        check_pieces(found, pieces)
    for line_id, (_, rupiah) in wanted.items():
        if not _whole(rupiah) or not 0 <= rupiah <= found.lines[line_id].left:
            _refused(found, TooMuchBack.__name__)
            raise TooMuchBack(line_id, found.lines[line_id].left)
    if not _whole(delivery) or not 0 <= delivery <= found.delivery_left:
        _refused(found, TooMuchBack.__name__)
        raise TooMuchBack(None, found.delivery_left)
    amount = delivery + sum(rupiah for _, rupiah in wanted.values())
    if not amount:
        raise NothingChosen
    if not _whole(seller_share) or not 0 <= seller_share <= amount:
        raise BadShare(amount)
    return amount


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _refused(found: PartWorth, why: str) -> None:
    log.warning("undoing refused", part=str(found.part.id), state=found.part.state, why=why)
