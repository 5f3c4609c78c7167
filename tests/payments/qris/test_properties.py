"""What holds for every code, and that another's program agrees."""

from __future__ import annotations

import qriskit
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from shop.payments.qris import MOST, BadQris, read, with_amount
from shop.payments.qris.tlv import BrokenTlv, Field, joined, split
from tests.payments.qris.codes import DYNAMIC, STATIC, changed, template

TAGS = st.integers(0, 99).map("{:02d}".format)
PRINTED = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=25)
FIELDS = st.lists(st.builds(Field, TAGS, st.text(min_size=1, max_size=99)), max_size=8)
SUMS = st.integers(1, MOST)


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """A sound static code with any name, accounts, and further fields."""
    account = template(
        t00=draw(PRINTED), t01=draw(digits(1, 19)), t02=draw(digits(1, 15)), t03="UMI"
    )
    values: dict[str, str | None] = {
        "t26": account,
        "t51": template(t00="ID.CO.QRIS.WWW", t02="ID" + draw(digits(13, 13)), t03="UKE"),
        "t52": draw(digits(4, 4)),
        "t59": draw(PRINTED),
        "t60": draw(PRINTED)[:15],
        "t61": draw(st.none() | digits(5, 5)),
        "t62": draw(st.none() | st.builds(lambda a, b: template(t03=a, t07=b), PRINTED, PRINTED)),
        "t80": draw(st.none() | st.builds(lambda a: template(t00=a), PRINTED)),
    }
    tip = draw(st.sampled_from([{}, {"t55": "01"}, {"t55": "02", "t56": "500"}]))
    return changed(**values, **tip)


@settings(deadline=None)
@given(FIELDS)
def test_fields_written_and_cut_again_are_the_same(fields: list[Field]):
    assert split(joined(fields)) == fields


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_cut_exactly_or_refused(text: str):
    try:
        whole = joined(split(text))
    except BrokenTlv as broken:
        whole = joined(broken.fields) + text[len(joined(broken.fields)) :]
    assert whole == text


@settings(deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda b: b.decode("latin-1")))
@example("000201" + "\u0662\u0663" * 4)
@example("00020163040000")
def test_any_text_is_read_or_refused_by_name(text: str):
    for tried in (text, "000201" + text, STATIC[:-8] + text, STATIC + text):
        try:
            read(tried)
        except BadQris:
            continue


@settings(deadline=None)
@given(codes(), SUMS)
def test_the_amount_is_set_and_nothing_else_changes(code: str, rupiah: int):
    before, after = read(code), read(with_amount(read(code), rupiah))
    assert (after.dynamic, after.amount, after.tip) == (True, rupiah, {})
    own = ("01", "54", "55", "56", "57", "63")
    kept = [field for field in before.fields if field.tag not in own]
    assert [field for field in after.fields if field.tag not in own] == kept
    assert (after.name, after.city, after.nmid, after.accounts) == (
        before.name,
        before.city,
        before.nmid,
        before.accounts,
    )


@settings(deadline=None)
@given(codes(), SUMS)
def test_another_program_makes_the_same_code(code: str, rupiah: int):
    assert qriskit.is_valid(code)
    assert with_amount(read(code), rupiah) == qriskit.parse(code).to_dynamic(rupiah).dumps()


@settings(deadline=None)
@given(st.integers(0, len(DYNAMIC) - 1), st.characters())
def test_what_we_accept_another_program_accepts(place: int, other: str):
    text = DYNAMIC[:place] + other + DYNAMIC[place + 1 :]
    try:
        read(text)
    except BadQris:
        return
    assume(other != "\ufeff")
    assert qriskit.is_valid(text)
