"""The house plan, held by the machine: rooms, what may stand in which file, and sizes."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop import wiring
from shop.core.lifecycle import LifeCycle
from shop.life_cycles import LIFE_CYCLES
from shop.timetable import TIMETABLE

SHOP = Path(wiring.__file__).parent
ROOMS = (
    "impact",
    "standing",
    "complaints",
    "orders",
    "payments",
    "consignment",
    "lots",
    "sharing",
    "lots",
    "ledger",
    "catalog",
    "sellers",
    "training",
    "accounts",
)
LONGEST_FILE = 250
LONGEST_FUNCTION = 60


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (SHOP / folder).rglob("*.py"))


def views() -> list[Path]:
    return [path for path in modules(*ROOMS) if path.stem.startswith("views")]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """The module and the name of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, ""
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name


def named(path: Path) -> str:
    return str(path.relative_to(SHOP))


def test_rooms_stand_in_one_order():
    """The contracts of pyproject.toml: layers, no Flask in tables, no knots."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], capture_output=True, text=True, cwd=SHOP.parent, check=False
    )
    assert done.returncode == 0, done.stdout


def test_choices_are_fields_of_the_house():
    """WTForms' own say "Not a valid choice." on pages of any language."""
    fields = {"SelectField", "RadioField", "SelectMultipleField"}
    found = [(named(p), n) for p in modules(*ROOMS) for m, n in imports(p) if m == "wtforms"]
    assert [(path, name) for path, name in found if name in fields] == []


@pytest.mark.parametrize("path", views(), ids=named)
def test_views_hold_no_query_and_end_no_transaction(path: Path):
    found = re.findall(
        r"\bselect\(|\.execute\(|\.scalars?\(|\.query\b|\.commit\(|\.flush\(|\binsert\(|\bupdate\(",
        path.read_text("utf-8"),
    )
    assert found == []


def know_flask(path: Path) -> bool:
    flasks = {"flask", "flask_login", "flask_wtf", "werkzeug"}
    return any(module.partition(".")[0] in flasks for module, _ in imports(path))


def dotted(path: Path) -> str:
    return ".".join(["shop", *path.relative_to(SHOP).with_suffix("").parts])


def test_use_cases_know_no_flask():
    """What knows Flask (views, forms, helpers of theirs) is imported by its like only."""
    at_the_edge = {
        dotted(path)
        for path in modules(*ROOMS)
        if path.stem.startswith(("views", "forms")) or know_flask(path)
    }
    lowest = [name for name in at_the_edge if name.endswith((".models", ".states", ".events"))]
    assert lowest == []
    guilty = [
        f"{dotted(path)}: {module}.{name}"
        for path in modules(*ROOMS)
        if dotted(path) not in at_the_edge
        for module, name in imports(path)
        if module in at_the_edge or f"{module}.{name}" in at_the_edge
    ]
    assert guilty == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_enters_another_by_its_open_doors_only(room: str):
    guilty = []
    for path in modules(room):
        for module, name in imports(path):
            parts = module.split(".")
            foreign = parts[0] == "shop" and len(parts) > 1 and parts[1] in ROOMS
            if foreign and parts[1] != room:
                inside = [*parts[2:], name]
                if any(part.startswith(("views", "forms", "_")) for part in inside):
                    guilty.append(f"{named(path)}: {module}.{name}")
    assert guilty == []


def test_files_and_functions_stay_small():
    long = []
    for path in modules("."):
        if "versions" in path.parts:
            continue
        text = path.read_text("utf-8")
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{named(path)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                length = node.end_lineno - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{named(path)}: {node.name} has {length} lines")
    assert long == []


def silent(path: Path) -> Iterator[str]:
    """The public things of a module that say nothing of themselves."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    if text.strip() and ast.get_docstring(tree) is None:
        yield named(path)
    for node in tree.body:
        public = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"
        if public and ast.get_docstring(node) is None:
            yield f"{named(path)}: {node.name}"


def test_every_public_function_says_what_it_means():
    own = [path for path in modules(".") if "versions" not in path.parts]
    assert [line for path in own for line in silent(path)] == []


def test_every_event_is_heard():
    """An event that nobody hears is a handler somebody forgot to wire."""
    declared = set()
    for room in ROOMS:
        path = SHOP / room / "events.py"
        tree = ast.parse(path.read_text("utf-8") if path.exists() else "")
        declared |= {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    assert declared == {event.__name__ for event in wiring.EVENTS}


def test_every_work_sent_to_the_outbox_has_somebody_who_does_it():
    sent = set()
    for path in modules("."):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "outbox.send"
                and isinstance(node.args[1], ast.Constant)
            ):
                sent.add(str(node.args[1].value))
    assert sent <= set(wiring.OUTBOX)


def test_the_clock_has_a_time_for_every_job():
    for name, timed in TIMETABLE.items():
        assert (timed.every is None) != (timed.at is None), name


def test_every_life_cycle_is_listed():
    declared = {
        node.targets[0].id
        for path in modules(*ROOMS)
        if path.stem.startswith("states")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == LifeCycle.__name__
    }
    assert len(declared) == len(LIFE_CYCLES)
