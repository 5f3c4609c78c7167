"""Notifications by the WhatsApp Business Cloud API: approved templates to people who agreed.

https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from shop.accounts.carriers import Delayed, Item, Post, Refused, Unknown
from shop.accounts.whatsapp_words import TEMPLATES, Template
from shop.config import Config, WhatsAppConfig
from shop.core import calls

NOT_THERE = frozenset({131026, 131030, 133010})
"""The number is not on WhatsApp, or cannot be written to."""
LATER = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133016})
"""Too many messages, or a fault on the other side: again after a while."""
OUTSIDE_WINDOW = frozenset({131047, 470})
TEMPLATE = frozenset({132000, 132001, 132005, 132007, 132012, 132015, 132016})
"""The template is missing, paused, rejected, or has other gaps than ours."""
KEY = frozenset({0, 3, 10, 190, 200, 131005, 131031, 131042, 133004})
"""Our key, rights, account or bill: staff must mend it, and then it goes on."""
_LONGEST_GAP = 200
_LONGEST_ID = 120


def pack(session: Session, item: Item, config: Config) -> Post | None:  # noqa: ARG001
    """A template message, where the Business Platform is set up and its reader agreed."""
    template = TEMPLATES.get(item.notification.kind)
    if config.whatsapp is None or item.reader.whatsapp is None or template is None:
        return None
    whatsapp = config.whatsapp
    body = json.dumps(message(item, item.reader.whatsapp, template)).encode()
    return lambda: _post(whatsapp, body)


def message(item: Item, phone: str, template: Template) -> dict[str, Any]:
    """The message as the interface wants it. Our send's id comes back with each status of it."""
    detail = item.notification.detail
    gaps = [
        {"type": "text", "text": " ".join(str(detail.get(gap, "…")).split())[:_LONGEST_GAP] or "…"}
        for gap in template.gaps
    ]
    parts: list[dict[str, Any]] = [{"type": "body", "parameters": gaps}]
    if template.button:
        ending = {"type": "text", "text": item.path.lstrip("/") or "account"}
        parts.append({"type": "button", "sub_type": "url", "index": "0", "parameters": [ending]})
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": phone.removeprefix("+"),
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": item.reader.language},
            "components": parts,
        },
        "biz_opaque_callback_data": item.send_id.hex,
    }


def reason(code: int) -> str:
    """What a fault's number means for us, as a code of `words_messages`."""
    kinds = (
        (NOT_THERE, "not there"), (OUTSIDE_WINDOW, "window"), (TEMPLATE, "template"),
        (KEY, "key"), (LATER, "later"),
    )  # fmt: skip
    return next((f"whatsapp {name}" for codes, name in kinds if code in codes), f"whatsapp {code}")


def _post(whatsapp: WhatsAppConfig, body: bytes) -> str | None:
    headers = {"Authorization": f"Bearer {whatsapp.token}", "Content-Type": "application/json"}
    try:
        answer = calls.post(f"{whatsapp.api_base}/{whatsapp.phone_id}/messages", body, headers)
    except calls.Unreachable:
        raise Delayed("whatsapp line") from None
    said = _json(answer.body)
    if answer.status == 200:
        return _name(said)
    _raise(answer.status, _code(said))
    return None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _name(said: Any) -> str:
    """The carrier's name for the message; an answer without one is no acceptance."""
    try:
        name = said["messages"][0]["id"]
    except (KeyError, IndexError, TypeError):
        raise Delayed("whatsapp answer") from None
    if not isinstance(name, str) or not name:
        raise Delayed("whatsapp answer")
    return name[:_LONGEST_ID]


def _code(said: Any) -> int | None:
    try:
        return int(said["error"]["code"])
    except (KeyError, TypeError, ValueError):
        return None


def _raise(status: int, code: int | None) -> None:
    if code is None or code in LATER or code in KEY or status in (429, 401) or status >= 500:
        raise Delayed(reason(code) if code is not None else f"whatsapp http {status}")
    raise (Unknown if code in NOT_THERE else Refused)(reason(code))
