"""One of each role, the things of one seller, and a request of any route as any of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from shop.accounts.leave_mail import address_for
from shop.accounts.models import Person, Role
from shop.catalog.models import Variant
from shop.orders.checkout import place
from shop.orders.models import Order
from shop.orders.states import DeliveryKind
from shop.payments.states import Method
from shop.sellers import onboard
from shop.sellers.models import MemberRole, Seller, SellerKind
from shop.training import enrol
from tests.contracts.route_table import EVERYBODY, Route
from tests.factories.cards import card_dispute
from tests.factories.catalog import make_product
from tests.factories.complaints import open_complaint
from tests.factories.consignment import consigned, counted_lost
from tests.factories.lots import lot_things
from tests.factories.orders import filled_in, handed_over_part, paid_order, payment_of, placed_order
from tests.factories.payouts import signed_payout
from tests.factories.people import make_person, signed_in
from tests.factories.promotions import own_promotion
from tests.factories.sellers import make_seller
from tests.factories.sharing import group_things
from tests.factories.standing import standing_order
from tests.factories.stray import stray_things
from tests.factories.training import make_cohort, make_participant

OF_STANDING = (
    "standing", "change", "change_page", "pause_it", "resume", "end", "skip_day", "take_day_in",
    "agree",
)  # fmt: skip
"""Routes of a standing order's secret link."""
OF_FEE = ("fee", "name_fee", "decline_page", "decline")
OF_MAIL = ("ask", "stop")
OF_PROBLEM = ("problem", "report_problem")
FRESH = {"accounts.sign_out", "accounts.enter", "sellers.send"}
"""Routes that change who is signed in: asked in a browser of their own."""


@dataclass
class Cast:
    """Browsers by role; `values` fills addresses with the things of the owner's seller."""

    app: Flask
    people: dict[str, Person]
    values: dict[str, str]
    other: dict[str, str]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, who: str, *, fresh: bool = False) -> FlaskClient:
        """The browser of one role."""
        if fresh or who not in self.browsers:
            made = signed_in(self.app, self.people[who]) if who in self.people else None
            made = made or self.app.test_client()
            if fresh:
                return made
            self.browsers[who] = made
        return self.browsers[who]

    def ask(self, who: str, route: Route, values: Mapping[str, str] | None = None) -> TestResponse:
        """Request a route as one role. An id nobody knows is made up."""
        browser = self.browser(who, fresh=route.endpoint in FRESH)
        address = self.address(route, self.values if values is None else values)
        answer = browser.open(address, method=route.method)
        if route.endpoint == "order_link.renew" and answer.status_code == 303:
            self.values["token"] = str(answer.location).rpartition("/")[2]
        return answer

    def address(self, route: Route, values: Mapping[str, str]) -> str:
        """The route's address with these values in it."""
        adapter = self.app.url_map.bind("localhost")
        filled: dict[str, Any] = {
            name: values.get(f"{route.endpoint}:{name}", values.get(name, str(uuid.uuid4())))
            for name in route.arguments
        }
        parsed = {
            name: uuid.UUID(value) if f"uuid:{name}" in route.rule else value
            for name, value in filled.items()
        }
        return adapter.build(route.endpoint, parsed, method=route.method)


def make_cast(app: Flask, session: Session) -> Cast:
    """Everybody, with one product, photo and paid order of the owner's seller; commits."""
    people = {role.value: make_person(session, role, name=role.value) for role in Role}
    people |= {who: make_person(session, name=who) for who in EVERYBODY[1:6]}
    kube = make_seller(session, "KUBE Melur", SellerKind.GROUP, owner=people["owner"])
    for who, role in (("treasurer", MemberRole.TREASURER), ("member", MemberRole.MEMBER)):
        onboard.add_member(session, kube.id, name=who, role=role, person_id=people[who].id)
    strange = make_seller(session, "Lain", owner=people["stranger"])
    values = {**_things(session, kube), **_taught(session)}
    values |= {"seller_id": str(kube.id), "person_id": str(uuid.uuid4()), "role": "auditor"}
    cast = Cast(app, people, values, _things(session, strange))
    session.commit()
    return cast


