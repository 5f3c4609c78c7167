"""Sending a notification by e-mail, where mail is set up. Otherwise it is kept and shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, Person
from shop.accounts.news import words
from shop.config import Config
from shop.core import clock
from shop.core.mail import send_mail
from shop.core.settings import load_settings


def mail(session: Session, payload: Mapping[str, Any], config: Config) -> None:
    """Send one notification in its person's language; one that was sent is not sent again.

    Raises `OSError` or `SMTPException`, upon which the outbox tries again later.
    """
    notification = session.get(Notification, uuid.UUID(payload["notification_id"]))
    if config.smtp_url is None or notification is None or notification.sent_at is not None:
        return
    person = session.get_one(Person, notification.person_id)
    if person.email is None:
        return
    shop_name = load_settings(session).name
    with force_locale(person.language):
        text = words(notification.kind, notification.detail)
        subject = gettext("Kabar dari %(shop)s", shop=shop_name)
    link = f"\n\n{config.base_url}{notification.link}" if notification.link else ""
    address, notification_id = person.email, notification.id
    session.rollback()  # a slow mail server must keep no writer waiting
    send_mail(config.smtp_url, config.mail_from, address, subject, text + link)
    session.get_one(Notification, notification_id).sent_at = clock.now()
