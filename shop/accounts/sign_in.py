"""Signing in and out: server-side, so that signing out kills the cookie wherever it was copied."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from shop.accounts.models import Person, SignIn, SignInAttempt
from shop.accounts.passwords import verify_password
from shop.core import clock, ids

LASTS = timedelta(days=60)
STAFF_LASTS = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
MOST_PER_PHONE = 8
MOST_PER_ADDRESS = 40
MOST_TOGETHER = 80
"""Failed or not: a class of beginners behind one address still gets in, a program does not."""


class WrongPassword(Exception):
    """No such number, wrong password or disabled person: the same answer for each."""


class TooManyAttempts(Exception):
    """Too many failed tries for this number or from this address; wait a quarter of an hour."""


def sign_in(session: Session, phone: str, password: str, *, address: str, device: str) -> str:
    """Check a password (`phone` in E.164) and return the token for the cookie.

    Hashing takes its time, so the transaction is ended before it and no writer waits: nothing may
    be written before this call. Raises `WrongPassword` or `TooManyAttempts`; the attempt is then
    still to be committed.
    """
    refuse_guessing(session, phone, address)
    kept = session.scalar(select(Person.password_hash).where(Person.phone == phone))
    session.rollback()
    right = verify_password(kept, password)
    # Held from here on, so that many guesses at once are counted one by one.
    person = session.scalar(
        select(Person).where(Person.phone == phone).with_for_update(key_share=True)
    )
    refuse_guessing(session, phone, address)
    if person and (person.disabled_at is not None or person.password_hash != kept):
        person = None
    note_attempt(session, phone, address, succeeded=right and person is not None)
    if person is None or not right:
        raise WrongPassword
    return open_sign_in(session, person.id, device)


def check_own(session: Session, person_id: uuid.UUID, password: str, *, address: str) -> None:
    """Ask somebody signed in for the password again, before what only they may do.

    As with `sign_in`, nothing may be written before this call, and a refused attempt is to be
    committed. Raises `WrongPassword` or `TooManyAttempts`.
    """
    phone, kept = session.execute(
        select(Person.phone, Person.password_hash).where(Person.id == person_id)
    ).one()
    refuse_guessing(session, phone, address)
    session.rollback()
    if not verify_password(kept, password):
        note_attempt(session, phone, address, succeeded=False)
        raise WrongPassword


def refuse_guessing(session: Session, phone: str, address: str) -> None:
    """Raise `TooManyAttempts` after too many failed tries for this number or from this address."""
    by_phone, by_address = session.execute(
        select(
            func.count().filter(SignInAttempt.phone == phone),
            func.count().filter(SignInAttempt.address == address),
        )
        .where(SignInAttempt.at > clock.now() - WINDOW, SignInAttempt.succeeded.is_(False))
        .where(or_(SignInAttempt.phone == phone, SignInAttempt.address == address))
    ).one()
    if by_phone >= MOST_PER_PHONE or by_address >= MOST_PER_ADDRESS:
        raise TooManyAttempts


def refuse_flood(session: Session, address: str) -> None:
    """Raise `TooManyAttempts` after a great many tries of any outcome from one address."""
    tries = session.scalar(
        select(func.count()).where(
            SignInAttempt.at > clock.now() - WINDOW, SignInAttempt.address == address
        )
    )
    if (tries or 0) >= MOST_TOGETHER:
        raise TooManyAttempts


def note_attempt(session: Session, phone: str, address: str, *, succeeded: bool) -> None:
    """Remember a try from `address`, the visitor's network address."""
    session.add(SignInAttempt(phone=phone[:20], address=address[:45], succeeded=succeeded))


def open_sign_in(session: Session, person_id: uuid.UUID, device: str) -> str:
    """Let `person_id` in on a device and return the token for its cookie."""
    token = ids.new_token()
    session.add(SignIn(token_hash=ids.token_hash(token), person_id=person_id, device=device[:200]))
    return token


def end_all(session: Session, person_id: uuid.UUID, *, keep: str | None = None) -> None:
    """End a person's sign-ins on every device, but for the one whose token is `keep`."""
    ends = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if keep is not None:
        ends = ends.where(SignIn.token_hash != ids.token_hash(keep))
    session.execute(ends.values(ended_at=clock.now()))


def sign_out(session: Session, token: str) -> None:
    """End the sign-in that `token` belongs to; without effect if it has ended already."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == ids.token_hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def choose_seller(session: Session, token: str, seller_id: uuid.UUID) -> None:
    """Remember in whose studio this device stands."""
    session.execute(
        update(SignIn).where(SignIn.token_hash == ids.token_hash(token)).values(seller_id=seller_id)
    )
