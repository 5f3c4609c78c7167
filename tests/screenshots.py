"""Draw the pages of a demo shop into `docs/screenshots/`: `make screenshots`.

`python -m tests.screenshots URL FOLDER` draws every page of a shop that runs already.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from shop.demo.cast import PASSWORD, sign_ins
from tests.serving import CHROMIUM, CHROMIUM_ARGS, demo_shop

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
SIZES = {"phone": (390, 844), "laptop": (1280, 800)}

BUYER = {
    "home": "/",
    "home-en": "/en/",
    "list": "/k/jajanan-basah",
    "search": "/cari?q=kerupuk",
    "product": "/p/kerupuk-tenggiri",
    "seller": "/s/rohana",
    "sellers": "/penjual",
    "cart": "/cart",
    "checkout": "/checkout",
    "find": "/lacak",
    "how": "/cara-pesan",
    "training": "/pelatihan",
    "sign-in": "/sign-in",
    "not-found": "/p/tidak-ada",
}
STUDIO = {
    "today": "/sell",
    "products": "/sell/products",
    "product-new": "/sell/products/new",
    "orders": "/sell/orders",
    "money": "/sell/money",
    "more": "/sell/more",
}
STAFF = {
    "desk": "/staff",
    "impact": "/staff/impact",
    "payments": "/staff/payments",
    "payouts": "/staff/payouts",
    "orders": "/staff/orders",
    "sellers": "/staff/sellers",
    "products": "/staff/products",
    "training": "/staff/training",
    "settings": "/staff/settings",
    "people": "/staff/people",
}
IN_README = (
    ("buyer", "home", "phone"),
    ("buyer", "product", "phone"),
    ("buyer", "checkout", "phone"),
    ("studio", "today", "phone"),
    ("studio", "product-new", "phone"),
    ("studio", "money", "phone"),
    ("staff", "impact", "laptop"),
    ("staff", "payments", "laptop"),
)


def open_context(browser: Browser, url: str, size: str, account: str | None) -> BrowserContext:
    """A browser of that size, signed in as the demo's `account` if given."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=url,
        locale="id-ID",
        device_scale_factor=2 if size == "phone" else 1,
    )
    if account:
        person = next(one for one in sign_ins() if one.key == account)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=phone]", person.phone)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button")
        page.close()
    return context


def fill_cart(page: Page) -> None:
    """Put things of three sellers into the cart."""
    for slug in ("kerupuk-tenggiri", "kue-nanas", "tas-perca"):
        page.goto(f"/p/{slug}")
        page.locator("form[action*='/cart/add'] button").last.click()


def draw(page: Page, path: str, target: Path, *, whole: bool = True) -> None:
    """Open `path` and draw it into `target`, from top to bottom if `whole`."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target, full_page=whole, type="jpeg", quality=82)


def draw_all(browser: Browser, url: str, folder: Path) -> None:
    """Every page of the three doors, in both sizes."""
    doors = ((BUYER, "buyer", None), (STUDIO, "studio", "homemaker"), (STAFF, "staff", "admin"))
    for size in SIZES:
        for pages, door, account in doors:
            context = open_context(browser, url, size, account)
            page = context.new_page()
            if door == "buyer":
                fill_cart(page)
            for name, path in pages.items():
                draw(page, path, folder / f"{door}-{name}-{size}.jpg")
            context.close()


def draw_for_readme(browser: Browser, url: str, folder: Path) -> None:
    """The few that the README shows, one screenful each."""
    accounts = {"buyer": None, "studio": "homemaker", "staff": "admin"}
    pages = {"buyer": BUYER, "studio": STUDIO, "staff": STAFF}
    for door, name, size in IN_README:
        context = open_context(browser, url, size, accounts[door])
        page = context.new_page()
        if name == "checkout":
            fill_cart(page)
        draw(page, pages[door][name], folder / f"{name}.jpg", whole=False)
        context.close()


def main() -> None:
    """Draw a running shop, or one made for the purpose."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        if len(sys.argv) == 3:
            draw_all(browser, sys.argv[1], Path(sys.argv[2]))
            return
        with demo_shop() as url:
            draw_for_readme(browser, url, FOLDER)


if __name__ == "__main__":
    main()
