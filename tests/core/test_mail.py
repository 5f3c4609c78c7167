"""Mail goes to a real SMTP server of this machine."""

from __future__ import annotations

import socket
import time

import pytest

from shop.core import mail
from shop.core.mail import Letter, MailDelayed, send_mail
from tests.serving import free_port
from tests.stand_ins.line import listening
from tests.stand_ins.smtp import SmtpStandIn


def letter(subject: str = "Halo", text: str = "Halo") -> Letter:
    return Letter("kabar-1", "ratna@example.com", subject, text, "<p>Halo</p>")


def test_a_message_arrives_as_it_was_written():
    with SmtpStandIn() as server:
        send_mail(
            server.url,
            "toko@pelantar.example",
            letter("Pesanan baru\r\nBcc: all@example.com", "Ada pesanan · Rp15.000\n"),
        )
    (message,) = server.messages
    assert message["From"] == "toko@pelantar.example"
    assert message["To"] == "ratna@example.com"
    assert message["Subject"] == "Pesanan baru Bcc: all@example.com"
    assert message["Bcc"] is None
    assert message["Message-ID"] == "<kabar-1@pelantar.example>"
    text, html = message.iter_parts()
    assert text.get_content().replace("\r\n", "\n") == "Ada pesanan · Rp15.000\n"
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>Halo</p>")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_name_and_password_are_given_where_the_address_holds_them():
    with SmtpStandIn(user="toko", password="p@ss:word") as server:
        url = server.url.replace("//", "//toko:p%40ss%3Aword@")
        send_mail(url, "toko@example.com", letter())
        with pytest.raises(MailDelayed, match="sign-in"):
            send_mail(url.replace("word", "wrong"), "a@example.com", letter())
    assert len(server.messages) == 1


def test_a_letter_waits_while_the_server_is_away():
    with pytest.raises(MailDelayed, match="ConnectionRefusedError"):
        send_mail(f"smtp://127.0.0.1:{free_port()}", "a@example.com", letter())


def drip(line: socket.socket) -> None:
    """Greet, then answer so slowly that no single wait is long, and never to the end."""
    line.sendall(b"220 toko ESMTP\r\n")
    line.recv(1_000)
    for _ in range(100):
        line.sendall(b"250-")
        line.sendall(b"A\r\n")
        time.sleep(0.05)


def test_a_server_that_speaks_drop_by_drop_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.3)
    monkeypatch.setattr(mail, "WHOLE_SECONDS", 0.5)
    begun = time.monotonic()
    with listening(drip) as port, pytest.raises(MailDelayed):
        send_mail(f"smtp://127.0.0.1:{port}", "a@example.com", letter())
    assert time.monotonic() - begun < 2


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail, "PATIENCE_SECONDS", 0.2)
    begun = time.monotonic()
    with listening(lambda _line: time.sleep(1)) as port, pytest.raises(MailDelayed):
        send_mail(f"smtp://127.0.0.1:{port}", "a@example.com", letter())
    assert time.monotonic() - begun < 3
