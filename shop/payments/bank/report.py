"""A statement as plain data, for JSON."""

from __future__ import annotations

from typing import Any

from shop.payments.bank.faults import BadStatement
from shop.payments.bank.statement import Line, SetAside, Statement


def as_read(statement: Statement) -> dict[str, Any]:
    """Everything that was understood; what a line does not say is left out of it."""
    return {
        "bank": statement.bank,
        "channel": statement.channel or None,
        "account": statement.account or None,
        "currency": statement.currency,
        "lines": [_line(line) for line in statement.lines],
        "set_aside": [_aside(line) for line in statement.set_aside],
    }


def as_refused(refused: BadStatement) -> dict[str, Any]:
    """The fault by its name, with its line and what stands there."""
    return {
        "fault": refused.fault.value,
        "line": refused.line,
        "found": refused.found or None,
    }


def _line(line: Line) -> dict[str, Any]:
    found: dict[str, Any] = {"line": line.number, "date": line.booked_on.isoformat()}
    if line.time is not None:
        found["time"] = line.time.isoformat("seconds")
    found |= {"amount": line.amount, "description": line.description}
    if line.balance is not None:
        found["balance"] = line.balance
    found |= {"state": "pending" if line.pending else "booked", "pending": line.pending}
    if line.sequence:
        found["sequence"] = line.sequence
    found["fingerprint"] = line.fingerprint
    if line.qris:
        found["qris"] = {
            "mid": line.qris.mid,
            "gross": line.qris.gross,
            "fee": line.qris.fee,
        }
    return found


def _aside(line: SetAside) -> dict[str, Any]:
    return {
        "line": line.number,
        "fault": line.reason.value,
        "date": line.booked_on.isoformat(),
        "amount": f"{line.amount:f}",
        "currency": line.currency,
        "description": line.description,
    }
