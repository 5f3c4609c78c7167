"""`shop qris`: codes by hand, without a shop or a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from shop.cli import main
from tests.payments.qris.codes import DYNAMIC, STATIC, VECTORS, changed
from tests.payments.qris.photos import sticker
from tests.photos import lively, saved


def run(*words: str) -> Result:
    """No configuration is there to be read: a database address that cannot be understood."""
    return CliRunner().invoke(main, ["qris", *words], env={"DATABASE_URL": "none"})


def refused(result: Result) -> dict[str, Any]:
    assert result.exit_code == 1
    return json.loads(result.output)


def test_a_sound_code_is_printed_by_name_and_by_tag():
    result = run("read", STATIC)
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["merchant_name"] == "DAPUR CONTOH PENYENGAT"
    assert (found["nmid"], found["mcc"], found["amount"]) == ("ID1000000000001", "5499", None)
    assert found["kind"] == "valid_qris_static"
    assert found["parsed"] == VECTORS["tpi-static-synthetic"]["parsed"]


@pytest.mark.parametrize("name", sorted(VECTORS))
def test_every_vector_is_printed_as_it_says(name: str):
    vector = VECTORS[name]
    result = run("read", vector["payload"])
    found = json.loads(result.output)
    keys = ("kind", "payload_len", "crc_in_payload", "crc_computed", "crc_ok", "parsed")
    assert {key: found[key] for key in keys} == {key: vector[key] for key in keys}
    assert result.exit_code == ("fault" in found)
    assert ("fault" in found) == (not vector["kind"].startswith("valid_qris"))


def test_a_fault_is_printed_by_name_in_words_and_with_its_place():
    found = refused(run("read", changed(t61="29")))
    assert (found["fault"], found["tag"]) == ("bad_field", "61")
    assert found["message"].endswith("(bagian 61)")
    assert refused(run("read", "halo"))["fault"] == "not_qris"
    assert refused(run("read", ""))["fault"] == "not_qris"
    assert refused(run("read", STATIC[:99]))["parsed"] is None


def test_a_picture_is_read_by_its_name(tmp_path: Path):
    path = tmp_path / "qris foto.jpg"
    path.write_bytes(saved(sticker(STATIC), "JPEG"))
    assert json.loads(run("read", str(path)).output)["payload"] == STATIC
    assert run("amount", str(path), "47123").output == f"{DYNAMIC}\n"
    path.write_bytes(saved(lively(300, 300), "JPEG"))
    assert refused(run("read", str(path)))["fault"] == "no_code_found"
    path.write_bytes(b"halo")
    assert refused(run("read", str(path)))["fault"] == "not_an_image"
    missing = run("read", str(tmp_path / "lain.png"))
    assert missing.exit_code == 1
    assert "there is no file" in missing.output


def test_the_amount_is_set():
    result = run("amount", STATIC, "47123")
    assert (result.exit_code, result.output) == (0, f"{DYNAMIC}\n")


@pytest.mark.parametrize(
    ("code", "rupiah", "fault"),
    [
        (STATIC, "0", "bad_amount"),
        (STATIC, "-5", "bad_amount"),
        (STATIC, "47.123", "bad_amount"),
        (STATIC, "1,5", "bad_amount"),
        (STATIC, "seribu", "bad_amount"),
        (STATIC, "９", "bad_amount"),
        (STATIC, "", "bad_amount"),
        (STATIC, "10000001", "over_limit"),
        (STATIC, "9" * 40, "over_limit"),
        (DYNAMIC, "1000", "already_dynamic"),
        (VECTORS["neg-crc-zeros"]["payload"], "1000", "invalid_crc"),
        (VECTORS["neg-duplicate-tag"]["payload"], "1000", "invalid_duplicate"),
        (VECTORS["emvco-spec-sample"]["payload"], "1000", "other_country"),
    ],
)
def test_what_must_be_refused_is_refused_by_name(code: str, rupiah: str, fault: str):
    assert refused(run("amount", code, rupiah))["fault"] == fault


def test_a_refused_amount_says_what_the_code_itself_is():
    assert refused(run("amount", STATIC, "0"))["kind"] == "valid_qris_static"
    assert refused(run("amount", DYNAMIC, "9"))["kind"] == "valid_qris_dynamic"
