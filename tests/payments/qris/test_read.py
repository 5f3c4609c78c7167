"""A code is read strictly: what is not certain is refused by name."""

from __future__ import annotations

import string
from decimal import Decimal

import pytest

from shop.payments.qris import BadQris, QrisFault, read
from shop.payments.qris.faults import QrisFault as F
from shop.payments.qris.report import as_read, as_written, kind
from shop.payments.qris.tlv import Field, crc, split
from tests.payments.qris.codes import DYNAMIC, STATIC, VECTORS, changed, sealed, template

NAMES = sorted(VECTORS)
FAULTS = {
    "emvco-spec-sample": F.OTHER_COUNTRY,
    "neg-crc-zeros": F.INVALID_CRC,
    "neg-amount-tampered": F.INVALID_CRC,
    "neg-duplicate-tag": F.INVALID_DUPLICATE,
    "tpi-dynamic-over-limit": F.OVER_LIMIT,
}


def refused(text: str) -> tuple[QrisFault, str]:
    """Why `text` is refused, and where."""
    with pytest.raises(BadQris) as caught:
        read(text)
    assert caught.value.text in text
    return caught.value.fault, caught.value.tag


def test_the_check_sum_is_the_published_one():
    assert crc("123456789") == "29B1"


@pytest.mark.parametrize("name", NAMES)
def test_every_vector_is_read_or_refused_as_it_says(name: str):
    vector = VECTORS[name]
    if name not in FAULTS:
        assert kind(read(vector["payload"])) == vector["kind"]
        return
    assert refused(vector["payload"])[0] is FAULTS[name]
    assert kind(FAULTS[name]) == vector["kind"]


@pytest.mark.parametrize("name", NAMES)
def test_every_vector_is_taken_apart_as_it_says(name: str):
    vector = VECTORS[name]
    keys = ("payload", "payload_len", "crc_in_payload", "crc_computed", "crc_ok", "parsed")
    assert as_written(vector["payload"]) == {key: vector[key] for key in keys}


def test_a_code_says_whose_it_is():
    code = read(STATIC)
    assert (code.name, code.city, code.postcode) == (
        "DAPUR CONTOH PENYENGAT",
        "TANJUNGPINANG",
        "29114",
    )
    assert (code.nmid, code.criteria, code.mcc) == ("ID1000000000001", "UMI", "5499")
    assert (code.country, code.currency) == ("ID", "360")
    assert [(a.tag, a.guid, a.pan) for a in code.accounts] == [
        ("26", "ID.CO.CONTOH.WWW", "936000000000000012"),
        ("51", "ID.CO.QRIS.WWW", None),
    ]
    assert code.additional == {"07": "A01"}
    assert (code.dynamic, code.amount, code.tip) == (False, None, {})
    assert code.is_sample
    assert not read(VECTORS["qris-static-toko-contoh"]["payload"]).is_sample


@pytest.mark.parametrize(
    ("stated", "amount", "plain"),
    [
        ("47123", Decimal(47123), 47123),
        ("47123.00", Decimal(47123), 47123),
        ("47123.50", Decimal("47123.5"), "47123.50"),
        ("1", Decimal(1), 1),
        ("10000000.00", Decimal(10_000_000), 10_000_000),
    ],
)
def test_an_amount_may_carry_sen(stated: str, amount: Decimal, plain: int | str):
    code = read(changed(DYNAMIC, t54=stated))
    assert (code.dynamic, code.amount) == (True, amount)
    assert as_read(code)["amount"] == plain


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ("0", F.BAD_AMOUNT),
        ("0.00", F.BAD_AMOUNT),
        ("1,5", F.BAD_AMOUNT),
        ("-1", F.BAD_AMOUNT),
        ("1.", F.BAD_AMOUNT),
        ("1.005", F.BAD_AMOUNT),
        (".5", F.BAD_AMOUNT),
        ("1e3", F.BAD_AMOUNT),
        ("１００", F.BAD_AMOUNT),
        ("00000000000001", F.BAD_AMOUNT),
        ("10000000.01", F.OVER_LIMIT),
        ("9999999999999", F.OVER_LIMIT),
    ],
)
def test_a_senseless_amount_is_refused(stated: str, fault: QrisFault):
    assert refused(changed(DYNAMIC, t54=stated)) == (fault, "54")


