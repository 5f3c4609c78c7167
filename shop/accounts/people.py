"""People: making them, their roles and passwords, closing and opening their accounts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.accounts import audit, notify
from shop.accounts.models import Language, Person, Role, RoleGrant
from shop.accounts.passwords import LONGEST, SHORTEST, hash_password
from shop.accounts.sign_in import end_all
from shop.core import clock

PASSWORD_SET = "person_password"  # noqa: S105 - the name of a notification


class PhoneTaken(Exception):
    """Somebody signs in with this number already."""


class PasswordUnfit(ValueError):
    """A password has `passwords.SHORTEST` to `passwords.LONGEST` characters."""


class LastAdmin(Exception):
    """Without this person nobody could manage people any more."""


def create(
    session: Session,
    *,
    name: str,
    phone: str,
    password: str | None = None,
    language: str = Language.INDONESIAN.value,
) -> Person:
    """Somebody who can sign in with `phone` (E.164). Raises `PhoneTaken` and `PasswordUnfit`."""
    person = Person(
        name=name,
        phone=phone,
        language=language,
        password_hash=None if password is None else _hash(password),
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as fault:
        if session.scalar(select(Person.id).where(Person.phone == phone)) is None:
            raise
        raise PhoneTaken(phone) from fault
    return person


def set_password(
    session: Session, person_id: uuid.UUID, password: str, *, by: uuid.UUID, keep: str | None = None
) -> None:
    """Set a password and end the person's sign-ins, but for the one whose token is `keep`.

    Raises `PasswordUnfit`.
    """
    fresh = _hash(password)  # before the first query: hashing keeps no writer waiting
    session.get_one(Person, person_id).password_hash = fresh
    end_all(session, person_id, keep=keep)
    audit.write(session, by, "person.password", "person", person_id)
    if by != person_id:
        notify.tell(
            session,
            [person_id],
            PASSWORD_SET,
            link="/account",
            event=notify.just_now(person_id),
        )


def set_language(session: Session, person_id: uuid.UUID, language: Language) -> None:
    """The language of this person's studio and staff pages."""
    session.get_one(Person, person_id).language = language.value


def staff(session: Session, *roles: Role) -> Sequence[uuid.UUID]:
    """Who holds one of these roles now and can sign in."""
    return session.scalars(
        select(Person.id)
        .distinct()
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role.in_(roles), RoleGrant.revoked_at.is_(None), Person.disabled_at.is_(None)
        )
    ).all()


def grant(session: Session, person_id: uuid.UUID, role: Role, by: uuid.UUID | None) -> None:
    """Give a person a staff role; without effect where they hold it."""
    person = _locked(session, person_id)
    if role in person.roles:
        return
    session.add(RoleGrant(person_id=person_id, role=role.value, granted_by=by))
    session.flush()
    session.expire(person, ["grants"])
    audit.write(session, by, "role.grant", "person", person_id, role=role.value)


def revoke(session: Session, person_id: uuid.UUID, role: Role, by: uuid.UUID | None) -> None:
    """Take a staff role back from the next request on; without effect where it is not held.

    Raises `LastAdmin`.
    """
    if role is Role.ADMIN:
        _keep_an_admin(session, person_id)
    person = _locked(session, person_id)
    if role not in person.roles:
        return
    for current in person.grants:
        if current.role == role and current.revoked_at is None:
            current.revoked_at = clock.now()
    audit.write(session, by, "role.revoke", "person", person_id, role=role.value)


def disable(session: Session, person_id: uuid.UUID, by: uuid.UUID) -> None:
    """Nobody gets in as this person from the next request on. Raises `LastAdmin`."""
    _keep_an_admin(session, person_id)
    person = _locked(session, person_id)
    if person.disabled_at is not None:
        return
    person.disabled_at = clock.now()
    end_all(session, person_id)
    audit.write(session, by, "person.disable", "person", person_id)


def enable(session: Session, person_id: uuid.UUID, by: uuid.UUID) -> None:
    """Let the person sign in again."""
    person = _locked(session, person_id)
    if person.disabled_at is None:
        return
    person.disabled_at = None
    audit.write(session, by, "person.enable", "person", person_id)


def _hash(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfit
    return hash_password(password)


def _locked(session: Session, person_id: uuid.UUID) -> Person:
    """The person, held until this transaction ends: changes to one person come one by one."""
    return session.execute(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def _keep_an_admin(session: Session, without: uuid.UUID) -> None:
    """Raise `LastAdmin` where `without` is the only person left who manages people.

    All present admins are held, in one order and before the person, so that two of them can
    neither remove each other at once nor wait for each other.
    """
    admins = session.scalars(
        select(Person.id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == Role.ADMIN.value,
            RoleGrant.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
        .with_for_update(key_share=True)
    ).all()
    if list(admins) == [without]:
        raise LastAdmin
