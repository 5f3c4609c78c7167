"""E-mail, from the outbox job only."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from shop.core.calls import cut_after

PATIENCE_SECONDS = 8.0
"""For every single wait."""
WHOLE_SECONDS = 16.0
"""For a whole talk once the line stands, however slowly the server speaks."""
_FOR_GOOD = 500


class MailRefused(Exception):
    """The mail server will never take this letter; the message names its code, no address."""


class MailDelayed(Exception):
    """The letter could not be handed over now."""


@dataclass(frozen=True)
class Letter:
    """A letter to one reader. `name` is its Message-ID's own part: the same one means the same.

    `leave` is an address that takes a POST to say that no more are wanted (RFC 8058), or nothing.
    """

    name: str
    to: str
    subject: str
    text: str
    html: str
    leave: str = ""


def send_mail(smtp_url: str, sender: str, letter: Letter) -> None:
    """Hand a letter to the server at `smtp://` (STARTTLS if offered) or `smtps://`.

    Raises `MailRefused` (SMTP 5xx) and `MailDelayed` (4xx, no line, no way to sign in).
    """
    message = _message(sender, letter)
    try:
        server = _connect(smtp_url)
        with cut_after(WHOLE_SECONDS, lambda: server.sock):
            try:
                _sign_in(server, smtp_url)
                server.send_message(message)
            finally:
                _leave(server)
    except smtplib.SMTPAuthenticationError:
        raise MailDelayed("smtp sign-in") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _fault(next(iter(error.recipients.values()))[0]) from None
    except smtplib.SMTPResponseException as error:
        raise _fault(error.smtp_code) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailDelayed(f"smtp {type(error).__name__}") from None


def _message(sender: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, letter.to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    if letter.leave:
        message["List-Unsubscribe"] = f"<{letter.leave}>"
        if letter.leave.startswith("https://"):  # RFC 8058: one click by HTTPS only
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _connect(smtp_url: str) -> smtplib.SMTP:
    url = urlsplit(smtp_url)
    host, patience = url.hostname or "localhost", PATIENCE_SECONDS
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=patience, context=context)
    return smtplib.SMTP(host, url.port or 25, timeout=patience)


def _sign_in(server: smtplib.SMTP, smtp_url: str) -> None:
    url = urlsplit(smtp_url)
    server.ehlo()
    if url.scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; a letter that was taken stays taken, whatever the server answers now."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _fault(code: int) -> MailRefused | MailDelayed:
    return (MailRefused if code >= _FOR_GOOD else MailDelayed)(f"smtp {code}")
