"""Sending a notification by e-mail, where mail is set up. Otherwise it is kept and shown."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from shop.accounts.models import Notification, NotificationSend, SendState
from shop.accounts.news import words
from shop.accounts.readers import reader_of
from shop.config import Config
from shop.core import clock
from shop.core.mail import send_mail
from shop.core.settings import load_settings


def mail(session: Session, payload: Mapping[str, Any], config: Config) -> None:
    """Send one notification in its person's language; one that was sent is not sent again.

    Raises `OSError` or `SMTPException`, upon which the outbox tries again later.
    """
    send = session.get_one(NotificationSend, uuid.UUID(payload["send_id"]))
    notification = session.get_one(Notification, send.notification_id)
    reader = reader_of(session, notification)
    if config.smtp_url is None or send.state != SendState.WAITING or reader.email is None:
        return
    shop_name = load_settings(session).name
    with force_locale(reader.language):
        text = words(notification.kind, notification.detail)
        subject = gettext("Kabar dari %(shop)s", shop=shop_name)
    link = f"\n\n{config.base_url}{notification.link}" if notification.link else ""
    address, send_id = reader.email, send.id
    session.rollback()  # a slow mail server must keep no writer waiting
    send_mail(config.smtp_url, config.mail_from, address, subject, text + link)
    send = session.get_one(NotificationSend, send_id)
    send.state, send.sent_at = SendState.ACCEPTED.value, clock.now()
