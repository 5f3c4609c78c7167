"""`shop journal` prints the demo's journal as the programs of accountants take it."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shop.ledger.journal.export import Format
from tests.ledger.accountants import BOTH, Refused, balances, check
from tests.serving import free_port, shop_env

pytestmark = pytest.mark.slow


def shop(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = (sys.executable, "-m", "shop.cli", *arguments)
    return subprocess.run(command, env=env, capture_output=True, check=False)


def printed(env: dict[str, str], form: Format, *more: str) -> str:
    done = shop(env, "journal", "--format", form, *more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A shop filled with the demo; nobody serves it."""
    env = shop_env(tmp_path_factory.mktemp("demo"), free_port())
    done = shop(env, "demo")
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return env


def test_both_programs_accept_the_demo_and_agree_on_every_balance(
    demo: dict[str, str], tmp_path: Path
):
    table = printed(demo, Format.TRIAL_BALANCE_CSV)
    (*rows, total) = csv.DictReader(io.StringIO(table, newline=""))
    ours = {row["account"]: int(row["closing"]) for row in rows}
    assert len(ours) > 50
    assert total["closing"] == "0"
    assert "ok    running balances equal the sums" in shop(demo, "check").stdout.decode()
    for form in BOTH:
        text = printed(demo, form)
        check(form, text, tmp_path)
        assert balances(form, text, tmp_path) == ours
        with pytest.raises(Refused, match=r"(?i)balance"):
            check(form, a_rupiah_more(text), tmp_path)
    legs = list(csv.DictReader(io.StringIO(printed(demo, Format.CSV), newline="")))
    assert {leg["account"]: int(leg["balance"]) for leg in legs} == ours


def a_rupiah_more(text: str) -> str:
    """The journal with one leg of one entry a rupiah off."""
    leg = re.compile(r"(Income:Fee  )(-?\d+)")
    return leg.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", text, count=1)


def test_a_period_that_ends_before_it_begins_is_refused(demo: dict[str, str]):
    days = ("--from", "2026-11-02", "--to", "2026-11-01")
    done = shop(demo, "journal", "--format", "csv", *days)
    assert done.returncode == 2
    assert b"--to" in done.stderr
    assert done.stdout == b""


def test_a_month_of_the_demo_is_accepted_too(demo: dict[str, str], tmp_path: Path):
    days = ("--from", "2026-03-01", "--to", "2026-03-31")
    for form in BOTH:
        text = printed(demo, form, *days, "--names")
        check(form, text, tmp_path)
        assert "opening" in text
        assert "owner: " in text
