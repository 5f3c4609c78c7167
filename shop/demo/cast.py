"""The sellers of the demo, their members, and those who sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

from shop.demo.source import read, zone_fees, zone_of_kelurahan
from shop.demo.training import Trained, finish_days

PASSWORD = "pompong-kuning-2172"  # noqa: S105 - not a secret
"""Opens every demo account. It is printed in the README, so it must never guard a real shop."""

_NO_OPERATOR = "+62810"
"""Well-formed numbers beginning 0810, which belongs to no operator that we know of: a message sent
from the demo should reach nobody."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for a seller; `cohort` names the course they finished, if any."""

    name: str
    phone: str
    role: Literal["owner", "treasurer", "manager", "member"]
    cohort: str | None
    joined_on: date


@dataclass(frozen=True, slots=True)
class Seller:
    """A homemaker, group or cooperative. `zones` are (zone, fee in rupiah) it delivers to.

    `reserve_basis_points` and `share_basis` say how a group shares (0 and None for individuals).
    `sells_until` is the last day of a seller who has fallen silent. `waiting`: not yet approved.
    """

    slug: str
    name: str
    kind: Literal["individual", "group", "cooperative"]
    kelurahan: str
    address: str
    phone: str
    makes: str
    makes_en: str
    story: str
    story_en: str
    pickup_hours: str
    bank: str
    bank_account: str
    bank_holder: str
    zones: tuple[tuple[str, int], ...]
    joined_on: date
    members: tuple[Member, ...]
    products: tuple[str, ...]
    reserve_basis_points: int
    share_basis: Literal["equal", "sales", "work"] | None
    pull: float
    sells_until: date | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account of the demo. `role` is a member's of `seller`, or a staff role without one."""

    key: str
    name: str
    phone: str
    role: str
    seller: str | None


def sellers(today: date) -> tuple[Seller, ...]:
    """All sellers, in the order in which they joined."""
    finish = finish_days(today)
    return tuple(_seller(i, row, today, finish) for i, row in enumerate(read("sellers"), 1))


def trained(cast: tuple[Seller, ...]) -> tuple[Trained, ...]:
    """Everybody of the sellers who finished a course, once, and the named who do not sell yet."""
    people = {
        member.name: Trained(member.name, member.phone, seller.kelurahan, member.cohort)
        for seller in cast
        for member in seller.members
        if member.cohort
    }
    others = (
        Trained(row["name"], phone(400 + i), row["kelurahan"], row["cohort"])
        for i, row in enumerate(read("training")["named_graduates"])
    )
    return (*people.values(), *others)


def sign_ins() -> tuple[SignIn, ...]:
    """One account for every kind of person who signs in."""
    doors = (
        ("homemaker", "rohana", "owner"),
        ("kube-treasurer", "kube-melur", "treasurer"),
        ("cooperative-manager", "koperasi-tani-senggarang", "manager"),
    )
    by_slug = {row["slug"]: row for row in read("sellers")}
    makers = tuple(
        SignIn(key, member["name"], _phones()[member["name"]], role, slug)
        for key, slug, role in doors
        for member in by_slug[slug]["members"]
        if member["role"] == role
    )
    staff = tuple(
        SignIn(row["key"], row["name"], phone(i), row["role"], None)
        for i, row in enumerate(read("people")["staff"], 1)
    )
    return makers + staff


def _seller(number: int, row: dict[str, Any], today: date, finish: dict[str, date]) -> Seller:
    joined = today - timedelta(days=row["joined_days_ago"])
    people = tuple(_member(member, joined, finish) for member in row["members"])
    quiet = row.get("quiet_days")
    return Seller(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        kelurahan=row["kelurahan"],
        address=address(number, 3 * number),
        phone=people[0].phone,
        makes=row["makes_id"],
        makes_en=row["makes_en"],
        story=row["story_id"],
        story_en=row["story_en"],
        pickup_hours=row["hours"],
        bank=row["bank"],
        bank_account=_account(row["bank"], number),
        bank_holder=people[0].name if row["kind"] == "individual" else row["name"],
        zones=_offer(row["kelurahan"], row["zones"]),
        joined_on=joined,
        members=people,
        products=tuple(row["products"]),
        reserve_basis_points=row.get("reserve_basis_points", 0),
        share_basis=row.get("share_basis"),
        pull=row["pull"],
        sells_until=today - timedelta(days=quiet) if quiet else None,
        waiting=row.get("waiting", False),
    )


def _member(row: dict[str, Any], joined: date, finish: dict[str, date]) -> Member:
    """Nobody joins a group before the certificate that brings them there."""
    cohort = row["cohort"]
    on = max(joined, finish[cohort] + timedelta(days=3)) if cohort else joined
    return Member(row["name"], _phones()[row["name"]], row["role"], cohort, on)


def _offer(kelurahan: str, zones: list[str]) -> tuple[tuple[str, int], ...]:
    """The dearer of the two zones sets the fee, as the rider crosses both; both over water adds."""
    home = zone_of_kelurahan()[kelurahan]
    fees = zone_fees()
    return tuple(
        (zone, max(fees[home], fees[zone]) + (5_000 if {home, zone} == {"D", "E"} else 0))
        for zone in zones
    )


@cache
def _phones() -> dict[str, str]:
    """One number for each name: who works for two sellers is one person."""
    names = dict.fromkeys(m["name"] for row in read("sellers") for m in row["members"])
    return {name: phone(i) for i, name in enumerate(names, 101)}


def phone(number: int) -> str:
    """The `number`th invented mobile number, E.164."""
    return f"{_NO_OPERATOR}{number:08d}"


def _account(bank: str, number: int) -> str:
    """An invented account of the length the bank uses; all begin with zeros."""
    digits = {"BRI": 15, "Mandiri": 13}.get(bank, 10)
    return f"{7_770_000 + 37 * number:0{digits}d}"


def address(lane: int, house: int) -> str:
    """A street that says itself that it is an example."""
    return f"Gang Contoh {lane} No. {house}"
