"""Reading a code from a photo or a screenshot."""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from shop.core.image_decode import decode
from shop.payments.qris.code import QrisCode
from shop.payments.qris.faults import BadQris, QrisFault
from shop.payments.qris.parse import read

_LONGEST = 3000
"""Pixels: a code across a tenth of such a photo still has four pixels a module."""
_SMALL = 1600
_Seen = dict[str, QrisCode | BadQris]
"""What each QR code found says, or what is wrong with it, by its text."""


def read_picture(data: bytes) -> QrisCode:
    """The one QRIS code in a photo; other QR codes beside it do not matter.

    Rotated, tilted, small, pale, noisy and somewhat blurred photos are read. A photo without any
    code takes longest, about one CPU second. Raises `BadImage` where `data` is no photo the shop
    can open, and `BadQris`: `NO_CODE_FOUND`, `SEVERAL_CODES`, or the fault of the code it shows.
    """
    seen: _Seen = {}
    for picture in _clearer(decode(data, _LONGEST).convert("L")):
        seen.update(_codes(picture))
        sound = [code for code in seen.values() if isinstance(code, QrisCode)]
        if len(sound) > 1:
            raise BadQris(QrisFault.SEVERAL_CODES)
        if sound:
            return sound[0]
    raise _fault(seen)


def _clearer(grey: Image.Image) -> Iterator[Image.Image]:
    """The picture as it is, then made clearer in the ways that help most often."""
    yield grey
    even = ImageOps.autocontrast(grey, cutoff=1)
    yield even
    yield even.filter(ImageFilter.GaussianBlur(1.5))  # against grain
    yield even.filter(ImageFilter.UnsharpMask(4, 300, 0))  # against blur
    yield even.filter(ImageFilter.UnsharpMask(8, 400, 0))
    if max(grey.size) <= _SMALL:
        yield even.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC)
    else:
        yield ImageOps.autocontrast(grey.reduce(2), cutoff=1)


def _codes(picture: Image.Image) -> _Seen:
    """The QR codes in the picture, payment codes or not."""
    found = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        text_mode=zxingcpp.TextMode.Plain,
    )
    seen: _Seen = {}
    for code in found:
        try:
            seen[code.text] = read(code.text)
        except BadQris as fault:
            seen[code.text] = fault
    return seen


def _fault(seen: _Seen) -> BadQris:
    """The fault to tell: that of a payment code rather than that of a link beside it."""
    faults = [fault for fault in seen.values() if isinstance(fault, BadQris)]
    faults.sort(key=lambda fault: fault.fault is QrisFault.NOT_QRIS)
    return faults[0] if faults else BadQris(QrisFault.NO_CODE_FOUND)
