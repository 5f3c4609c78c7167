"""Reading a code's text, strictly: what is not certain is refused, never repaired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from shop.payments.qris.code import MOST, Account, QrisCode
from shop.payments.qris.faults import BadQris, QrisFault
from shop.payments.qris.rules import (
    ACCOUNT,
    ADDITIONAL,
    AMOUNT,
    LANGUAGE,
    NATIONAL,
    NMID,
    ROOT,
    is_account,
    is_template,
)
from shop.payments.qris.tlv import BrokenTlv, Field, crc, first_repeated, split, value_of

_BEGINS = "000201"
_LONGEST = 512  # EMVCo: what every app must be able to take
_ENDS = re.compile(r"6304[0-9A-Fa-f]{4}")
_NEEDED = ("52", "53", "58", "59", "60")
_AROUND = " \t\r\n\v\f\u00a0\ufeff"  # what copying and pasting leaves behind


def read(text: str) -> QrisCode:
    """What the QRIS code `text` says. Raises `BadQris` and nothing else."""
    payload = text.strip(_AROUND)
    try:
        return _read(payload)
    except BadQris as refused:
        refused.text = payload
        raise


def _read(payload: str) -> QrisCode:
    if not payload.startswith(_BEGINS):
        raise BadQris(QrisFault.NOT_QRIS)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in payload):
        raise BadQris(QrisFault.BAD_CHARACTERS)
    if len(payload) > _LONGEST:
        raise BadQris(QrisFault.BAD_LENGTH)
    fields = _whole(payload)
    _refuse_repeated(fields)
    _refuse_foreign(fields)
    templates = {field.tag: _inside(field) for field in fields if is_template(field.tag)}
    _check_values(fields, ROOT)
    return _code(payload, fields, templates)


def _whole(payload: str) -> list[Field]:
    """The fields, once the check sum says that nothing was changed or lost."""
    try:
        fields = split(payload)
    except BrokenTlv as broken:
        raise BadQris(_why_broken(payload, broken.fields)) from broken
    if fields[-1].tag != "63":
        follows = value_of(fields, "63") is not None
        raise BadQris(QrisFault.BAD_ORDER if follows else QrisFault.TRUNCATED, "63")
    if not _fits(payload):
        raise BadQris(QrisFault.INVALID_CRC, "63")
    return fields


def _why_broken(payload: str, before: list[Field]) -> QrisFault:
    if _fits(payload):
        return QrisFault.BAD_LENGTH
    if value_of(before, "63") is not None:
        return QrisFault.BAD_ORDER
    return QrisFault.INVALID_CRC if _ENDS.fullmatch(payload[-8:]) else QrisFault.TRUNCATED


def _fits(payload: str) -> bool:
    """Whether it ends with a check sum, in either case, that fits what stands before."""
    stated = payload[-4:]
    return bool(_ENDS.fullmatch(payload[-8:])) and stated.upper() == crc(payload[:-4])


def _refuse_repeated(fields: list[Field], within: str = "") -> None:
    if repeated := first_repeated(fields):
        raise BadQris(QrisFault.INVALID_DUPLICATE, within + repeated)


def _refuse_foreign(fields: list[Field]) -> None:
    for tag, own, fault in (
        ("58", "ID", QrisFault.OTHER_COUNTRY),
        ("53", "360", QrisFault.OTHER_CURRENCY),
    ):
        stated = value_of(fields, tag)
        if stated is None:
            raise BadQris(QrisFault.MISSING_FIELD, tag)
        if stated != own:
            raise BadQris(fault, tag)
    if not any(is_account(field.tag) for field in fields):
        raise BadQris(QrisFault.NO_ACCOUNT)


def _inside(template: Field) -> list[Field]:
    """The fields within a template, each as its rule wants it."""
    tag = template.tag
    try:
        inner = split(template.value)
    except BrokenTlv as broken:
        raise BadQris(QrisFault.BAD_LENGTH, tag) from broken
    _refuse_repeated(inner, f"{tag}.")
    if is_account(tag) and value_of(inner, "00") is None:
        raise BadQris(QrisFault.MISSING_FIELD, f"{tag}.00")
    rules = ACCOUNT if is_account(tag) else ADDITIONAL if tag == "62" else LANGUAGE
    _check_values(inner, rules, f"{tag}.")
    return inner


def _check_values(
    fields: list[Field], rules: Mapping[str, re.Pattern[str]], within: str = ""
) -> None:
    for tag, value in fields:
        rule = rules.get(tag)
        if rule and not rule.fullmatch(value):
            raise BadQris(QrisFault.BAD_FIELD, within + tag)


def _code(payload: str, fields: list[Field], templates: dict[str, list[Field]]) -> QrisCode:
    stands = dict(fields)
    for tag in _NEEDED:
        if tag not in stands:
            raise BadQris(QrisFault.MISSING_FIELD, tag)
    for tag in ("59", "60"):
        if not stands[tag].isprintable():  # people compare this name with the one in their app
            raise BadQris(QrisFault.BAD_CHARACTERS, tag)
    accounts = tuple(_account(t, inner) for t, inner in templates.items() if is_account(t))
    national = next((one for one in accounts if one.guid.upper() == NATIONAL), None)
    if national and national.merchant_id and not NMID.fullmatch(national.merchant_id):
        raise BadQris(QrisFault.BAD_FIELD, f"{national.tag}.02")
    stated = [one.criteria for one in (national, *accounts) if one and one.criteria]
    return QrisCode(
        text=payload,
        fields=tuple(fields),
        name=stands["59"],
        city=stands["60"],
        postcode=stands.get("61"),
        mcc=stands["52"],
        country=stands["58"],
        currency=stands["53"],
        accounts=accounts,
        nmid=national.merchant_id if national else None,
        criteria=stated[0] if stated else None,
        dynamic=stands.get("01") == "12",
        amount=_amount(stands.get("54")),
        tip={tag: stands[tag] for tag in ("55", "56", "57") if tag in stands},
        additional=dict(templates.get("62", ())),
    )


def _account(tag: str, inner: list[Field]) -> Account:
    stands = dict(inner)
    return Account(tag, stands["00"], stands.get("01"), stands.get("02"), stands.get("03"))


def _amount(stated: str | None) -> Decimal | None:
    if stated is None:
        return None
    if not AMOUNT.fullmatch(stated) or not Decimal(stated):
        raise BadQris(QrisFault.BAD_AMOUNT, "54")
    if Decimal(stated) > MOST:
        raise BadQris(QrisFault.OVER_LIMIT, "54")
    return Decimal(stated)
