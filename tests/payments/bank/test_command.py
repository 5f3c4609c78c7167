"""`shop bank read`: by hand, without a database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shop.cli import main
from tests.payments.bank.papers import EXPECTED, SAMPLES


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(main, ["bank", "read", *arguments])
    return done.exit_code, json.loads(done.stdout or "{}")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_statement_is_printed_line_by_line(name: str):
    code, found = run(str(SAMPLES / name))
    assert code == 0
    for line, wanted in zip(found["lines"], EXPECTED[name]["lines"], strict=True):
        said = {key: value for key, value in wanted.items() if key != "contains"}
        assert {key: value for key, value in line.items() if key in wanted} == said
        assert ("time" in line, "balance" in line) == ("time" in wanted, "balance" in wanted)
        assert line["state"] == ("pending" if line["pending"] else "booked")


def test_a_fault_is_printed_with_its_line(tmp_path: Path):
    rows = (SAMPLES / "bsi.csv").read_bytes().splitlines(keepends=True)
    del rows[3]
    file = tmp_path / "mutasi.csv"
    file.write_bytes(b"".join(rows))
    done = CliRunner().invoke(main, ["bank", "read", str(file)])
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (found["fault"], found["line"]) == ("balance_mismatch", 4)
    assert found["message"] in done.stderr


def test_a_map_is_taken_from_a_file_or_as_it_is(tmp_path: Path):
    file, kept = tmp_path / "a.csv", tmp_path / "map.json"
    file.write_text("kapan,siapa,berapa\n2/11/2026,SITI,5\n", "utf-8")
    said = '{"day": "kapan", "description": "siapa", "amount": "berapa"}'
    kept.write_text(said, "utf-8")
    for given in (said, str(kept)):
        code, found = run(str(file), "--map", given)
        assert (code, found["bank"], found["lines"][0]["amount"]) == (0, "general", 5)
    assert run(str(file), "--map", '{"day": 1}')[1]["fault"] == "bad_map"
    assert run(str(file), "--map", str(tmp_path / "none.json"))[0] == 1


def test_what_is_set_aside_says_why(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("Tanggal;Uraian;Debet;Kredit\n1/11/26;A;0;12,50\n2/11/26;B;0;5\n", "utf-8")
    aside = run(str(file))[1]["set_aside"]
    assert [(one["line"], one["fault"], one["amount"]) for one in aside] == [
        (2, "not_whole_rupiah", "12.50")
    ]
    assert aside[0]["message"].startswith("Jumlahnya bukan rupiah bulat")


def test_the_name_of_the_file_says_nothing(tmp_path: Path):
    file = tmp_path / "mutasi BRI.xls"
    file.write_bytes((SAMPLES / "klikbca.csv").read_bytes())
    assert run(str(file))[1]["bank"] == "bca"


def test_no_database_is_made_or_asked(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "shop.cli", "bank", "read", str(SAMPLES / "bni.csv")],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "DATABASE_URL": "postgresql://nowhere/x",
        },
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["bank"] == "bni"
    assert list(tmp_path.iterdir()) == []
