"""Sellers, members, participants and accounts of the demo."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import phonenumbers

import shop.demo
from shop.core.clock import local_day
from shop.demo.events import SellerApproved
from shop.demo.orders import Fate
from shop.demo.plan import Plan
from shop.demo.source import zone_of_kelurahan
from tests.demo.conftest import TODAY


def test_sellers_are_of_all_kinds(plan: Plan) -> None:
    kinds = Counter(seller.kind for seller in plan.sellers)
    assert (kinds["individual"], kinds["group"], kinds["cooperative"]) == (24, 4, 2)
    sizes = {kind: sorted(len(s.members) for s in plan.sellers if s.kind == kind) for kind in kinds}
    assert all(5 <= size <= 10 for size in sizes["group"])
    assert max(sizes["cooperative"]) == 8
    places = {seller.kelurahan for seller in plan.sellers}
    assert places <= zone_of_kelurahan().keys()


def test_groups_say_how_they_share(plan: Plan) -> None:
    for seller in plan.sellers:
        assert (seller.share_basis is None) == (seller.kind == "individual")
        assert {member.role for member in seller.members} >= (
            {"owner"} if seller.kind == "individual" else {"manager", "treasurer", "member"}
        )


def test_two_are_new_and_one_of_them_waits(plan: Plan) -> None:
    new = [s for s in plan.sellers if (TODAY - s.joined_on).days < 7]
    assert sorted(s.waiting for s in new) == [False, True]
    waiting = [one for one in plan.listings if not one.approved]
    assert [one.seller for one in waiting] == [s.slug for s in new if s.waiting]
    approved = {e.seller for e in plan.events() if isinstance(e, SellerApproved)}
    assert approved == {s.slug for s in plan.sellers if not s.waiting}


def test_cohorts_hold_graduates_and_those_who_left(plan: Plan) -> None:
    people = [person for cohort in plan.cohorts for person in cohort.participants]
    assert (len(plan.agencies), len(plan.courses), len(plan.cohorts)) == (2, 4, 6)
    assert sum(person.finished_on is not None for person in people) == 86
    assert all((p.finished_on is None) == (p.left_because is not None) for p in people)
    assert all((p.baseline_income is None) == (p.baseline_kind is None) for p in people)
    assert {person.baseline_kind for person in people} == {"measured", "recalled", None}
    assert len({person.name for person in people}) == len(people)
    for cohort in plan.cohorts:
        assert sorted(set(cohort.sessions)) == list(cohort.sessions)
        for person in cohort.participants:
            enough = len(person.missed) * 5 <= len(cohort.sessions)
            assert enough == (person.finished_on is not None)


def test_members_who_were_trained_are_among_the_graduates(plan: Plan) -> None:
    graduates = {p.name for c in plan.cohorts for p in c.participants if p.finished_on}
    trained = {m.name for s in plan.sellers for m in s.members if m.cohort}
    everybody = {m.name for s in plan.sellers for m in s.members}
    assert trained < graduates
    assert len(trained) * 2 > len(everybody)


def test_one_of_each_can_sign_in(plan: Plan) -> None:
    by_role = Counter((one.role, one.seller is not None) for one in plan.sign_ins)
    assert by_role == Counter(
        [("owner", True), ("treasurer", True), ("manager", True)]
        + [(role, False) for role in ("manager", "facilitator", "finance", "auditor", "admin")]
    )
    members = {(s.slug, m.phone) for s in plan.sellers for m in s.members}
    assert {(one.seller, one.phone) for one in plan.sign_ins if one.seller} <= members


def test_phones_are_valid_mobiles_of_one_person_each(plan: Plan) -> None:
    people = {(m.phone, m.name) for s in plan.sellers for m in s.members}
    people |= {(one.phone, one.name) for one in plan.sign_ins}
    people |= {(p.phone, p.name) for c in plan.cohorts for p in c.participants if p.phone}
    people |= {(order.buyer.phone, order.buyer.name) for order in plan.orders}
    assert len({phone for phone, _ in people}) == len(people)
    for number, _ in people:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number


def test_accounts_have_the_length_of_their_bank(plan: Plan) -> None:
    path = Path(shop.demo.__file__).parents[1] / "data" / "banks.json"
    banks = {
        bank["short"]: bank["account_digits"] for bank in json.loads(path.read_text())["banks"]
    }
    for seller in plan.sellers:
        assert len(seller.bank_account) in (banks[seller.bank] or [10])


def test_silent_sellers_have_stopped(plan: Plan) -> None:
    silent = {s.slug: s.sells_until for s in plan.sellers if s.sells_until}
    assert len(silent) == 2
    for order in plan.orders:
        for part in order.parts:
            until = silent.get(part.seller)
            assert until is None or local_day(order.placed_at) <= until


def test_everyone_who_signs_in_to_sell_has_work(plan: Plan) -> None:
    open_fates = {Fate.WAITING_PAID, Fate.WAITING_CASH, Fate.ACCEPTED, Fate.READY}
    busy = {p.seller for order in plan.orders if order.fate in open_fates for p in order.parts}
    assert {one.seller for one in plan.sign_ins if one.seller} <= busy
