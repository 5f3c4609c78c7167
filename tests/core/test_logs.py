"""Logs: a JSON line an event, and nobody's name or number in them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from shop.config import Config
from shop.core.logs import init_logs
from tests.conftest import config_for


@pytest.fixture
def in_use(tmp_path: Path) -> Iterator[Config]:
    """The configuration of a shop in use, whose logs are not silenced; undone afterwards."""
    quiet = config_for(tmp_path, "sqlite://")
    handlers, level = list(logging.root.handlers), logging.root.level
    yield replace(quiet, testing=False)
    init_logs(quiet)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def test_a_line_is_json_without_personal_fields(in_use: Config, capsys: pytest.CaptureFixture[str]):
    init_logs(in_use)
    structlog.get_logger().info("order placed", number="4F2K7MQ9", phone="+628123", name="Ratna")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "order placed"
    assert line["number"] == "4F2K7MQ9"
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")
    assert not {"phone", "name"} & line.keys()


def test_libraries_warnings_are_lines_of_the_same_kind(
    in_use: Config, capsys: pytest.CaptureFixture[str]
):
    init_logs(in_use)
    logging.getLogger("huey").warning("task %s was revoked", "tick")
    logging.getLogger("huey").info("not kept")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "task tick was revoked"
    assert line["level"] == "warning"
