"""Where the demo's texts and numbers lie."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
"""`<slug>-1.jpg` is a product's card picture, `-2.jpg` a second view where there is one."""


@cache
def read(name: str) -> Any:
    """The parsed `data/<name>.json` of the demo. Callers must not change it."""
    return json.loads((HERE / "data" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def zone_fees() -> dict[str, int]:
    """What bringing a parcel to each delivery zone costs at least, in rupiah."""
    zones = _regions()["delivery_zones"]
    return {zone["id"]: zone["fee_idr"] for zone in zones if zone["fee_idr"]}


@cache
def zone_of_kelurahan() -> dict[str, str]:
    """The delivery zone of each kelurahan code."""
    return {
        kelurahan["code"]: kelurahan["zone"]
        for kecamatan in _regions()["kecamatan"]
        for kelurahan in kecamatan["kelurahan"]
    }


@cache
def _regions() -> Any:
    return json.loads((HERE.parent / "data" / "regions.json").read_text(encoding="utf-8"))
