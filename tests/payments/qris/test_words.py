"""Each fault has words of its own, in both languages."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

from shop.payments.qris import BadQris, QrisFault, read
from shop.payments.qris.words import fault_message, whose
from tests.payments.qris.codes import STATIC, changed


def test_each_fault_says_what_it_is_and_what_to_do(app: Flask):
    said: set[str] = set()
    with app.test_request_context():
        for code in ("id", "en"):
            with force_locale(code):
                said |= {fault_message(BadQris(fault)) for fault in QrisFault}
    assert len(said) == 2 * len(QrisFault)
    assert all(words.count(".") >= 1 and words.endswith(".") for words in said)


def test_a_fault_within_the_code_says_where(app: Flask):
    with app.test_request_context():
        assert fault_message(BadQris(QrisFault.BAD_FIELD, "61")).endswith("(bagian 61)")


def test_a_code_is_named_by_name_city_and_national_id(app: Flask):
    with app.test_request_context():
        assert whose(read(STATIC)) == "DAPUR CONTOH PENYENGAT, TANJUNGPINANG, NMID ID1000000000001"
        assert whose(read(changed(t51=None))).endswith("TANJUNGPINANG, tanpa NMID")
