"""Notifications by e-mail: plain text that is good alone, and the same as a small page."""

from __future__ import annotations

from flask_babel import force_locale, gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from shop.accounts.carriers import Delayed, Item, Post, Refused
from shop.accounts.leave_mail import address_for
from shop.config import Config
from shop.core.mail import Letter, MailDelayed, MailRefused, send_mail
from shop.core.settings import load_settings

_PAGE = Markup(
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<body style="margin:0;padding:24px;background:#faf7f0;color:#1d2b28;'
    'font:16px/1.5 system-ui,sans-serif"><p style="margin:0 0 4px;color:#0b5c53;'
    'font-weight:700">{shop}</p><p style="margin:0 0 16px;font-size:18px">{text}</p>{button}'
    '<p style="margin:24px 0 0;font-size:14px;color:#56635f">{foot}</p></body></html>'
)
_BUTTON = Markup(
    '<p style="margin:0"><a href="{link}" style="display:inline-block;padding:12px 20px;'
    'border-radius:8px;background:#0b5c53;color:#fff;text-decoration:none">{label}</a></p>'
)


def pack(session: Session, item: Item, config: Config) -> Post | None:
    """A letter to who reads it, where mail is set up and she has an address."""
    if config.smtp_url is None or item.reader.email is None:
        return None
    letter = write(item, item.reader.email, load_settings(session).name, config)
    smtp_url, sender = config.smtp_url, config.mail_from

    def post() -> None:
        try:
            send_mail(smtp_url, sender, letter)
        except MailRefused as error:
            raise Refused(str(error)) from None
        except MailDelayed as error:
            raise Delayed(str(error)) from None

    return post


def write(item: Item, to: str, shop_name: str, config: Config) -> Letter:
    """The letter. Its name is the send's, so a repeat after an accident is known as one."""
    link, text = item.link(config), item.text
    leave = _leave(item, config)
    with force_locale(item.reader.language):
        label, foot = gettext("Lihat di toko"), _why(leave, config)
    button = _BUTTON.format(link=link, label=label) if link else ""
    return Letter(
        name=item.send_id.hex,
        to=to,
        subject=item.subject(shop_name),
        text="\n\n".join(filter(None, (text, link, f"--\n{foot}"))),
        html=_PAGE.format(
            language=item.reader.language, shop=shop_name, text=text, button=button, foot=foot
        ),
        leave=leave,
    )


def _leave(item: Item, config: Config) -> str:
    """Where the buyer of an order says that she wants no more mail; others do it signed in."""
    order_id = item.notification.order_id
    if order_id is None:
        return ""
    return address_for(config.base_url, config.secret_key, order_id, item.reader.language)


def _why(leave: str, config: Config) -> str:
    if leave:
        return str(
            gettext(
                "Anda menerima ini karena memesan dan menulis alamat email ini."
                " Tidak mau lagi? %(page)s",
                page=leave,
            )
        )
    return str(
        gettext(
            "Tidak mau menerima email lagi? Hapus alamat Anda di %(page)s",
            page=f"{config.base_url}/account",
        )
    )
