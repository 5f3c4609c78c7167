"""The same code with an amount: exactly that sum, everything else as it was."""

from __future__ import annotations

from typing import Any

import pytest

from shop.payments.qris import MOST, BadQris, check_offered, read, with_amount
from shop.payments.qris.faults import QrisFault as F
from shop.payments.qris.tlv import Field, split
from tests.payments.qris.codes import DYNAMIC, STATIC, changed, sealed


def refused(code: str, rupiah: Any) -> F:
    with pytest.raises(BadQris) as caught:
        with_amount(read(code), rupiah)
    return caught.value.fault


def test_the_published_pair():
    assert with_amount(read(STATIC), 47_123) == DYNAMIC


def test_the_amount_goes_before_the_country_and_nothing_else_moves():
    tags = [field.tag for field in split(with_amount(read(STATIC), 1))]
    assert tags == ["00", "01", "26", "51", "52", "53", "54", "58", "59", "60", "61", "62", "63"]


def test_a_code_in_another_order_keeps_it():
    fields = split(STATIC)[:-1]
    mixed = [*fields[:4], *fields[6:], Field("64", "0002ID0101A"), fields[4], fields[5]]
    made = split(with_amount(read(sealed(mixed)), 500))
    assert [field for field in made if field.tag not in ("01", "54", "63")] == [
        field for field in mixed if field.tag != "01"
    ]
    assert [f.tag for f in made][:6] == ["00", "01", "26", "51", "54", "58"]


def test_a_country_code_within_a_name_confuses_nothing():
    code = changed(t59="WARUNG 5802ID 6304ABCD")
    made = read(with_amount(read(code), 1_000))
    assert (made.name, made.amount) == ("WARUNG 5802ID 6304ABCD", 1_000)


def test_small_letters_in_the_check_sum_become_capitals():
    assert with_amount(read(STATIC[:-4] + STATIC[-4:].lower()), 47_123) == DYNAMIC


def test_where_nothing_said_static_dynamic_is_said_after_the_first_tag():
    assert with_amount(read(changed(t01=None)), 47_123) == DYNAMIC


@pytest.mark.parametrize(
    "tip",
    [
        {"t55": "01"},
        {"t55": "02", "t56": "1000"},
        {"t55": "03", "t57": "2.5"},
        {"t54": "5000"},
        {"t54": "5000", "t55": "02", "t56": "500"},
    ],
)
def test_a_fee_for_the_buyer_or_another_amount_is_dropped(tip: dict[str, str]):
    assert with_amount(read(changed(**tip)), 47_123) == DYNAMIC


@pytest.mark.parametrize("rupiah", [0, -1, 1.5, 47_123.0, "47123", True, None])
def test_only_whole_rupiah_from_one_up(rupiah: object):
    assert refused(STATIC, rupiah) is F.BAD_AMOUNT


def test_the_limit_is_the_central_banks():
    assert read(with_amount(read(STATIC), MOST)).amount == 10_000_000
    assert refused(STATIC, MOST + 1) is F.OVER_LIMIT


def test_a_code_for_one_payment_is_not_given_another_sum():
    assert refused(DYNAMIC, 1_000) is F.ALREADY_DYNAMIC
    assert refused(changed(DYNAMIC, t54=None), 1_000) is F.ALREADY_DYNAMIC


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (DYNAMIC, F.ALREADY_DYNAMIC),
        (changed(t54="5000"), F.ALREADY_DYNAMIC),
        (changed(t55="01"), F.HAS_TIP),
        (changed(t55="02", t56="1000"), F.HAS_TIP),
        (changed(t57="1"), F.HAS_TIP),
    ],
)
def test_such_a_code_is_not_shown_to_buyers_as_it_is(code: str, fault: F):
    with pytest.raises(BadQris) as caught:
        check_offered(read(code))
    assert caught.value.fault is fault


def test_a_plain_static_code_is():
    check_offered(read(STATIC))
