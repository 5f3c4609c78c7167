"""The rows of the table: each proof on one database, beside the bug that must make it fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from tests.proofs import bank as bank_round
from tests.proofs import differences, faults, invariants, lossy, rushes, walks
from tests.proofs import power_cut as power
from tests.proofs import webhooks as providers
from tests.proofs.kills import kill_a_lot
from tests.proofs.payouts import kill_the_job
from tests.proofs.row import Result
from tests.proofs.rushes import Sale
from tests.proofs.stage import Shop, served

PAYOUT_KILLS = 50
MESSAGES, LIVES, STEPS = 290, 1_000, 50
KILLS = int(os.environ.get("SHOP_KILL_ROUNDS", "200"))
_RUSHES: tuple[tuple[str, Callable[[Shop], Sale], tuple[int, int, int]], ...] = (
    ("200 buyers, the last 20 pieces", rushes.last_pieces, (20, 180, 0)),
    ("two lines share one stock", rushes.two_lines, (20, 180, 0)),
    ("reservations expire meanwhile", rushes.while_they_expire, (20, 180, 10)),
    ("cancellations return stock", rushes.while_some_cancel, (10, 190, 10)),
)
"""What it is, how it is done; new orders, clear refusals and freed pieces there must be."""


def last_pieces(database: str) -> Iterator[Result]:
    """S1: nothing is sold twice."""
    with served(database) as shop:
        sales = [rush(shop) for _, rush, _ in _RUSHES]
    with served(database, planted="naive") as shop:
        bad = [rush(shop) for _, rush, _ in _RUSHES]
    for (what, _, right), sale, broken in zip(_RUSHES, sales, bad, strict=True):
        orders, refused, freed = right
        yield Result(
            "S1", what,
            f"{sale.stock} sold, 0 oversold, {refused} clear refusals, 0 errors",
            database, sale.words(), sale.is_right(*right),
            not broken.is_right(*right), f"naive reservation ({broken.sold} sold)",
            f"{orders} new orders, {freed} pieces freed",
        )  # fmt: skip


def one_key(database: str) -> Iterator[Result]:
    """S2: one form makes one order."""
    with served(database) as shop:
        orders, pages, others = rushes.one_key(shop)
    with served(database, planted="forgetful") as shop:
        many, _, _ = rushes.one_key(shop)
    yield Result(
        "S2", "50 presses of one form at once", "1 order, 1 page, 0 other answers", database,
        f"{orders} order, {pages} page, {others} other answers",
        (orders, pages, others) == (1, 1, 0),
        many > 1, f"key forgotten ({many} orders)", "50 answers",
    )  # fmt: skip


def shared_stock(database: str) -> Iterator[Result]:
    """S3: two lines of one thing, and baskets in opposite order."""
    with served(database) as shop:
        lines, baskets = rushes.two_lines(shop), rushes.opposite_baskets(shop)
    with served(database, planted="unmerged") as shop:
        apart = rushes.two_lines(shop, buyers=20)
    with served(database, planted="unsorted") as shop:
        crossed = rushes.opposite_baskets(shop, baskets=24)
    yield Result(
        "S3", "one product on 2 lines, 200 buyers", "0 oversold, 0 errors", database,
        lines.words(), lines.is_right(20, 180), not apart.is_right(10, 10) and apart.broken > 0,
        f"lines not added up ({apart.broken} errors)", f"{lines.orders} orders",
    )  # fmt: skip
    deadlocked = crossed.broken > 0
    yield Result(
        "S3", "200 baskets in opposite order", "200 orders, 0 deadlocks", database,
        baskets.words(), baskets.is_right(200, 0),
        deadlocked if database == "postgresql" else None,
        f"unsorted ({crossed.broken} deadlocks)" if database == "postgresql"
        else "one writer cannot deadlock",
        f"{baskets.orders} orders",
    )  # fmt: skip


def lossy_line(database: str) -> Iterator[Result]:
    """S4: three of ten requests or answers are swallowed."""
    with served(database) as shop:
        good = lossy.buy_over_a_lossy_line(shop)
        findings = shop.faults()
    with served(database, planted="forgetful") as shop:
        bad = lossy.buy_over_a_lossy_line(shop)
    yield Result(
        "S4", "200 intents over a line that loses 30 %", "0 duplicates, 0 lost", database,
        f"{good.duplicates} duplicates, {good.lost} lost, {good.given_up} given up",
        (good.duplicates, good.lost, good.given_up) == (0, 0, 0) and not findings,
        bad.duplicates > 0, f"key forgotten ({bad.duplicates} duplicates)",
        f"{good.cut} swallowed, {good.intents} orders",
    )  # fmt: skip


def webhooks(database: str) -> Iterator[Result]:
    """S5: providers' messages come often, out of order, at once, and forged."""
    good = providers.deliver(database, MESSAGES)
    bad = providers.deliver(database, 25, naive=True)
    faults = f", check: {good.faults[0]}" if good.faults else ", check clean"
    yield Result(
        "S5", f"2 × {MESSAGES} messages of Stripe and Midtrans, 5 times each, shuffled, 8 at once",
        "difference Rp0, 0 of 7 forged kinds taken from either", database,
        f"difference Rp{good.difference}, {good.accepted} of {good.kinds} forged taken, "
        f"{good.other_answers} other answers{faults}",
        good.is_right and good.kinds == 14,
        bad.difference > 0 and bad.accepted > 10,
        f"by event id alone, unsigned (Rp{bad.difference:,}, {bad.accepted} taken)",
        f"{good.deliveries} deliveries, {good.payments} payments",
    )  # fmt: skip


