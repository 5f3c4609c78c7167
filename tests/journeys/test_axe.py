"""Every page of the three doors, light and dark: nobody is kept out (axe, WCAG 2.2 AA)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy.orm import Session

from shop.catalog.models import Product
from shop.catalog.shelves import open_shelves
from shop.catalog.states import ProductState
from shop.core import ids
from shop.core.settings import default_settings
from shop.ledger import fees
from shop.ledger.models import Payout
from shop.ledger.states import AccountKind
from shop.orders import cart
from shop.orders.decline import decline
from shop.orders.share import share
from shop.orders.states import DeliveryKind
from shop.payments.keep_statement import hold
from shop.payments.states import Method
from shop.sellers.states import SellerState
from tests.contracts.role_cast import Cast, make_cast
from tests.contracts.route_table import read_table, routes_of
from tests.factories.catalog import make_product
from tests.factories.holders import carried_part, make_courier, sent_part
from tests.factories.orders import (
    completed_part,
    handed_over_part,
    paid_order,
    placed_order,
    ready_part,
)
from tests.factories.payouts import approved_batch
from tests.factories.points import make_point
from tests.factories.sellers import make_seller
from tests.factories.statement import csv, days_ago, keep_csv
from tests.factories.training import make_cohort, make_graduate
from tests.journeys.conftest import AxeFaults

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TABLE, _ = read_table()
NO_PAGE = re.compile(
    r"\.(csv|pdf|png)$|/file$|/signature$|^/mail/|/fee/decline$"
    r"|/problem/photos/|/complaints/.*/photos/|/receipts?(/|$)|^/langganan/baru$"
    r"|/lots/.*/(photo|proof)$|/paid/|/slips/|/slip/[^/]+/|^/(assets|media|webhooks|healthz|readyz|sw\.js)"
)
"""Files, what machines ask for, and a form that says of what only in its query."""
DOORS = {"buy": "anonymous", "account": "owner", "sell": "owner", "staff": "admin"}
"""Who looks at the pages of a permission."""
OTHERS = (
    ("anonymous", "/cari?q=tidakada"), ("anonymous", "/en/"), ("owner", "/en/sell"),
    ("admin", "/en/staff/impact"), ("anonymous", "/p/tidak-ada"), ("owner", "/sell/tidak-ada"),
    ("owner", "/staff"), ("admin", "/sell"), ("admin", "/staff/tidak-ada"),
    ("auditor", "/staff/people"), ("member", "/sell"), ("member", "/sell/money"),
    ("owner", "/sell/orders?state=making"), ("owner", "/sell/orders?state=done"),
)  # fmt: skip


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """A shop with people and orders at every stage, a payout and a certificate."""
    settings = default_settings()
    settings.sellers_collect = True
    session.add(settings)
    open_shelves(session)
    fees.set_rule(session, 300, None)
    cast = make_cast(app, session)
    product = session.get_one(Product, uuid.UUID(cast.values["product_id"]))
    thing = (product.variants[0], 1)
    decline(session, paid_order(session, thing).parts[0].id, None, reason="Bahan habis")
    completed_part(session, thing)
    batch = approved_batch(session, "axe")
    completed_part(session, thing)
    ready_part(session, thing, delivery=DeliveryKind.DELIVERY)
    wrong = handed_over_part(session, thing)
    by_cash = ready_part(session, thing, method=Method.CASH)
    courier = make_courier(session)
    carried_part(session, courier, thing)
    sent_part(session, courier, thing)
    by_qris = placed_order(session, thing, method=Method.QRIS)
    make_product(session, name="Rempeyek", state=ProductState.WAITING, photos=1)
    make_seller(session, "Erni", state=SellerState.APPLIED)
    _, certificate = make_graduate(session, make_cohort(session))
    assert batch is not None
    cast.values |= {
        "number": certificate.number,
        "person_id": str(cast.people["owner"].id),
        "ledger_staff.batch:number": batch.number,
        "orders_studio.cash_page:part_id": str(by_cash.id),
        "orders_studio.carrier_page:part_id": str(by_cash.id),
        "holder_id": str(courier.id),
        "complaints.problem:part_id": str(wrong.id),
        "complaints.problem:token": wrong.order.token,
        "point_id": str(make_point(session).id),
        "word": shared_word(session, thing[0].id),
        "qris": by_qris.token,
        "unpaid": placed_order(session, thing).token,
    }
    cast.values |= bank_things(session)
    payout = session.get_one(Payout, uuid.UUID(cast.values["payout_id"]))
    cast.values["inside_staff.inside:number"] = payout.batch.number
    session.commit()
    return cast


def bank_things(session: Session) -> dict[str, str]:
    """Statements of a bank: one as it should be, one whose columns are not known yet."""
    known = keep_csv(session, csv([(days_ago(1), "BUNGA", 111), (days_ago(0), "TRSF", 15_000)]))
    odd = hold(session, b"a;b;c\n1;2;3\n", "mutasi.csv", None, None)
    session.flush()
    return {"file_id": str(known.id), "odd_file": str(odd.id), "kind": AccountKind.BANK.value}


def shared_word(session: Session, variant_id: uuid.UUID) -> str:
    """The word in the link to a cart in which one thing lies."""
    token = ids.new_token()
    cart.add(session, token, variant_id, 1)
    word = share(session, token)
    assert word is not None
    return word


@pytest.fixture
def browsers(
    app: Flask, browser: Browser, cast: Cast, shop_url: str
) -> Iterator[dict[str, BrowserContext]]:
    """A phone for each role that looks at pages, signed in."""
    made = {}
    for who in {*DOORS.values(), "auditor", "member"}:
        made[who] = browser.new_context(
            base_url=shop_url,
            viewport={"width": 390, "height": 844},
            locale="id-ID",
            reduced_motion="reduce",
        )
        made[who].set_default_timeout(15_000)
        if who in cast.people:
            cookie = cast.browser(who).get_cookie(app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            made[who].add_cookies([{"name": cookie.key, "value": cookie.value, "url": shop_url}])
    yield made
    for context in made.values():
        context.close()


def pages_of(app: Flask, cast: Cast) -> Iterator[tuple[str, str]]:
    """Who opens which address: every route that answers with a page, then the OTHERS."""
    for route in routes_of(app):
        if route.method == "GET" and route.permission and not NO_PAGE.search(route.rule):
            yield DOORS[route.permission.split(":")[0]], cast.address(route, cast.values)
    yield from (("anonymous", f"/o/{cast.values[name]}") for name in ("qris", "unpaid"))
    yield "admin", f"/staff/payments/bank/files/{cast.values['odd_file']}"
    yield "anonymous", f"/langganan/baru?barang={cast.values['catalog.product:slug']}"
    yield from OTHERS


def test_every_page_is_usable_by_everybody(
    app: Flask, cast: Cast, browsers: dict[str, BrowserContext], axe: AxeFaults
) -> None:
    faults, pages = [], {who: context.new_page() for who, context in browsers.items()}
    for who, address in pages_of(app, cast):
        page = pages[who]
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        assert (who, address) in OTHERS or (answer and answer.ok), f"{who} at {address}"
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found = axe(page) + ([f"{wider} px wider than the phone"] if wider > 0 else [])
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {fault}" for fault in axe(page, "color-contrast")]
        faults += [f"{who} at {address}: {fault}" for fault in found]

    assert faults == []