def _things(session: Session, seller: Seller) -> dict[str, str]:
    product = make_product(session, seller, photos=3, on_hand=50)
    variant: Variant = product.variants[0]
    order: Order = paid_order(session, (variant, 1))
    fresh = placed_order(session, (variant, 1))
    standing = standing_order(session, (variant, 1))
    seller.arranges = True
    arranged = place(
        session,
        filled_in((variant, 1), delivery=DeliveryKind.ARRANGED, kelurahan="21.72.03.1004"),
    )
    undone = paid_order(session, (variant, 1))
    lying = consigned(session, variant, 5)
    there = handed_over_part(session, (variant, 1))
    leave = address_for("", str(current_app.secret_key), order.id, "id").rpartition("/")[2]
    return {
        "product_id": str(product.id),
        "photo_id": str(product.photos[-1].id),
        "variant_id": str(variant.id),
        "catalog.product:slug": product.slug,
        "catalog.seller:slug": seller.slug,
        "catalog.category:slug": product.category_slug,
        "order_id": str(order.id),
        "order_link_staff.revoke:order_id": str(fresh.id),
        "part_id": str(order.parts[0].id),
        "token": order.token,
        "payment_id": str(payment_of(session, fresh).id),
        "consignment_id": str(lying.id),
        "count_id": str(counted_lost(session, lying).id),
        "complaint_id": str(open_complaint(session, (variant, 1), photos=1).id),
        "place": "0",
        **group_things(session, seller),
        **lot_things(session, seller),
        **stray_things(session, seller, variant),
        "dispute_id": str(
            card_dispute(session, placed_order(session, (variant, 1), method=Method.CARD))
        ),
        "payout_id": str(signed_payout(session, seller).id),
        "promotion_id": str(own_promotion(session, seller).id),
        **{f"arrange_studio.{name}:part_id": str(arranged.parts[0].id) for name in OF_FEE},
        "orders_undo.undo_part:order_id": str(undone.id),
        "orders_undo.undo_part:part_id": str(undone.parts[0].id),
        **{f"complaints.{name}:token": there.order.token for name in OF_PROBLEM},
        **{f"complaints.{name}:part_id": str(there.id) for name in OF_PROBLEM},
        **{f"order_mail.{name}:token": leave for name in OF_MAIL},
        "standing_id": str(standing_order(session, (variant, 1)).id),
        **{f"standing.{name}:token": standing.token for name in OF_STANDING},
    }


def _taught(session: Session) -> dict[str, str]:
    cohort = make_cohort(session)
    participant = make_participant(session)
    enrolment = enrol.enrol(session, cohort.id, make_participant(session).id, None)
    return {
        "course_id": str(cohort.course_id),
        "cohort_id": str(cohort.id),
        "participant_id": str(participant.id),
        "enrolment_id": str(enrolment.id),
    }


def to_sign_in(answer: TestResponse) -> bool:
    """Whether somebody is sent to sign in."""
    return answer.status_code == 303 and (answer.location or "").startswith("/sign-in")


def wrong_answers(
    cast: Cast,
    routes: list[Route],
    table: Mapping[str, str],
    holders: Mapping[str, frozenset[str]],
) -> Iterator[str]:
    """For each cell of the table nothing, or what is wrong with the answer really given."""
    for route in routes:
        permission = table[route.name]
        for who in EVERYBODY:
            allowed = not permission or who in holders[permission]
            answer = cast.ask(who, route)
            status = answer.status_code
            if not allowed and who == "anonymous":
                good = to_sign_in(answer)
            elif not allowed:
                good = status == 403
            elif who == "stranger" and permission.startswith("sell:") and route.arguments:
                good = status == 404
            else:
                good = status not in (401, 403, 405, 500) and not to_sign_in(answer)
            yield "" if good else f"{route.name} as {who}: {status} {answer.location or ''}"