def lives(database: str) -> Iterator[Result]:
    """S10: whatever happens to money in whatever order, a model says the same."""
    walked = walks.walk(database, LIVES, STEPS)
    found = walks.finds_a_rupiah(database)
    yield Result(
        "S10", f"{LIVES:,} random lives of the books, {STEPS} steps each, beside a model",
        "0 differences", database, walked.words, walked.is_right(LIVES),
        found, "a rupiah of some fees is booked twice",
        f"{walked.lives} lives, {walked.steps} steps",
    )  # fmt: skip


def thirteen(database: str) -> Iterator[Result]:
    """S11: what must be true of money is, and is seen where it is not."""
    proved, kinds = invariants.prove(database), len(invariants.INVARIANTS)
    yield Result(
        "S11", "invariants I1–I13 of a shop where everything happened", "13 of 13 hold", database,
        "; ".join([f"{proved.held} of {kinds} hold", *proved.wrong]),
        (proved.held, kinds) == (13, 13),
        proved.can_break == kinds, f"each broken by itself ({proved.can_break} seen)",
        f"{proved.looked_at} rows looked at",
    )  # fmt: skip


def kills(database: str) -> Iterator[Result]:
    """S6: kill -9 amid orders, hand-overs, refunds, photos and mail."""
    yield kill_a_lot(database, KILLS)


def power_cut(database: str) -> Iterator[Result]:
    """S7: what was acknowledged is on the disk."""
    cut = power.cut_sqlite if database == "sqlite" else power.cut_postgresql
    safe, careless = cut(), cut(careless=True)
    bug = "synchronous=NORMAL" if database == "sqlite" else "synchronous_commit=off"
    yield Result(
        "S7", "power cut after 3,000 commits", "0 acknowledged commits lost", database,
        f"{safe.lost} lost", safe.lost == 0,
        careless.lost > 0, f"{bug} ({careless.lost} lost)", f"{safe.acked} commits",
    )  # fmt: skip


def statement_faults(database: str) -> Iterator[Result]:
    """S8: a fault at every statement."""
    broken = faults.break_everywhere(database)
    swallowed = faults.break_everywhere(database, swallowing=True)[0]
    for case in broken:
        bug = case.name == "checkout"
        yield Result(
            "S8", f"a fault at each statement of: {case.name}", "0 half done, 0 findings",
            database,
            f"{case.left} half done, {case.silent} unsaid, {case.findings} findings",
            case.is_right,
            swallowed.left > 0 if bug else None,
            f"fault swallowed ({swallowed.left} half done)" if bug else "",
            f"{case.injected} faults at {case.statements} statements, then it "
            f"{'succeeds' if case.succeeded else 'FAILS'}",
        )  # fmt: skip


def bank(database: str) -> Iterator[Result]:
    """S9: money goes round, and none is made or lost."""
    good, naive = bank_round.go_round(database), bank_round.go_round(database, 5, naive=True)
    yield Result(
        "S9", "bank test, 30 s, 8 clerks and 2 readers", "0 wrong reads, drift 0", database,
        f"{good.wrong_reads} wrong reads, drift {good.drift}, {good.failed} failed",
        (good.wrong_reads, good.drift, good.failed) == (0, 0, 0)
        and good.transfers > 100 and good.reads > 100,
        naive.drift > 0 and naive.wrong_reads > 0, f"read, then write (drift {naive.drift:,})",
        f"{good.transfers} transfers, {good.reads} reads",
    )  # fmt: skip


def payouts(database: str) -> Iterator[Result]:
    """PAY: a seller is paid once, however often the job that pays her is killed."""
    good, bad = kill_the_job(database, PAYOUT_KILLS), kill_the_job(database, 10, keyless=True)
    faults = f", check: {good.faults[0]}" if good.faults else ", check clean"
    yield Result(
        "PAY", f"kill -9 of the payout job at {good.kills} moments", "0 paid twice, 0 unpaid",
        database, f"{good.twice} paid twice, {good.unpaid} unpaid{faults}",
        good.is_right and good.amid > good.kills // 4,
        bad.twice > 0, f"no key, no look ({bad.twice} paid twice)",
        f"{good.payouts} payouts, {good.amid} kills amid work",
    )  # fmt: skip


def reconciliation(database: str) -> Iterator[Result]:
    """S12: what does not agree between ledger, orders, providers and bank is found."""
    seen = differences.look(database)
    kinds = len(differences.PLANTS)
    yield Result(
        "S12", "differences planted in a reconciled shop", "20 of 20 kinds found, 0 false alarms",
        database, f"{seen.found} of {kinds} kinds found, {seen.clean} false alarms",
        (seen.found, kinds, seen.clean) == (20, 20, 0),
        seen.by_balance < kinds, f"comparing balances only ({seen.by_balance} found)",
        f"{kinds} kinds planted",
    )  # fmt: skip
