"""Sealed messages and the shop's signature, against the standard's own example."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidSignature

from shop.core import web_push
from shop.core.web_push import decode, encode
from tests.stand_ins.push import open_sealed, verified_claims

# RFC 8291, appendix A.
MESSAGE = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
READER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T"
    "lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4"
    "a-fN"
)


def test_the_example_of_the_standard():
    sealed = web_push.encrypt(MESSAGE, READER_PUBLIC, SECRET, private_key=SENDER, salt=decode(SALT))
    assert encode(sealed) == SEALED
    assert open_sealed(sealed, READER, SECRET) == MESSAGE
    assert web_push.public_of(READER) == READER_PUBLIC


def test_each_message_is_sealed_anew_and_only_its_reader_opens_it():
    private, public = web_push.make_keys()
    one, other = (web_push.encrypt(MESSAGE, public, SECRET) for _ in range(2))
    assert one != other
    assert open_sealed(one, private, SECRET) == open_sealed(other, private, SECRET) == MESSAGE


def test_the_signature_names_the_service_the_sender_and_an_end():
    private, public = web_push.make_keys()
    header = web_push.authorization(
        "https://push.example:443/a/b?c", private, "mailto:a@b.id", 1_000
    )
    claims = verified_claims(header, public)
    assert claims == {"aud": "https://push.example:443", "exp": 44_200, "sub": "mailto:a@b.id"}
    body, signature = header.removeprefix("vapid t=").split(",")[0].rsplit(".", 1)
    forged = encode(json.dumps({**claims, "sub": "mailto:x@y.id"}).encode())
    with pytest.raises(InvalidSignature):
        verified_claims(f"vapid t={body.split('.')[0]}.{forged}.{signature}, k={public}", public)


@pytest.mark.parametrize(
    ("public", "secret"),
    [("", SECRET), ("AAAA", SECRET), (READER_PUBLIC, "AAAA"), (READER_PUBLIC, "ä"), ("%", "%")],
)
def test_what_no_browser_gives_is_refused(public: str, secret: str):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the fault is, it is a ValueError
        web_push.check_subscription(public, secret)


def test_a_message_that_fits_into_no_record_is_refused():
    with pytest.raises(ValueError, match="too long"):
        web_push.encrypt(b"x" * 3001, READER_PUBLIC, SECRET)
