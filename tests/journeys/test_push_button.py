"""The button that lets a phone be told: it posts the browser's keys, and stops again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from shop.core.web_push import make_keys
from tests.serving import (
    free_port,
    run_shop,
    shop_env,
    stop,
    wait_until_up,
)
from tests.stand_ins.push import SECRET

# No push service can be reached from a test: the browser's own part is played by this.
PLAYED = """
window.asked = [];
const keys = { p256dh: "%s", auth: "%s" };
const one = { toJSON: () => ({ endpoint: "https://push.example/a", keys }) };
let known = null;
PushManager.prototype.getSubscription = async () => known;
PushManager.prototype.subscribe = async (how) => {
  window.asked.push(how.applicationServerKey.length);
  return (known = one);
};
Object.defineProperty(Notification, "permission", { get: () => "default" });
"""


@pytest.mark.browser
@pytest.mark.slow
def test_a_phone_asks_and_stops(browser: Browser, tmp_path: Path):
    keys = {"VAPID_PRIVATE_KEY": make_keys()[0], "VAPID_SUBJECT": "mailto:toko@example.id"}
    env = shop_env(tmp_path, free_port(), **keys)
    process = run_shop(env, "serve", "--no-jobs")
    try:
        wait_until_up(env["BASE_URL"], process)
        made = run_shop(
            env, "create-staff", "--name", "Aminah", "--phone", "081234567890",
            "--role", "facilitator", "--password", "rahasia-123",
        )  # fmt: skip
        assert made.wait(30) == 0
        visit(browser, env["BASE_URL"])
    finally:
        stop(process)


def visit(browser: Browser, url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(PLAYED % (make_keys()[1], SECRET))
    page.goto(f"{url}/sign-in")
    page.fill("[name=phone]", "081234567890")
    page.fill("[name=password]", "rahasia-123")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff")
    page.goto(f"{url}/account")
    on = page.get_by_role("button", name="Beri tahu saya di HP ini")
    off = page.get_by_role("button", name="HP ini diberi tahu. Hentikan")
    on.wait_for()
    assert not off.is_visible()
    for button, other in ((on, off), (off, on)):
        with page.expect_response("**/account/push") as answer:
            button.click()
        assert answer.value.status == 204
        other.wait_for()
        assert not button.is_visible()
    assert page.evaluate("window.asked") == [65]
    context.close()
