"""A push service with browsers behind it: checks who sends, opens what comes, says what it is told.

It proves our side of RFC 8030, 8188, 8291 and 8292, with code of its own for the opposite side.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, request

from shop.core.web_push import make_keys
from tests.stand_ins.http import served

SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
_P256 = ec.SECP256R1()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def open_sealed(body: bytes, private: str, secret: str) -> bytes:
    """Open an `aes128gcm` message of one record as the browser does."""
    salt, length = body[:16], body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    key = ec.derive_private_key(int.from_bytes(_bytes(private), "big"), _P256)
    numbers = key.public_key().public_numbers()
    mine = b"\x04" + numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_P256, sender))
    about = b"WebPush: info\x00" + mine + sender
    material = HKDF(hashes.SHA256(), 32, _bytes(secret), about).derive(shared)

    def part(name: bytes, size: int) -> bytes:
        info = b"Content-Encoding: " + name + b"\x00"
        return HKDF(hashes.SHA256(), size, salt, info).derive(material)

    plain = AESGCM(part(b"aes128gcm", 16)).decrypt(part(b"nonce", 12), sealed, None)
    return plain.rstrip(b"\x00").removesuffix(b"\x02")


def verified_claims(header: str, public: str) -> dict[str, Any]:
    """The claims of a VAPID header. Raises `InvalidSignature`."""
    token = header.removeprefix("vapid t=").split(",")[0]
    head, claims, signature = token.split(".")
    raw = _bytes(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(_P256, _bytes(public))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, Any] = json.loads(_bytes(claims))
    return found


@dataclass
class StandInPush:
    """What browsers were told, by the path of their endpoints.

    `answers` are the next statuses; `slow` seconds pass before each answer.
    """

    public_key: str = ""
    url: str = ""
    answers: list[int] = field(default_factory=list)
    slow: float = 0
    shown: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """Its address and port."""
        return self.url.removeprefix("http://")

    def browser(self, name: str = "a") -> dict[str, str]:
        """What a browser gives a page: endpoint, public key, secret."""
        private, public = make_keys()
        self._keys[name] = private
        return {"endpoint": f"{self.url}/{name}", "p256dh": public, "auth": SECRET}

    def take(self, name: str) -> int:
        """One message for a browser; returns the status to answer."""
        time.sleep(self.slow)
        self.headers.append(dict(request.headers))
        if self.answers:
            return self.answers.pop(0)
        claims = verified_claims(request.headers["Authorization"], self.public_key)
        if claims["aud"] != self.url or not time.time() < claims["exp"] < time.time() + 86_400:
            return 403
        told = json.loads(open_sealed(request.get_data(), self._keys[name], SECRET))
        self.shown.setdefault(name, []).append(told)
        return 201


@contextmanager
def running() -> Iterator[StandInPush]:
    """The stand-in, served on a free port of this machine."""
    push, app = StandInPush(), Flask("stand_in_push")

    @app.post("/<name>")
    def take(name: str) -> tuple[str, int, dict[str, str]]:
        status = push.take(name)
        return "", status, {"Location": "/elsewhere"} if status in (201, 302) else {}

    with served(app) as push.url:
        yield push
