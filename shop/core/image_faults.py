"""Why a photo is refused, for programs and for people."""

from __future__ import annotations

from enum import Enum

from flask_babel import lazy_gettext as _l


class ImageFault(Enum):
    """What is wrong with an uploaded photo."""

    NOT_AN_IMAGE = "not_an_image"
    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"


class BadImage(ValueError):
    """The bytes given are no photo the shop can keep; `reason` says why."""

    def __init__(self, reason: ImageFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


_MESSAGES = {
    ImageFault.NOT_AN_IMAGE: _l(
        "Berkas ini bukan foto. Kirim foto dari kamera atau galeri (JPG, PNG, HEIC, WebP)."
    ),
    ImageFault.TOO_MANY_BYTES: _l(
        "Berkas foto ini lebih dari 40 MB. Kirim foto yang lebih kecil, "
        "atau ambil ulang dengan ukuran biasa."
    ),
    ImageFault.TOO_MANY_PIXELS: _l(
        "Ukuran gambar foto ini terlalu besar. Ambil ulang dengan ukuran biasa di kamera, "
        "lalu kirim lagi."
    ),
    ImageFault.DAMAGED: _l(
        "Foto ini rusak atau terkirim tidak utuh. Kirim sekali lagi, atau pilih foto lain."
    ),
    ImageFault.UNSUPPORTED: _l(
        "Jenis berkas ini belum bisa dipakai. Kirim foto dari kamera atau galeri "
        "(JPG, PNG, HEIC, WebP), bukan GIF, video, atau dokumen."
    ),
}


def fault_message(fault: ImageFault) -> str:
    """What happened and what to do, in the reader's language."""
    return str(_MESSAGES[fault])