def test_any_changed_character_is_refused():
    """Each place, each printable character; only the case of the check sum's letters is free."""
    for place, was in enumerate(STATIC):
        for other in string.printable[:95]:
            if other == was or (place >= len(STATIC) - 4 and other.upper() == was):
                continue
            with pytest.raises(BadQris):
                read(STATIC[:place] + other + STATIC[place + 1 :])


def test_any_lost_end_is_refused_as_cut_off():
    for length in range(6, len(STATIC)):
        assert refused(STATIC[:length])[0] is F.TRUNCATED, length


def test_any_two_neighbours_exchanged_are_refused():
    for at in range(len(STATIC) - 1):
        one, other = STATIC[at : at + 2]
        if one != other:
            with pytest.raises(BadQris):
                read(STATIC[:at] + other + one + STATIC[at + 2 :])


def test_the_check_sum_may_be_in_small_letters():
    assert read(STATIC[:-4] + STATIC[-4:].lower()).name == "DAPUR CONTOH PENYENGAT"


@pytest.mark.parametrize("around", [" {}", "{}\r\n", "\ufeff{}", "\u00a0{}\t"])
def test_blanks_around_a_pasted_code_do_not_matter(around: str):
    assert read(around.format(STATIC)) == read(STATIC)


@pytest.mark.parametrize(
    "text", ["", " ", "0002", "https://pelantar.example/", "WIFI:S:a;;", STATIC[6:], "0002029" * 9]
)
def test_other_texts_are_no_qris(text: str):
    assert refused(text) == (F.NOT_QRIS, "")


def test_a_code_without_check_sum_is_cut_off():
    assert refused(STATIC[:-8]) == (F.TRUNCATED, "63")


def test_nothing_may_follow_the_check_sum():
    assert refused(STATIC + "5802ID") == (F.BAD_ORDER, "63")
    assert refused(STATIC + "abc")[0] is F.BAD_ORDER


def test_a_wrong_length_under_a_fitting_check_sum_is_told_as_such():
    body = STATIC[:-4].replace("52045499", "52035499")
    assert refused(body + crc(body))[0] is F.BAD_LENGTH
    body = STATIC[:-4].replace("61052911462", "6100" + "62")
    assert refused(body + crc(body))[0] is F.BAD_LENGTH


def test_a_code_no_app_must_take_is_refused():
    long = {f"t{tag}": template(t00="A" * 95) for tag in ("80", "81", "82")}
    assert read(changed(**long | {"t82": template(t00="A" * 60)}))
    assert refused(changed(**long)) == (F.BAD_LENGTH, "")


@pytest.mark.parametrize("value", ["0003ABCD", "00", "AB01X", "0000", "07"])
def test_a_broken_template_is_told_with_its_place(value: str):
    assert refused(changed(t62=value)) == (F.BAD_LENGTH, "62")
    assert refused(changed(t51=value)) == (F.BAD_LENGTH, "51")


def test_a_tag_twice_is_refused_within_a_template_too():
    twice = [*split(STATIC)[:-1], Field("59", "WARUNG LAIN")]
    assert refused(sealed(twice)) == (F.INVALID_DUPLICATE, "59")
    assert refused(changed(t62="0703A010703A02")) == (F.INVALID_DUPLICATE, "62.07")


