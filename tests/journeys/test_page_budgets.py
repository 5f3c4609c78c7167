"""Home, list and product on a phone: what they weigh, and that everybody can use them."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shop.catalog.models import ProductPhoto
from shop.catalog.shelves import SHELVES, open_shelves
from shop.core import clock
from shop.core.images import master_key, normalise, rendition_key, renditions
from shop.core.models import Picture
from shop.core.settings import default_settings
from shop.core.storage_folder import FolderStorage
from shop.demo.source import PICTURES
from shop.sellers.models import SellerKind, SellerMember
from tests.factories.catalog import make_product
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_graduate
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {"home": "/", "list": "/k/camilan", "product": "/p/barang-1"}
OTHERS = {
    "narrowed": "/k/camilan?siap=today", "sheet": "/k/camilan#saring", "search": "/cari?q=kerupuk",
    "nothing": "/cari?q=gajah", "seller": "/s/{seller}", "sellers": "/penjual",
    "near": "/?kel=21.72.04.1004", "gone": "/p/barang-0", "english": "/en/p/barang-1",
}  # fmt: skip
HTML_AND_CSS = 14 * 1024
SCRIPTS = 5 * 1024
BEFORE_THE_FOLD = {"list": 100 * 1024, "product": 80 * 1024}
REQUESTS = 12
_PHOTOS = 24


@dataclass
class Loaded:
    """What a page brought over the line before anybody scrolled, in bytes by kind of thing."""

    bytes: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def shop(app: Flask, session: Session, rendered: tuple[Path, list[dict[str, Any]]]) -> str:
    """A shop of forty things with real photos in all their sizes; gives a seller's address."""
    session.add(default_settings())
    open_shelves(session)
    sellers = [make_seller(session, name) for name in ("Rohana", "Erni", "Salmah", "Maimunah")]
    sellers.append(make_seller(session, "Koperasi Tani", SellerKind.COOPERATIVE))
    person, _ = make_graduate(session, make_cohort(session))
    for seller in sellers:
        seller.story = "Dulu saya goreng untuk acara keluarga saja. Sekarang setiap hari."
        seller.makes, seller.pickup_hours = "Kerupuk dan rempeyek", "Setiap hari 15.00–20.00"
        session.add(
            SellerMember(
                seller_id=seller.id, participant_id=person.id, name=person.name, role="member"
            )
        )
    folder, pictures = rendered
    shutil.copytree(folder, app.extensions["storage"].root, dirs_exist_ok=True)
    session.execute(insert(Picture), pictures)
    shas = [row["sha256"] for row in pictures]
    for number in range(40):
        product = make_product(
            session, sellers[number % 5], name=f"Kerupuk Ikan Tenggiri {number}",
            slug=f"barang-{number}", on_hand=number * 3 % 40 if number % 3 else 0,
            lead_days=number % 4, unit="bungkus", weight_g=150, shelf_life_days=60,
            description="Kerupuk putih pipih dari tenggiri, digoreng sore, dibungkus malam itu.",
            allergens=["fish"], ingredients="Ikan tenggiri 40 %, tepung sagu, bawang putih, garam",
            category="hasil-tani" if number % 5 == 4 else "camilan" if number % 2 else "paket",
            halal_kind="certified", halal_number="ID21110001234560226",
        )  # fmt: skip
        for position, sha256 in enumerate((shas[number % _PHOTOS], shas[(number + 1) % _PHOTOS])):
            session.add(
                ProductPhoto(
                    product_id=product.id,
                    seller_id=product.seller_id,
                    picture_sha256=sha256,
                    position=position,
                    alt="Kerupuk di mangkuk hijau",
                )
            )
    for shelf, _, _ in SHELVES:
        make_product(session, sellers[0], name=f"Contoh {shelf}", category=shelf)
    session.commit()
    return sellers[0].slug


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A folder with photos in all their sizes, and the rows that go with them; made once."""
    folder = tmp_path_factory.mktemp("photos")
    storage, rows = FolderStorage(folder), []
    for path in sorted(PICTURES.glob("*-1.jpg"))[:_PHOTOS]:
        image = normalise(path.read_bytes())
        storage.put(master_key(image.sha256), image.jpeg, "image/jpeg")
        for one in renditions(image.jpeg):
            key = rendition_key(image.sha256, one.width, one.format)
            storage.put(key, one.data, one.content_type)
        rows.append(
            {
                "sha256": image.sha256, "width": image.width, "height": image.height,
                "tone": image.tone, "bytes": len(image.jpeg), "rendered_at": clock.now(),
            }
        )  # fmt: skip
    return folder, rows


def opened(page: Page, address: str) -> Loaded:
    """Open a page as a first-time visitor and wait until it is at rest."""
    loaded = Loaded()

    def note(message: Any) -> None:
        kinds[message["requestId"]] = message["type"]
        if message["type"] != "Image":
            loaded.requests.append(message["request"]["url"])

    def weigh(message: Any) -> None:
        kind = kinds.get(message["requestId"], "Other")
        loaded.bytes[kind] = loaded.bytes.get(kind, 0) + int(message["encodedDataLength"])

    kinds: dict[str, str] = {}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.on("Network.requestWillBeSent", note)
    line.on("Network.loadingFinished", weigh)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # A browser with time to spare fetches pictures further down, too; these are not counted.
    loaded.requests += page.evaluate(
        """[...document.images].filter(one => one.getBoundingClientRect().top < innerHeight
          && one.getBoundingClientRect().left < innerWidth).map(one => one.currentSrc)"""
    )
    return loaded


def watch_shifts(page: Page) -> None:
    """Note in every page's `shifts` what moves by itself: how much, when, which element."""
    page.add_init_script(
        "window.shifts = []; new PerformanceObserver(list => list.getEntries().forEach(entry =>"
        " window.shifts.push([entry.value, entry.startTime, ...entry.sources.map(source =>"
        " source.node?.outerHTML?.slice(0, 80) ?? source.node?.nodeName ?? null)])"
        ")).observe({type: 'layout-shift', buffered: true})"
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(phone: Page, shop: str, name: str) -> None:
    watch_shifts(phone)
    loaded = opened(phone, PAGES[name])
    whole = sum(loaded.bytes.values())

    assert loaded.bytes["Document"] + loaded.bytes["Stylesheet"] <= HTML_AND_CSS, loaded
    assert loaded.bytes.get("Script", 0) <= SCRIPTS, loaded
    assert loaded.bytes["Image"] > 5_000, "the photos were not there to be weighed"
    assert whole <= BEFORE_THE_FOLD.get(name, 150 * 1024), loaded
    assert len(loaded.requests) <= REQUESTS, loaded
    assert phone.evaluate("window.shifts") == []
    assert _overflow(phone) <= 0


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_while_a_page_comes_in_pieces(phone: Page, shop: str, name: str) -> None:
    phone.goto(PAGES[name])  # so that the style is there and half a page can be drawn
    phone.goto("/sign-in")
    watch_shifts(phone)
    line = phone.context.new_cdp_session(phone)
    slow = {"offline": False, "latency": 50, "downloadThroughput": 6000, "uploadThroughput": 6000}
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", slow)
    line.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    phone.goto(PAGES[name], wait_until="domcontentloaded")
    page = "performance.getEntriesByType('navigation')[0]"
    asked, came = phone.evaluate(f"[{page}.responseStart, {page}.responseEnd]")

    assert came - asked > 500, "the page came at once"
    assert phone.evaluate("performance.getEntriesByName('first-paint')[0].startTime") < came
    assert phone.evaluate("window.shifts") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_usable_by_everybody(
    phone: Page, shop: str, axe: AxeFaults, scheme: Any
) -> None:
    phone.emulate_media(color_scheme=scheme)
    faults = []
    for name, address in (PAGES | OTHERS).items():
        phone.goto(address.format(seller=shop))
        phone.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        faults += [f"{name}: {fault}" for fault in axe(phone) + _small_targets(phone)]
        if (wider := _overflow(phone)) > 0:
            faults.append(f"{name}: {wider} px wider than the phone")

    assert faults == []


def test_the_planted_fault_is_found(phone: Page, shop: str, axe: AxeFaults) -> None:
    phone.goto("/")
    phone.evaluate("document.querySelector('input[type=search]').removeAttribute('aria-label')")
    phone.evaluate("document.querySelector('input[type=search]').removeAttribute('placeholder')")
    phone.evaluate(
        "document.querySelector('.wordmark').insertAdjacentHTML('afterend', "
        "'<button type=button>x</button>')"
    )

    assert any(fault.startswith("label") for fault in axe(phone))
    assert _small_targets(phone) != []


def test_the_filter_sheet_opens_and_closes_by_address(phone: Page, shop: str) -> None:
    phone.goto("/k/camilan")
    phone.get_by_role("link", name="Saring, urut").click()
    phone.get_by_role("link", name=re.compile("Siap (hari ini|besok)")).last.click()
    phone.wait_for_url("**/k/camilan?siap=today")
    assert not phone.locator("#saring").is_visible()

    phone.go_back()
    assert phone.locator("#saring").is_visible()
    phone.go_back()
    assert not phone.locator("#saring").is_visible()


def test_the_way_to_the_cart_is_under_the_thumb_without_scripts(
    browser: Browser, shop: str, shop_url: str
) -> None:
    context = browser.new_context(
        base_url=shop_url, viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/p/barang-1")
    box = page.get_by_role("button", name="Tambah ke keranjang").bounding_box()
    page.get_by_text("Pilih kelurahan").click()
    page.get_by_label("Kelurahan Anda").select_option(label="Kemboja, Tanjungpinang Barat")
    page.get_by_role("button", name="Lihat ongkos").click()

    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert page.get_by_text("Diantar ke Kemboja").is_visible()
    context.close()


def _overflow(page: Page) -> int:
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def _small_targets(page: Page) -> list[str]:
    """What can be touched and is lower than 44 px, unless a whole card is its target."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, select, summary, input')]
          .filter(one => one.type !== 'hidden' && one.checkVisibility())
          .filter(one => !one.matches('.skip') && !one.closest('.sr'))
          .filter(one => getComputedStyle(one, '::after').position !== 'absolute')
          .filter(one => one.getBoundingClientRect().height < 43.5)
          .map(one => one.outerHTML.slice(0, 120))"""
    )
    return found
