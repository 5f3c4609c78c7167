"""Turn the plan's events into the calls that people's clicks make."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from shop.accounts import people
from shop.accounts.models import Role
from shop.catalog import add_photo, edit, publish, stock
from shop.catalog import approve as approve_product
from shop.catalog.states import HalalKind, PermitKind, StockKind
from shop.core import clock
from shop.core.images import NormalisedImage
from shop.core.storage import Storage
from shop.demo import bank
from shop.demo.cast import PASSWORD, Member, Seller
from shop.demo.couriers import Couriers
from shop.demo.direct import pay_directly
from shop.demo.enact_complaints import Complaints
from shop.demo.enact_orders import Counter
from shop.demo.events import (
    CohortRun,
    ComplaintStep,
    Event,
    OrderPlaced,
    OrderStep,
    PayoutBatch,
    PayoutPaid,
    ProductPublished,
    SellerApproved,
    SellerJoins,
)
from shop.demo.lots import Harvest
from shop.demo.memory import Memory
from shop.demo.plan import Plan
from shop.demo.points import Points
from shop.demo.programme import School, open_programme
from shop.demo.promotions import promote
from shop.demo.regulars import Regulars
from shop.demo.sharing import Groups
from shop.demo.shelf import Listing, PriceChange, products
from shop.demo.stock import Restock, SoldOut
from shop.demo.stray import NO_CASH, leave_cash, odd_money
from shop.demo.units import UNITS
from shop.sellers import approve, onboard
from shop.sellers.models import MemberRole, SellerKind

Photos = Callable[[str], NormalisedImage | None]


class Stage(Memory):
    """Where the plan is lived through."""

    def __init__(self, session: Session, storage: Storage, plan: Plan, photos: Photos) -> None:
        super().__init__(session, plan)
        self.storage = storage
        self.photos = photos
        self.later: list[tuple[date, Seller, Member]] = []
        self.school = School(session, plan)
        self.points = Points(self)
        self.couriers = Couriers(self)
        self.counter = Counter(self, self.points, self.couriers)
        self.harvest = Harvest(self, storage)
        self.regulars = Regulars(self, self.harvest)
        self.complaints = Complaints(self, storage, photos)
        self.groups = Groups(self)

    def open(self) -> None:
        """The programme's people, its settings and what it teaches."""
        for account in self.plan.sign_ins:
            if account.seller is None:
                person = people.create(
                    self.session, name=account.name, phone=account.phone, password=PASSWORD
                )
                people.grant(self.session, person.id, Role(account.role), by=None)
                self.staff[account.role] = person.id
        open_programme(self.session, self.storage, self.staff["admin"])
        self.school.open(self.staff["manager"])
        self.points.open()
        self.couriers.open()

    def enact(self, event: Event) -> None:
        """Do what `event` says; the clock stands at its moment."""
        self._newcomers()
        self.regulars.until_now()
        self.groups.until_now()
        self.harvest.until_now()
        match event:
            case CohortRun():
                self.school.teach(event.cohort)
            case SellerJoins():
                self._join(event.seller)
            case SellerApproved():
                approve.approve(self.session, self.sellers[event.seller], self.staff["manager"])
            case ProductPublished():
                self._publish(event.listing)
            case Restock():
                self._restock(event)
            case PriceChange():
                edit.set_price(self.session, self.variants[event.slug], event.price, None)
                self.counter.prices[event.slug] = event.price
            case OrderPlaced():
                self.counter.place(event.order)
            case OrderStep():
                self._step(event)
            case ComplaintStep():
                self.complaints.step(event, self.counter.placed[event.number].parts[event.seller])
            case PayoutBatch():
                self.counter.make_payouts(event.day)
            case PayoutPaid():
                self.counter.pay_payouts(event.day, event.reference)
            case SoldOut():
                pass  # the orders themselves took the last piece

    def close(self) -> None:
        """Whatever was told to people before today counts as seen."""
        self.points.agree_on_fees()
        self.couriers.close()
        self.counter.mark_old_news_seen()
        promote(self)
        pay_directly(self, self.storage)
        odd_money(self.session, self.storage, self.staff["finance"])
        leave_cash(self.session, self.sellers[NO_CASH], self.keeper(NO_CASH))
        bank.keep_statement(self)

    def _join(self, seller: Seller) -> None:
        first, *others = seller.members
        row = onboard.apply(
            self.session,
            name=seller.name,
            kind=SellerKind(seller.kind),
            phone=seller.phone,
            kelurahan_code=seller.kelurahan,
            owner_name=first.name,
            owner_person_id=self._account(first),
            owner_participant_id=self.school.participants.get(first.name),
            role=MemberRole(first.role),
            address=seller.address,
            story=seller.story,
            story_en=seller.story_en,
            makes=seller.makes,
            makes_en=seller.makes_en,
            pickup_hours=seller.pickup_hours,
            bank_name=seller.bank,
            bank_account=seller.bank_account,
            bank_holder=seller.bank_holder,
            slug=seller.slug,
        )
        self.sellers[seller.slug] = row.id
        self.points.welcome(seller)
        self.later += [(member.joined_on, seller, member) for member in others]
        self._newcomers()
        self.groups.welcome(seller)

    def _newcomers(self) -> None:
        """Members whose day has come join their group."""
        today = clock.today()
        due = [entry for entry in self.later if entry[0] <= today]
        for entry in due:
            self.later.remove(entry)
            _, seller, member = entry
            onboard.add_member(
                self.session,
                self.sellers[seller.slug],
                name=member.name,
                role=MemberRole(member.role),
                person_id=self._account(member),
                participant_id=self.school.participants.get(member.name),
                joined_on=member.joined_on,
            )

    def _account(self, member: Member) -> uuid.UUID | None:
        """Those who run a studio get an account; one person keeps one for all their sellers."""
        if member.role == "member":
            return None
        if member.name not in self.accounts:
            person = people.create(
                self.session, name=member.name, phone=member.phone, password=PASSWORD
            )
            self.accounts[member.name] = person.id
            self.school.link(member.name, person.id)
        return self.accounts[member.name]

    def _publish(self, listing: Listing) -> None:
        facts = products()[listing.slug]
        person = self.keeper(listing.seller)
        product = publish.draft(
            self.session,
            self.sellers[listing.seller],
            name=facts["name_id"],
            price=listing.price,
            category_slug=listing.category,
            person_id=person,
            name_en=facts["name_en"],
            description=facts["description_id"],
            description_en=facts["description_en"],
            unit=UNITS[facts["unit"]],
            unit_en=facts["unit"],
            stock_kind=StockKind.MADE_TO_ORDER if listing.made_to_order else StockKind.READY,
            on_hand=0,
            lead_days=listing.lead_days,
            most_per_order=listing.most_per_order,
            weight_g=facts["weight_g"] or None,
            shelf_life_days=listing.shelf_life_days,
            storage=facts["storage"],
            allergens=tuple(facts["allergens"]),
            permit_kind=PermitKind(listing.permit_kind),
            permit_number=listing.permit_number,
            halal_kind=HalalKind(listing.halal_kind),
            halal_number=listing.halal_number,
            slug=listing.slug,
        )
        self.session.flush()  # photos and stock hang on its variant
        for number in (1, 2):
            if image := self.photos(f"{listing.slug}-{number}"):
                add_photo.add_photo(self.session, self.storage, product.id, image, person_id=person)
        state = publish.publish(self.session, product.id, person)
        if state == "waiting" and listing.approved:
            approve_product.approve_product(self.session, product.id, self.staff["facilitator"])
        self.variants[listing.slug] = product.variants[0].id
        self.counter.prices[listing.slug] = listing.price

    def _step(self, event: OrderStep) -> None:
        self.counter.step(event)
        if event.kind == "ready" and event.seller:
            parts = self.counter.placed[event.number].parts
            self.groups.ready(event.seller, parts[event.seller])

    def _restock(self, event: Restock) -> None:
        if self.harvest.bring(event):
            return
        listing = next(one for one in self.plan.listings if one.slug == event.slug)
        stock.restock(
            self.session, self.variants[event.slug], event.pieces,
            key=f"demo:{event.slug}:{event.at:%Y%m%d%H%M%S}",
            person_id=self.keeper(listing.seller),
        )  # fmt: skip
