"""QRIS codes to test with: the published vectors, and variations with a fitting check sum."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from shop.payments.qris.tlv import Field, crc, joined, split

_FILE = Path(__file__).resolve().parents[2] / "data" / "qris_vectors.json"
VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector for vector in json.loads(_FILE.read_text("utf-8"))["vectors"]
}
STATIC: str = VECTORS["tpi-static-synthetic"]["payload"]
DYNAMIC: str = VECTORS["tpi-dynamic-synthetic-47123"]["payload"]


def sealed(fields: list[Field]) -> str:
    """These fields with a check sum that fits."""
    body = joined(fields) + "6304"
    return body + crc(body)


def changed(code: str = STATIC, /, **values: str | None) -> str:
    """`code` with these values by tag (`t59="…"`; None takes a field out), sealed anew.

    A new field goes before the first tag above it, as a maker of codes would put it.
    """
    fields = split(code)[:-1]
    for key, value in values.items():
        tag = key[1:]
        at = next((i for i, field in enumerate(fields) if field.tag == tag), None)
        if value is None:
            fields = [field for field in fields if field.tag != tag]
        elif at is not None:
            fields[at] = Field(tag, value)
        else:
            place = next((i for i, f in enumerate(fields) if f.tag > tag), len(fields))
            fields.insert(place, Field(tag, value))
    return sealed(fields)


def template(**values: str) -> str:
    """A template's value: fields by tag (`t00="…"`)."""
    return joined(Field(key[1:], value) for key, value in values.items())
