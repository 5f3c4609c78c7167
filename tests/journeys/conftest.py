"""A shop that a real browser can visit, and that browser."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.serving import CHROMIUM, CHROMIUM_ARGS, NO_CHROMIUM

AxeFaults = Callable[..., list[str]]
_STAND_STILL = """document.getAnimations().forEach(one => {
  if (one.effect.getComputedTiming().endTime !== Infinity) one.finish()
})"""
"""Ends what still fades, so that colours are judged as they stay."""


@pytest.fixture
def shop_url(app: Flask) -> Iterator[str]:
    """The address of the test's own shop, served by threads; commit what a page shall show."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not Path(CHROMIUM).exists():
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)


@pytest.fixture
def phone(browser: Browser, shop_url: str) -> Iterator[Page]:
    """A page on a phone of 390 × 844, with `/` at the shop's own address."""
    context = browser.new_context(
        base_url=shop_url,
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale="id-ID",
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> AxeFaults:
    """Look for faults of accessibility (WCAG 2.2 AA, or `only` these rules); a line for each."""
    tool = Axe()
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

    def faults(page: Page, *only: str) -> list[str]:
        page.evaluate(_STAND_STILL)
        options = {"runOnly": list(only) or rules}
        found = tool.run(page, options=options).response["violations"]
        return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]

    return faults
