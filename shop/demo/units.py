"""By what things are counted in the demo's data, in Indonesian."""

from __future__ import annotations

UNITS = {
    "10 pcs": "10 buah",
    "10 slices": "10 potong",
    "12 pcs": "12 buah",
    "20 pcs": "20 bungkus",
    "bottle": "botol",
    "box": "kotak",
    "bunch": "ikat",
    "cup": "gelas",
    "hand": "sisir",
    "jar": "toples",
    "kg": "kg",
    "loyang": "loyang",
    "pack": "bungkus",
    "pcs": "buah",
    "portion": "porsi",
    "service": "jasa",
    "set": "set",
}
