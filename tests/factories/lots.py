"""Cooperatives that sell by lots, for tests."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.core import clock, ids
from shop.core.money import Rupiah
from shop.lots.deliver import Brought, deliver, members_on
from shop.lots.models import DeliveryNote, Lot, PooledProduct
from shop.lots.pool import Terms, pool
from shop.lots.settle import settle
from shop.lots.states import Grade, RecordKind
from shop.lots.work_out import Worked, work_out
from shop.lots.write_down import Written, write_down
from shop.sellers.models import MemberRole, Seller, SellerKind, SellerMember
from tests.catalog.offered import offer
from tests.factories.complaints import kept_photo
from tests.factories.orders import completed_part
from tests.factories.sharing import make_group

WEIGHTS = {Grade.A: 100, Grade.B: 80, Grade.C: 60}


def make_cooperative(session: Session, *names: str) -> tuple[Seller, list[SellerMember]]:
    """A cooperative whose members joined a year ago: the owner first, then each of `names`."""
    seller, members = make_group(session, *names, name="Koperasi Tani")
    seller.kind = SellerKind.COOPERATIVE.value
    session.flush()
    return seller, members


def pooled_thing(
    session: Session, seller: Seller, price: int = 20_000, *, fee: int = 500, piece_g: int = 1_000
) -> Variant:
    """Something it sells by lots: nothing is there yet."""
    variant = offer(session, seller, 0, name="Cabai Rawit")
    variant.price = Rupiah(price)
    session.get_one(Product, variant.product_id).weight_g = piece_g
    session.flush()
    pool(session, seller.id, variant.product_id, Terms(WEIGHTS, fee), person_id=None)
    return variant


def brought(
    session: Session,
    member: SellerMember,
    variant: Variant,
    kilograms: float,
    grade: Grade = Grade.A,
    *,
    provisional: int = 10_000,
    farm_gate: int | None = None,
    key: str | None = None,
    photo: str | None = None,
) -> DeliveryNote:
    """A member brought so many kilograms today."""
    what = Brought(
        variant.product_id, member.id, round(kilograms * 1_000), grade, clock.today(),
        provisional, farm_gate, photo,
    )  # fmt: skip
    return deliver(session, member.seller_id, what, key=key or ids.new_token()[:30], person_id=None)


def written(
    session: Session,
    lot: Lot,
    kind: RecordKind,
    amount: int = 0,
    grams: int = 0,
    proof: str | None = None,
) -> None:
    """Something beside notes and sales."""
    what = Written(kind, amount, grams, "Catatan", clock.today(), proof)
    write_down(session, lot, what, key=ids.new_token()[:30], person_id=None)


def settled(session: Session, lot: Lot, why: str = "Harga pasar turun") -> Worked:
    """The lot settled as it stands."""
    return settle(session, lot, seal=work_out(session, lot).seal, why=why, person_id=None)


def settled_lot(session: Session) -> Lot:
    """A lot with two members, a sale and its settlement."""
    seller, members = make_cooperative(session, "Siti")
    variant = pooled_thing(session, seller)
    note = brought(session, members[0], variant, 7, farm_gate=9_000)
    brought(session, members[1], variant, 3, Grade.B)
    completed_part(session, (variant, 5))
    lot = session.get_one(Lot, note.lot_id)
    settled(session, lot)
    return lot


def lot_things(session: Session, seller: Seller) -> dict[str, str]:
    """For the walk through all pages: an open lot with all there is, as parts of addresses."""
    variant = offer(session, seller, 0, name="Cabai Rawit")
    session.add(
        PooledProduct(
            product_id=variant.product_id, seller_id=seller.id, since=clock.today(),
            piece_g=1_000, weight_a=100, weight_b=80, weight_c=60, fee_basis_points=500,
        )
    )  # fmt: skip
    session.flush()
    photo = kept_photo(session)
    members = members_on(session, seller.id, clock.today())
    member = max(members, key=lambda one: one.role == MemberRole.MEMBER)
    note = brought(session, member, variant, 12.5, farm_gate=8_000, photo=photo)
    lot = session.get_one(Lot, note.lot_id)
    what = Written(RecordKind.ELSEWHERE, 90_000, 5_000, "Pasar", clock.today(), photo)
    record = write_down(session, lot, what, key="lot", person_id=None)
    return {
        "note_id": str(note.id),
        "lot_id": str(lot.id),
        "record_id": str(record.id),
        "lots_studio.member:member_id": str(member.id),
        "lot_files.member_csv:member_id": str(member.id),
        "lot_files.member_pdf:member_id": str(member.id),
    }
