"""S6: servers and workers are killed again and again amid the work of a whole day."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.ops.counting import Count
from tests.ops.test_kill9 import rush
from tests.proofs.row import Result
from tests.proofs.stage import WORKERS, database_env


def kill_a_lot(database: str, rounds: int) -> Result:
    """The row of S6: so many kills of the shop as it is, and a few of a broken one."""
    with tempfile.TemporaryDirectory(prefix="shop-kill-") as folder:
        options = ["--workers", str(WORKERS)] if database == "postgresql" else []
        good = rush(Path(folder), rounds, *options, **database_env(database))
    with tempfile.TemporaryDirectory(prefix="shop-kill-") as folder:
        bad = rush(
            Path(folder), 4, "--no-jobs", module="tests.ops.broken_shop", kinds=("all",),
            **database_env(database),
        )  # fmt: skip
    worked = min(good.acked, good.handed_over, good.refunded, good.photos, good.mails, good.cut)
    return Result(
        "S6", f"kill -9 of web, workers or all at {rounds} moments",
        "0 lost, 0 doubled, each message sent and told apart by its id, check clean",
        database, _words(good), good.clean and worked > 0,
        bad.lost + bad.duplicates > 0,
        f"keyless and forgetful ({bad.lost} lost, {bad.duplicates} doubled)",
        f"{good.acked} orders, {good.handed_over} handed over, {good.refunded} refunded, "
        f"{good.photos} photos, {good.mails} mails, {good.cut} requests cut",
    )  # fmt: skip


def _words(count: Count) -> str:
    lost = (
        count.lost + count.unconfirmed + count.not_handed_over + count.not_refunded
        + count.photos_lost
    )  # fmt: skip
    said = (
        f"{lost} lost, {count.duplicates} doubled, {count.undone + count.mails_lost} unsent, "
        f"{count.mails_repeated} sent twice ({count.mails_unkeyed} under another id)"
    )
    return f"{said}; check: {count.faults[0]}" if count.faults else f"{said}, check clean"
