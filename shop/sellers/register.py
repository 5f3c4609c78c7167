"""Opening a stall together with the account of who runs it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from shop.accounts import audit, people
from shop.accounts.models import Person
from shop.accounts.passwords import make_password
from shop.accounts.queries import person_by_phone
from shop.sellers import onboard
from shop.sellers.models import MemberRole, Seller, SellerKind


@dataclass(frozen=True)
class Application:
    """What somebody says who wants to sell. `phone` (E.164) is to sign in with and to call."""

    owner_name: str
    phone: str
    stall_name: str
    kind: SellerKind
    kelurahan_code: str
    makes: str = ""


@dataclass(frozen=True)
class Account:
    """How somebody signs in; `password` only where it was made just now, to be shown once."""

    name: str
    phone: str
    password: str | None


def register(
    session: Session, application: Application, *, password: str, language: str
) -> tuple[Seller, Person]:
    """Somebody opens an account and a stall, which waits for staff but can be filled at once.

    Raises `PhoneTaken`, `PasswordUnfit` and `UnknownKelurahan`.
    """
    person = people.create(
        session,
        name=application.owner_name,
        phone=application.phone,
        password=password,
        language=language,
    )
    return _open(session, application, person), person


def register_more(session: Session, application: Application, person_id: uuid.UUID) -> Seller:
    """Somebody who has an account opens one more stall. Raises `UnknownKelurahan`."""
    return _open(session, application, session.get_one(Person, person_id))


def register_for(
    session: Session, application: Application, by: uuid.UUID
) -> tuple[Seller, Account]:
    """Staff open a stall for somebody, say at the training; an account they have is used.

    Raises `UnknownKelurahan`.
    """
    person, account = _account_for(session, application.owner_name, application.phone)
    seller = _open(session, application, person)
    audit.write(session, by, "seller.open", "seller", seller.id)
    return seller, account


def add_member(
    session: Session,
    seller_id: uuid.UUID,
    *,
    name: str,
    role: MemberRole,
    phone: str,
    by: uuid.UUID,
) -> Account | None:
    """Staff write down who works for a seller; with a `phone` (E.164) they can sign in.

    An account they have is used. Raises `AlreadyMember`.
    """
    person, account = _account_for(session, name, phone) if phone else (None, None)
    person_id = person.id if person else None
    member = onboard.add_member(session, seller_id, name=name, role=role, person_id=person_id)
    audit.write(session, by, "member.add", "seller_member", member.id, role=role.value)
    return account


def fresh_password(session: Session, person_id: uuid.UUID, *, by: uuid.UUID) -> Account:
    """A new password for somebody who lost theirs; it ends their sign-ins."""
    password = make_password()
    people.set_password(session, person_id, password, by=by)
    person = session.get_one(Person, person_id)
    return Account(person.name, person.phone, password)


def _account_for(session: Session, name: str, phone: str) -> tuple[Person, Account]:
    known = person_by_phone(session, phone)
    if known is not None:
        return known, Account(known.name, known.phone, None)
    password = make_password()
    person = people.create(session, name=name, phone=phone, password=password)
    return person, Account(person.name, person.phone, password)


def _open(session: Session, application: Application, person: Person) -> Seller:
    return onboard.apply(
        session,
        name=application.stall_name,
        kind=application.kind,
        phone=application.phone,
        kelurahan_code=application.kelurahan_code,
        owner_name=application.owner_name,
        owner_person_id=person.id,
        makes=application.makes,
    )