@pytest.mark.parametrize(
    ("change", "fault", "tag"),
    [
        ({"t58": "MY"}, F.OTHER_COUNTRY, "58"),
        ({"t58": "id"}, F.OTHER_COUNTRY, "58"),
        ({"t53": "458"}, F.OTHER_CURRENCY, "53"),
        ({"t26": None, "t51": None}, F.NO_ACCOUNT, ""),
        ({"t26": None, "t51": None, "t02": "4111111111111111"}, F.NO_ACCOUNT, ""),
        ({"t52": None}, F.MISSING_FIELD, "52"),
        ({"t53": None}, F.MISSING_FIELD, "53"),
        ({"t58": None}, F.MISSING_FIELD, "58"),
        ({"t59": None}, F.MISSING_FIELD, "59"),
        ({"t60": None}, F.MISSING_FIELD, "60"),
        ({"t26": template(t01="93600000")}, F.MISSING_FIELD, "26.00"),
        ({"t01": "13"}, F.BAD_FIELD, "01"),
        ({"t52": "549"}, F.BAD_FIELD, "52"),
        ({"t52": "５４９９"}, F.BAD_FIELD, "52"),
        ({"t55": "04"}, F.BAD_FIELD, "55"),
        ({"t56": "seribu"}, F.BAD_FIELD, "56"),
        ({"t57": "100.00"}, F.BAD_FIELD, "57"),
        ({"t59": "A" * 26}, F.BAD_FIELD, "59"),
        ({"t60": "A" * 16}, F.BAD_FIELD, "60"),
        ({"t61": "2911"}, F.BAD_FIELD, "61"),
        ({"t26": template(t00="A" * 33)}, F.BAD_FIELD, "26.00"),
        ({"t26": template(t00="A", t01="1" * 20)}, F.BAD_FIELD, "26.01"),
        ({"t26": template(t00="A", t02="1" * 16)}, F.BAD_FIELD, "26.02"),
        ({"t26": template(t00="A", t03="umi")}, F.BAD_FIELD, "26.03"),
        ({"t51": template(t00="ID.CO.QRIS.WWW", t02="ID123")}, F.BAD_FIELD, "51.02"),
        ({"t51": template(t00="id.co.qris.www", t02="MY1000000000001")}, F.BAD_FIELD, "51.02"),
        ({"t62": template(t05="R" * 26)}, F.BAD_FIELD, "62.05"),
        ({"t64": template(t00="zho")}, F.BAD_FIELD, "64.00"),
        ({"t59": "DAPUR\u202eHOTNOC"}, F.BAD_CHARACTERS, "59"),
        ({"t60": "TANJUNG\nPINANG"}, F.BAD_CHARACTERS, ""),
    ],
)
def test_each_fault_has_its_name(change: dict[str, str | None], fault: QrisFault, tag: str):
    assert refused(changed(**change)) == (fault, tag)


def test_half_a_character_is_refused_and_not_a_crash():
    assert refused(STATIC[:-4] + "\udcff" + STATIC[-4:]) == (F.BAD_CHARACTERS, "")
    assert as_written("\udcff6304ABCD")["crc_ok"] is False


@pytest.mark.parametrize("tag", ["26", "45", "51"])
def test_one_account_is_enough_and_the_national_id_may_be_in_any(tag: str):
    national = template(t00="ID.CO.QRIS.WWW", t02="ID1000000000001", t03="UKE")
    code = read(changed(**{"t26": None, "t51": None, f"t{tag}": national}))
    assert (code.nmid, code.criteria) == ("ID1000000000001", "UKE")
    assert read(changed(t51=None)).nmid is None


def test_without_saying_so_a_code_is_for_many_payments():
    assert read(changed(t01=None)).dynamic is False


def test_a_length_counts_characters_and_the_check_sum_bytes():
    code = read(changed(t59="KEDAI RÓHANA", t64=template(t00="ZH", t01="最佳运输", t02="北京")))
    assert code.name == "KEDAI RÓHANA"
    assert as_read(code)["parsed"]["64"]["01"] == "最佳运输"


def test_the_order_between_first_and_last_is_free():
    fields = split(STATIC)[:-1]
    code = read(sealed([fields[0], *reversed(fields[1:])]))
    assert (code.name, code.nmid) == ("DAPUR CONTOH PENYENGAT", "ID1000000000001")
