"""Fields written as tag, length, value; and the check sum over them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 99
_HEAD = re.compile(r"([0-9]{2})([0-9]{2})")


class Field(NamedTuple):
    """One field: a tag of two digits and its value, never empty, at most 99 characters."""

    tag: str
    value: str

    @property
    def text(self) -> str:
        """The field as it stands in a code; the length counts characters, not bytes."""
        return f"{self.tag}{len(self.value):02d}{self.value}"


class BrokenTlv(ValueError):
    """The text cannot be cut into fields to its end; `fields` are those before the break."""

    def __init__(self, fields: list[Field]) -> None:
        super().__init__(f"broken after {len(fields)} fields")
        self.fields = fields


def split(text: str) -> list[Field]:
    """Cut `text` into its fields, in their order. Raises `BrokenTlv`."""
    fields: list[Field] = []
    at = 0
    while at < len(text):
        head = _HEAD.match(text, at)
        length = int(head[2]) if head else 0
        value = text[at + 4 : at + 4 + length]
        if head is None or length == 0 or len(value) < length:
            raise BrokenTlv(fields)
        fields.append(Field(head[1], value))
        at += 4 + length
    return fields


def joined(fields: Iterable[Field]) -> str:
    """The fields one after the other, as `split` takes them apart."""
    return "".join(field.text for field in fields)


def value_of(fields: Iterable[Field], tag: str) -> str | None:
    """The value of the first field of that tag, if there is one."""
    return next((field.value for field in fields if field.tag == tag), None)


def first_repeated(fields: Iterable[Field]) -> str | None:
    """The first tag that stands a second time."""
    seen: set[str] = set()
    for field in fields:
        if field.tag in seen:
            return field.tag
        seen.add(field.tag)
    return None


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE over the UTF-8 bytes of `text`, four upper-case hex digits.

    `text` ends with the check sum's own tag and length, `6304`. The check value of the algorithm:
    `crc("123456789") == "29B1"`. Characters that UTF-8 cannot write do no harm.
    """
    return f"{binascii.crc_hqx(text.encode(errors='surrogatepass'), 0xFFFF):04X}"
