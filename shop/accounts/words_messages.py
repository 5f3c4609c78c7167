"""Words for staff about messages that did not arrive."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from shop.accounts import news
from shop.accounts.models import Channel, Notification
from shop.accounts.readers import Reader, path_of

CHANNELS: dict[str, Any] = {
    Channel.MAIL: _l("Email"),
    Channel.PUSH: _l("Pemberitahuan HP"),
    Channel.WHATSAPP: "WhatsApp",
}
_WHY: dict[str, Any] = {
    "whatsapp not there": _l("Nomor ini tidak ada di WhatsApp. Telepon saja."),
    "whatsapp window": _l("WhatsApp minta pesan berpola; yang ini di luar 24 jam."),
    "whatsapp template": _l(
        "Pola pesan belum disetujui atau dihentikan WhatsApp. Periksa akunnya."
    ),
    "whatsapp key": _l("Kunci atau tagihan akun WhatsApp bermasalah. Periksa akunnya."),
    "whatsapp later": _l("WhatsApp sedang membatasi kiriman."),
    "whatsapp line": _l("WhatsApp tidak bisa dihubungi."),
    "smtp sign-in": _l("Server email menolak kata sandi toko. Periksa pengaturannya."),
    "push line": _l("Layanan pemberitahuan tidak bisa dihubungi."),
    "given up": _l("Sudah dicoba berkali-kali."),
    "": _l("Belum ada kabar sampai atau tidak."),
}

FIND = "/lacak"
"""Where a buyer finds her order by its number and her phone (`orders.views`)."""


def whatsapp_link(told: Notification, reader: Reader, base_url: str) -> str:
    """The address that opens WhatsApp with the same words to the same reader, to send by hand."""
    with force_locale(reader.language):
        text = news.words(told.kind, told.detail)
    path = told.link
    if path != path_of(told, reader):
        path = FIND  # the new secret link is not for the eyes of staff
    link = f" {base_url}{path}" if path else ""
    return f"https://wa.me/{reader.phone.removeprefix('+')}?text={quote(text + link)}"


def why(code: str) -> str:
    """What a code says, for people; one without words of its own is shown as it is."""
    if code in _WHY:
        return str(_WHY[code])
    if code.startswith("smtp 5"):
        return str(
            gettext("Alamat email ditolak (%(code)s). Tanyakan alamat yang benar.", code=code)
        )
    return str(gettext("Gagal: %(code)s", code=code))
