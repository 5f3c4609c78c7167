"""Mail goes to a real SMTP server of this machine."""

from __future__ import annotations

import smtplib

import pytest

from shop.core.mail import send_mail
from tests.serving import free_port
from tests.stand_ins.smtp import SmtpStandIn


def test_a_message_arrives_as_it_was_written():
    with SmtpStandIn() as server:
        send_mail(
            server.url,
            "toko@pelantar.example",
            "ratna@example.com",
            "Pesanan baru\r\nBcc: all@example.com",
            "Ada pesanan · Rp15.000\n",
        )
    (message,) = server.messages
    assert message["From"] == "toko@pelantar.example"
    assert message["To"] == "ratna@example.com"
    assert message["Subject"] == "Pesanan baru Bcc: all@example.com"
    assert message["Bcc"] is None
    assert message["Message-ID"].endswith("@pelantar.example>")
    assert message.get_content().replace("\r\n", "\n") == "Ada pesanan · Rp15.000\n"


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_name_and_password_are_given_where_the_address_holds_them():
    with SmtpStandIn(user="toko", password="p@ss:word") as server:
        url = server.url.replace("//", "//toko:p%40ss%3Aword@")
        send_mail(url, "toko@example.com", "ratna@example.com", "Halo", "Halo")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send_mail(url.replace("word", "wrong"), "a@example.com", "b@example.com", "x", "x")
    assert len(server.messages) == 1


def test_a_server_that_is_away_is_an_error_of_the_system():
    with pytest.raises(OSError, match="refused"):
        send_mail(f"smtp://127.0.0.1:{free_port()}", "a@example.com", "b@example.com", "x", "x")
