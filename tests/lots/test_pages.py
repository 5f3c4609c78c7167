"""The pages of lots: all members see all of it, some write, staff read."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Person, Role
from shop.catalog.models import Variant
from shop.core import clock
from shop.lots.models import DeliveryNote, Lot, LotRecord, PooledProduct
from shop.lots.states import LotState, NoteState
from shop.lots.work_out import work_out
from shop.sellers.models import MemberRole, Seller, SellerMember
from tests.catalog.offered import offer
from tests.factories.lots import brought, make_cooperative, pooled_thing, settled
from tests.factories.orders import completed_part
from tests.factories.people import make_person, signed_in
from tests.photos import lively, saved

Coop = tuple[Seller, list[SellerMember], Variant]


@pytest.fixture
def coop(session: Session) -> Coop:
    seller, members = make_cooperative(session, "Siti Aminah")
    return seller, members, pooled_thing(session, seller)


def entered(app: Flask, session: Session, member: SellerMember) -> FlaskClient:
    session.commit()
    return signed_in(app, session.get_one(Person, member.person_id))


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def note_data(coop: Coop, **more: object) -> dict[str, object]:
    _, members, variant = coop
    return {
        "key": "one", "product": str(variant.product_id), "member": str(members[1].id),
        "kilograms": "12,5", "grade": "B", "day": clock.today().isoformat(),
        "provisional": "30.000", "farm_gate": "22.000", **more,
    }  # fmt: skip


def test_a_note_is_written_with_its_photo_once_and_its_member_confirms_it(
    app: Flask, session: Session, coop: Coop
):
    _, members, _ = coop
    owner = entered(app, session, members[0])
    for _ in range(2):
        photo = (io.BytesIO(saved(lively(700, 500), "JPEG")), "timbangan.jpg")
        assert (
            owner.post("/sell/lots/notes/new", data=note_data(coop, photo=photo)).status_code == 303
        )
    note = session.scalars(select(DeliveryNote)).one()
    assert (note.grams, note.weight, note.provisional, note.farm_gate) == (
        12_500,
        80,
        30_000,
        22_000,
    )
    assert owner.get(f"/sell/lots/notes/{note.id}/photo").status_code == 200
    assert owner.post(f"/sell/lots/notes/{note.id}/confirm").status_code == 303
    assert "Hanya anggotanya sendiri" in page(owner, f"/sell/lots/notes/{note.id}")
    session.refresh(note)
    assert note.state == NoteState.TOLD
    siti = entered(app, session, members[1])
    assert "Benar Anda menyetor 12,5 kg?" in page(siti, "/sell/lots")
    assert "Benar, ini setoran saya" in page(siti, f"/sell/lots/notes/{note.id}")
    assert siti.post(f"/sell/lots/notes/{note.id}/confirm").status_code == 303
    session.refresh(note)
    assert note.state == NoteState.CONFIRMED
    assert "Benar Anda menyetor" not in page(siti, "/sell/lots")
    assert siti.post(f"/sell/lots/notes/{note.id}/confirm").status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kilograms": "1.500"}, "Tulis beratnya, misalnya 12,5."),
        ({"kilograms": "dua"}, "Tulis beratnya, misalnya 12,5."),
        ({"kilograms": "0"}, "Tulis beratnya, misalnya 12,5."),
        ({"kilograms": "20000"}, "Tulis beratnya, misalnya 12,5."),
        ({"provisional": ""}, "is-invalid"),
        ({"day": "2001-01-01"}, "paling lama 14 hari lalu"),
    ],
)
def test_a_wrong_note_keeps_what_was_typed(
    app: Flask, session: Session, coop: Coop, typed: dict[str, str], words: str
):
    owner = entered(app, session, coop[1][0])
    answer = owner.post("/sell/lots/notes/new", data=note_data(coop, **typed))
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert words.replace("is-invalid", 'aria-invalid="true"') in text
    assert 'value="22.000"' in text
    assert session.scalar(select(DeliveryNote.id)) is None


@pytest.mark.parametrize("typed", ["12,5", "12.5", "12,500 kg", " 12,5kg "])
def test_kilograms_are_understood_as_people_write_them(
    app: Flask, session: Session, coop: Coop, typed: str
):
    owner = entered(app, session, coop[1][0])
    owner.post("/sell/lots/notes/new", data=note_data(coop, kilograms=typed))
    assert session.scalars(select(DeliveryNote.grams)).one() == 12_500


def test_a_note_is_withdrawn_with_a_reason(app: Flask, session: Session, coop: Coop):
    _, members, variant = coop
    note = brought(session, members[1], variant, 3)
    owner = entered(app, session, members[0])
    address = f"/sell/lots/notes/{note.id}/withdraw"
    assert owner.post(address, data={"words": " "}).status_code == 422
    assert owner.post(address, data={"words": "Salah timbang"}).status_code == 303
    assert "Ditarik: Salah timbang" in page(owner, f"/sell/lots/notes/{note.id}")
    assert owner.post(address, data={"words": "Lagi"}).status_code == 303


def test_a_lot_is_seen_before_it_is_settled_and_explains_itself_after(
    app: Flask, session: Session, coop: Coop
):
    _, members, variant = coop
    note = brought(session, members[1], variant, 10, provisional=25_000, farm_gate=12_000)
    completed_part(session, (variant, 10))
    lot = session.get_one(Lot, note.lot_id)
    owner = entered(app, session, members[0])
    address = f"/sell/lots/{lot.id}"
    text = page(owner, address)
    assert "Kalau dihitung sekarang" in text
    assert "Rp190.000" in text
    assert "mutu A Rp19.000." in text
    seal = work_out(session, lot).seal
    for data, words in (
        ({"seal": seal, "why": ""}, "Tulis kenapa ada yang kurang"),
        ({"seal": "old", "why": "Pasar turun"}, "Angkanya baru saja berubah"),
    ):
        answer = owner.post(f"{address}/settle", data=data)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    for _ in range(2):
        answer = owner.post(f"{address}/settle", data={"seal": seal, "why": "Pasar turun"})
        assert answer.status_code == 303
    session.refresh(lot)
    assert lot.state == LotState.SETTLED
    siti = entered(app, session, members[1])
    text = page(siti, f"{address}/members/{members[1].id}")
    for words in ("Rp60.000", "Pasar turun", "+Rp7.000 per kg", "dari 1 dari 1 setoran"):
        assert words in text, words
    assert siti.get(f"{address}/members/{members[0].id}").status_code == 404
    assert "+Rp7.000 per kg" in page(siti, "/sell/lots")
    assert "Hasil lot" in page(siti, f"/sell/group/members/{members[1].id}")


def test_costs_and_what_is_sold_elsewhere_are_written_down_and_taken_back(
    app: Flask, session: Session, coop: Coop
):
    _, members, variant = coop
    lot_id = brought(session, members[1], variant, 10).lot_id
    owner = entered(app, session, members[0])
    day = clock.today().isoformat()
    data = {"key": "k", "kind": "elsewhere", "amount": "50.000", "kilograms": "2", "note": "Pasar",
            "day": day}  # fmt: skip
    answer = owner.post(f"/sell/lots/{lot_id}/records", data=data)
    assert answer.status_code == 422
    assert "Tambahkan foto nota penjualannya." in answer.get_data(as_text=True)
    photo = (io.BytesIO(saved(lively(700, 500), "JPEG")), "nota.jpg")
    assert (
        owner.post(f"/sell/lots/{lot_id}/records", data={**data, "proof": photo}).status_code == 303
    )
    row = session.scalars(select(LotRecord)).one()
    assert owner.get(f"/sell/lots/records/{row.id}/proof").status_code == 200
    for bad in ({"kind": "transport", "amount": ""}, {"kind": "shrink", "kilograms": ""},
                {"day": "2999-01-01"}, {"kind": "theft"}):  # fmt: skip
        assert owner.post(f"/sell/lots/{lot_id}/records", data={**data, **bad}).status_code == 422
    address = f"/sell/lots/records/{row.id}/withdraw"
    assert owner.post(address, data={"words": ""}).status_code == 422
    assert owner.post(address, data={"words": "Salah"}).status_code == 303
    assert "Ditarik: Salah" in page(owner, f"/sell/lots/{lot_id}")
    session.expire_all()
    settled(session, session.get_one(Lot, lot_id))
    session.commit()
    assert owner.post(address, data={"words": "Lagi"}).status_code == 303
    assert owner.post(f"/sell/lots/{lot_id}/records", data={**data, "key": "n", "kind": "other"}
                      ).status_code == 303  # fmt: skip
    assert len(session.scalars(select(LotRecord)).all()) == 1


def test_a_product_is_put_under_lots_with_its_terms(app: Flask, session: Session, coop: Coop):
    seller, members, _ = coop
    weightless = offer(session, seller, name="Terung")
    owner = entered(app, session, members[0])
    data = {"product": str(weightless.product_id), "weight_a": "10", "weight_b": "8",
            "weight_c": "5", "fee": "7"}  # fmt: skip
    answer = owner.post("/sell/lots/products", data=data)
    assert answer.status_code == 422
    assert "Isi dulu berat barang ini" in answer.get_data(as_text=True)
    weightless.product.weight_g = 500
    session.commit()
    assert owner.post("/sell/lots/products", data={**data, "fee": "51"}).status_code == 422
    assert owner.post("/sell/lots/products", data=data).status_code == 303
    row = session.get_one(PooledProduct, weightless.product_id)
    assert (row.weight_b, row.fee_basis_points, row.piece_g) == (8, 700, 500)
    assert "bobot A 10, B 8, C 5" in page(owner, "/sell/lots/products")


def test_plain_members_see_all_and_write_nothing(app: Flask, session: Session, coop: Coop):
    _, members, variant = coop
    members[1].role = MemberRole.MEMBER.value
    note = brought(session, members[0], variant, 3)
    siti = entered(app, session, members[1])
    assert "Hitung dan bagikan" not in page(siti, f"/sell/lots/{note.lot_id}")
    assert "Lot dan setoran anggota" in page(siti, "/sell/money")
    assert siti.post(f"/sell/lots/{note.lot_id}/settle", data={"seal": ""}).status_code == 403
    assert siti.get("/sell/lots/notes/new").status_code == 403


def test_staff_read_what_each_lot_gained(app: Flask, session: Session, coop: Coop):
    seller, members, variant = coop
    note = brought(session, members[1], variant, 10, farm_gate=25_000)
    completed_part(session, (variant, 10))
    settled(session, session.get_one(Lot, note.lot_id))
    auditor = make_person(session, Role.AUDITOR, name="Auditor")
    session.commit()
    client = signed_in(app, auditor)
    assert "Lot dan setoran anggota" in page(client, f"/staff/sellers/{seller.id}")
    text = page(client, f"/staff/sellers/{seller.id}/lots")
    assert "−Rp6.000 per kg" in text
    text = page(client, f"/staff/sellers/{seller.id}/lots/{note.lot_id}")
    assert text.count("−Rp6.000 per kg") == 2
    assert client.get(f"/staff/sellers/{seller.id}/lots/notes/{note.id}/photo").status_code == 404
