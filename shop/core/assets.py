"""Styles, scripts and icons: joined, named by their content, packed once, served for a year."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import Final

import brotli
from flask import Flask, Response, abort, g
from markupsafe import Markup

from shop.core.compress import best_coding

STATIC: Final = Path(__file__).parents[1] / "static"

_EVERYWHERE: Final = (
    "layers", "tokens", "base",
    "components/masthead", "components/button", "components/badge", "components/money",
    "components/field", "components/notice", "components/chip", "components/photo",
    "components/card", "components/maker", "components/upload",
    "components/pager", "components/crumbs", "components/part", "components/timeline",
)  # fmt: skip
_BUYER: Final = (
    "components/footer", "components/facts", "components/prices", "components/buybar",
    "pages/home", "pages/list", "pages/product", "pages/checkout", "pages/sign-in", "pages/track",
)  # fmt: skip
_STUDIO: Final = (
    "components/foot", "components/table", "components/bottombar", "components/order",
    "components/chart", "components/facts", "components/buybar",
    "pages/checkout", "pages/studio", "pages/goods", "pages/more", "pages/worklist",
    "pages/consignment", "pages/group",
)  # fmt: skip
_STAFF: Final = (
    "components/foot", "components/table", "components/order", "components/chart",
    "components/facts", "pages/checkout", "pages/staff", "pages/goods", "pages/training",
    "pages/books", "pages/group",
)  # fmt: skip

#: Each door's style files, in the order they are joined.
DOORS: Final = {
    "buyer": _EVERYWHERE + _BUYER,
    "studio": _EVERYWHERE + _STUDIO,
    "staff": _EVERYWHERE + _STAFF,
}

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE: Final = re.compile(r"\s+")
# Not around ":" or "+": "a :hover" and "calc(1px + 2px)" mean something else without the space.
_AROUND: Final = re.compile(r"\s*([{};,>])\s*")
_SYMBOL: Final = re.compile(r'<symbol id="i-([a-z-]+)".*?</symbol>', re.DOTALL)
_TEXT_TYPES: Final = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


@dataclass(frozen=True)
class Asset:
    """One served file. `packed` holds the body by content coding (`br`, `gzip`)."""

    name: str
    content_type: str
    body: bytes
    packed: dict[str, bytes]


def squeeze(css: str) -> str:
    """Drop comments and idle white space. The house's own CSS holds no string with either."""
    css = _SPACE.sub(" ", _COMMENT.sub("", css))
    return _AROUND.sub(r"\1", css).replace(";}", "}").strip()


@lru_cache(maxsize=64)
def _packed(body: bytes) -> dict[str, bytes]:
    # Cached because a test run makes many applications of the same files.
    return {"br": brotli.compress(body, quality=11), "gzip": gzip.compress(body, 9, mtime=0)}


class Assets:
    """Everything below a static folder, read once.

    `css/` is joined per door, `icons.svg` is kept as symbols for inlining, every other file is
    served as it is. Script modules are renamed too, so they must not import each other by path.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        self.by_name: dict[str, Asset] = {}
        self._urls: dict[str, str] = {}
        for door, files in DOORS.items():
            css = "".join((folder / "css" / f"{file}.css").read_text("utf-8") for file in files)
            self._add(f"{door}.css", squeeze(css).encode())
        for path in _other_files(folder):
            self._add(path.relative_to(folder).as_posix(), path.read_bytes())
        icons = (folder / "icons.svg").read_text("utf-8")
        self._symbols = {match[1]: match[0] for match in _SYMBOL.finditer(icons)}

    def _add(self, key: str, body: bytes) -> None:
        path = Path(key)
        name = f"{path.stem}.{sha256(body).hexdigest()[:12]}{path.suffix}"
        content_type = _content_type(path)
        packed = _packed(body) if content_type.startswith(_TEXT_TYPES) else {}
        self.by_name[name] = Asset(name, content_type, body, packed)
        # Never url_for: the English door sits in SCRIPT_NAME, and a file has one address.
        self._urls[key] = f"/assets/{name}"

    def asset(self, key: str) -> str:
        """URL path of a file of the static folder (`icon.svg`); KeyError if there is none."""
        return self._urls[key]

    def stylesheet(self, door: str) -> str:
        """URL path of the joined styles of a door; KeyError for an unknown door."""
        return self._urls[f"{door}.css"]

    def script(self, name: str) -> str:
        """URL path of the module `js/<name>.js`; KeyError if there is none."""
        return self._urls[f"js/{name}.js"]

    def icon(self, name: str, label: str | None = None) -> Markup:
        """Draw an icon and remember that this page needs its symbol.

        With a label it is a picture with a spoken name, without one it is hidden from speech.
        KeyError for an unknown name.
        """
        if name not in self._symbols:
            raise KeyError(f"no icon named {name!r} in icons.svg")
        g.setdefault("icons", set()).add(name)
        spoken = (
            Markup('role="img" aria-label="{}"').format(label)
            if label
            else Markup('aria-hidden="true"')
        )
        return Markup('<svg class="icon" {}><use href="#i-{}"/></svg>').format(spoken, name)

    def icon_sprite(self) -> Markup:
        """Write the symbols this page has drawn so far; belongs at the very end of body."""
        symbols = "".join(self._symbols[name] for name in sorted(g.pop("icons", ())))
        # Safe: the symbols come from the house's own file, not from a person.
        return Markup(f'<svg hidden xmlns="http://www.w3.org/2000/svg">{symbols}</svg>')  # noqa: S704


def _content_type(path: Path) -> str:
    if path.suffix == ".webmanifest":
        return "application/manifest+json"
    kind = {".js": "text/javascript", ".css": "text/css"}.get(path.suffix) or guess_type(path)[0]
    if kind is None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _other_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] != "css" and inside.name not in _NOT_SERVED:
            yield path


_NOT_SERVED: Final = ("icons.svg", ".gitkeep")


def _serve(assets: Assets, name: str) -> Response:
    asset = assets.by_name.get(name)
    if asset is None:
        abort(404)
    response = Response(asset.body, content_type=asset.content_type)
    if asset.packed:
        response.vary.add("Accept-Encoding")
        coding = best_coding()
        if coding:
            response.set_data(asset.packed[coding])
            response.content_encoding = coding
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def init_app(app: Flask, folder: Path = STATIC) -> None:
    """Read the static folder, register `/assets/<name>` and the template globals."""
    assets = Assets(folder)
    app.extensions["assets"] = assets
    app.add_url_rule("/assets/<name>", "assets", lambda name: _serve(assets, name))
    app.jinja_env.globals.update(
        asset=assets.asset,
        stylesheet=assets.stylesheet,
        script=assets.script,
        icon=assets.icon,
        icon_sprite=assets.icon_sprite,
    )
