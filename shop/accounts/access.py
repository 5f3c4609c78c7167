"""The signed-in person of a request, and the permission a route asks for."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any, TypeVar, cast

import flask
import structlog
from flask import Flask, abort, current_app, g, redirect, render_template, request, url_for
from flask_login import (
    AnonymousUserMixin,
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.accounts.events import PersonSignedIn
from shop.accounts.models import Person, SignIn
from shop.accounts.permissions import NOBODY, Actor, OfSeller, Permission, can
from shop.accounts.sign_in import LASTS, STAFF_LASTS
from shop.core import clock, events, ids
from shop.core.db import SAFE_METHODS, db

View = TypeVar("View", bound=Callable[..., Any])
Membership = Callable[[Session, uuid.UUID, uuid.UUID | None], tuple[uuid.UUID, str] | None]
"""Given a person and the seller last chosen: the seller to act for and the role there, if any."""

KEPT = ("cart",)
"""What a browser keeps when somebody signs in or out in it; all else in its cookie is dropped.

Other rooms hear of it by `PersonSignedIn`. While somebody is signed in it lies idle.
"""

login = LoginManager()
log = structlog.get_logger()


class SignedIn(UserMixin):
    """What Flask-Login holds for a request: the actor, found by the cookie's token."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor
        self.name = actor.name

    def get_id(self) -> str:
        """The token, which is what the cookie keeps."""
        return self.token


class Guest(AnonymousUserMixin):
    """Nobody signed in."""

    actor = NOBODY
    name = ""
    token = ""


def init_access(app: Flask, membership: Membership) -> None:
    """Set up Flask-Login; `membership` comes from the sellers' room."""
    login.session_protection = None
    login.anonymous_user = Guest
    login.init_app(app)

    def load(token: str) -> SignedIn | None:
        return load_signed_in(db.session(), token, membership)

    login.user_loader(load)
    app.extensions["signed_in"] = load
    app.jinja_env.globals["can"] = may


def load_signed_in(session: Session, token: str, membership: Membership) -> SignedIn | None:
    """The person whose sign-in `token` belongs to, unless it has ended, aged or was disabled."""
    row = session.scalar(
        select(SignIn)
        .where(SignIn.token_hash == ids.token_hash(token), SignIn.ended_at.is_(None))
        .options(joinedload(SignIn.person).options(selectinload(Person.grants)))
    )
    if row is None or row.person.disabled_at is not None:
        return None
    person = row.person
    if clock.now() - row.created_at > (STAFF_LASTS if person.roles else LASTS):
        return None
    seller = membership(session, person.id, row.seller_id)
    actor = Actor(
        person_id=person.id,
        name=person.name,
        language=person.language,
        roles=person.roles,
        seller_id=seller[0] if seller else None,
        member_role=seller[1] if seller else None,
    )
    return SignedIn(token, actor)


def let_in(token: str) -> Actor:
    """Put a fresh sign-in's token into this browser's cookie; returns who that is.

    Raises `LookupError` where the token opens nothing.
    """
    signed_in = current_app.extensions["signed_in"](token)
    if signed_in is None:
        raise LookupError("this token opens nothing")
    kept = _forget_all_but_the_cart()
    flask.session.permanent = True
    login_user(signed_in)
    actor = cast("SignedIn", signed_in).actor
    events.publish(db.session(), PersonSignedIn(actor.person, kept))
    return actor


def let_out() -> str:
    """Take the sign-in out of this browser's cookie; returns its token, which is yet to end."""
    token = cast("SignedIn | Guest", current_user).token
    logout_user()
    _forget_all_but_the_cart()
    return token


def _forget_all_but_the_cart() -> dict[str, str]:
    kept = {name: flask.session[name] for name in KEPT if name in flask.session}
    flask.session.clear()
    flask.session.update(kept)
    return kept


def current_token() -> str:
    """The token of this request's sign-in; empty where nobody is signed in."""
    return cast("SignedIn | Guest", current_user).token


def current_actor() -> Actor:
    """Who acts in this request."""
    return cast("SignedIn | Guest", current_user).actor


def own_language() -> str | None:
    """The signed-in person's own language, if somebody is signed in."""
    actor = current_actor()
    return actor.language if actor.known else None


def may(permission: str, thing: OfSeller | None = None) -> bool:
    """For templates: whether the person of this request may do this."""
    return can(current_actor(), Permission(permission), thing)


def permit(permission: Permission) -> Callable[[View], View]:
    """Let only those through who may. Others sign in first, or are told 403."""

    def declare(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if can(current_actor(), permission):
                return view(*args, **kwargs)
            return _refuse(permission)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("View", guarded)

    return declare


def _refuse(permission: Permission) -> Any:
    """Send a stranger to sign in; tell somebody known why this is not for them."""
    actor = current_actor()
    if not actor.known:
        g.personal = True
        back = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
        return redirect(url_for("accounts.sign_in", next=back), 303)
    log.warning("refused", permission=permission.value, person=str(actor.person_id))
    if permission.startswith("sell:") and actor.seller_id is None:
        return render_template("accounts/no_stall.html"), 403
    return abort(403)
