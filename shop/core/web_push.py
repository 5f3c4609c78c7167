"""Web Push: a message only one browser can read (RFC 8291), signed with the shop's key (RFC 8292).

Keys and secrets are written in base64url without padding, as browsers give them.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
MOST_BYTES = 3000
"""A message fits into one record of 4096 bytes, the least a push service must take."""
_RECORD = 4096
_LAST_RECORD = b"\x02"
_TOKEN_SECONDS = 12 * 3600


def encode(data: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes in base64url with or without padding. Raises `ValueError`."""
    plain = text.rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def make_keys() -> tuple[str, str]:
    """A fresh pair: private key, public key."""
    key = ec.generate_private_key(CURVE)
    private = encode(key.private_numbers().private_value.to_bytes(32, "big"))
    return private, public_of(private)


def public_of(private: str) -> str:
    """The public key that belongs to a private one, as browsers want to be told it."""
    return encode(_point(_private(private).public_key()))


def check_subscription(public_key: str, secret: str) -> None:
    """Raises `ValueError` where these are not what a browser gives: a point and 16 bytes."""
    _public(public_key)
    if len(decode(secret)) != 16:
        raise ValueError("the secret has not 16 bytes")


def encrypt(
    message: bytes,
    public_key: str,
    secret: str,
    *,
    private_key: str | None = None,
    salt: bytes | None = None,
) -> bytes:
    """`message` for the browser with these keys, in `aes128gcm` (RFC 8188).

    The sender's key and the salt are fresh unless given, as a test does. Raises `ValueError` for
    bad keys and for more than `MOST_BYTES`.
    """
    if len(message) > MOST_BYTES:
        raise ValueError("the message is too long")
    receiver = _public(public_key)
    sender = _private(private_key) if private_key else ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    mine = _point(sender.public_key())
    shared = sender.exchange(ec.ECDH(), receiver)
    about = b"WebPush: info\x00" + _point(receiver) + mine
    material = _derive(decode(secret), shared, about, 32)
    key = _derive(salt, material, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, material, b"Content-Encoding: nonce\x00", 12)
    head = salt + struct.pack("!IB", _RECORD, len(mine)) + mine
    return head + AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)


def authorization(endpoint: str, private: str, subject: str, now: float) -> str:
    """The Authorization header that says who sends (VAPID): a signed token for this service only.

    `now` in seconds since 1970.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now) + _TOKEN_SECONDS,
        "sub": subject,
    }
    head = encode(b'{"typ":"JWT","alg":"ES256"}')
    signed = f"{head}.{encode(json.dumps(claims).encode())}"
    r, s = decode_dss_signature(_private(private).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_of(private)}"


def _derive(salt: bytes, material: bytes, about: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, about).derive(material)


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decode(text), "big"), CURVE)


def _public(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decode(text))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
