"""Templates: each compiles, is used, refers only to what exists, and holds nothing forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

from shop import wiring

SHOP = Path(wiring.__file__).parent
TEMPLATES = SHOP / "templates"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
FORBIDDEN = {
    r"\|\s*safe\b": "unescaped text",
    r"\bautoescape\s+false": "unescaped text",
    r"\sstyle\s*=": "an inline style",
    r"<style\b": "an inline style",
    r"\son[a-z]+\s*=\s*[\"']": "an inline script",
    r"<script(?![^>]*\b(src=|type=\"application/ld\+json\"))": "an inline script",
    r"javascript:": "an inline script",
    r"\b(?:src|srcset|action|poster|data)\s*=\s*[\"']https?://": "a thing of another site",
}
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
TO_FILL_IN = re.compile(
    r"\{\{ *(?:text|tel|number|money|money_field|password|select|textarea|checkbox|choices|shoot"
    r"|amount)\(|\{% *call camera|<(?:select|textarea)\b|<input\b(?![^>]*type=\"hidden\")"
)


def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)


def calls(tree: nodes.Template, function: str) -> Iterator[str]:
    """The literal first arguments of all calls of a global function."""
    for call in tree.find_all(nodes.Call):
        named = isinstance(call.node, nodes.Name) and call.node.name == function
        if named and call.args and isinstance(call.args[0], nodes.Const):
            yield str(call.args[0].value)


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles_and_what_it_includes_exists(app: Flask, name: str):
    environment = app.jinja_env
    assert environment.get_template(name).render is not None
    for other in meta.find_referenced_templates(environment.parse(source(name))):
        assert other in NAMES, other


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_nothing_forbidden(name: str):
    text = without_comments(source(name))
    assert [why for pattern, why in FORBIDDEN.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_icons_scripts_and_addresses_it_names_exist(app: Flask, name: str):
    tree = app.jinja_env.parse(source(name))
    assets = app.extensions["assets"]
    with app.test_request_context("/"):
        for icon in calls(tree, "icon"):
            assets.icon(icon)
    for script in calls(tree, "script"):
        assets.script(script)
    for asset in calls(tree, "asset"):
        assets.asset(asset)
    known = {*app.view_functions, *(f".{name.partition('.')[2]}" for name in app.view_functions)}
    assert set(calls(tree, "url_for")) <= known


@pytest.mark.parametrize("name", NAMES)
def test_what_is_missing_in_a_form_is_said_by_the_shop_not_by_the_browser(name: str):
    """The shop's words stand beside the field in the page's language; a browser's bubble does not.

    GET forms need it where a field is `required`; forms that are only buttons never do.
    """
    for opening, inside in FORM.findall(without_comments(source(name))):
        posts = 'method="post"' in opening and TO_FILL_IN.search(inside)
        if posts or re.search(r"\brequired\b", inside):
            assert "novalidate" in opening, opening


def test_every_template_is_used(app: Flask):
    named = set()
    for name in NAMES:
        named |= set(meta.find_referenced_templates(app.jinja_env.parse(source(name))))
    for path in SHOP.rglob("*.py"):
        named |= set(re.findall(r"[\"']([a-z_/]+\.html)[\"']", path.read_text("utf-8")))
    assert sorted(set(NAMES) - named) == []


def test_the_search_for_forbidden_things_finds_them():
    bad = (
        "{{ x|safe }}",
        "{% autoescape false %}",
        '<p style="x">',
        "<style>",
        '<b onclick="x()">',
        "<script>x</script>",
        '<a href="javascript:x">',
        '<img src="https://evil.example/x.png">',
    )
    for text in bad:
        assert any(re.search(pattern, text) for pattern in FORBIDDEN), text
