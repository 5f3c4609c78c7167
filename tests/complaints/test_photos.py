"""Photos of complaints: checked as all photos are, and seen by those who may read them only."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.accounts.models import Role
from shop.check_files import check_files
from shop.complaints.models import Complaint, ComplaintPhoto
from shop.core.images import master_key, normalise, rendition_key
from shop.core.models import OutboxMessage, Picture
from shop.core.pictures import keep_picture
from shop.core.settings import default_settings
from shop.orders.models import SellerOrder
from tests.camera_files import camera_file
from tests.catalog.offered import offer
from tests.complaints.test_pages import address, tokens, typed
from tests.factories.complaints import open_complaint
from tests.factories.orders import handed_over_part
from tests.factories.people import make_person, signed_in
from tests.factories.sellers import make_seller
from tests.photos import lively, opened, quarters, saved, with_size

GPS = 0x8825


@pytest.fixture
def part(session: Session) -> SellerOrder:
    session.add(default_settings())
    part = handed_over_part(session)
    session.commit()
    return part


def from_a_phone() -> bytes:
    """A photo that says where and by whom it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Telepon Ratna"
    exif.get_ifd(GPS)[2] = (0.0, 55.0, 12.0)
    return saved(lively(800, 600), "JPEG", exif=exif)


def test_the_place_does_not_come_along(
    app: Flask, client: FlaskClient, part: SellerOrder, session: Session
):
    data = from_a_phone()
    assert Image.open(BytesIO(data)).getexif().get_ifd(GPS)
    client.post(address(part), data=typed(("IMG_0612.jpg", data)))
    picture = session.scalars(select(Picture)).one()
    storage = app.extensions["storage"]
    master = storage.get(master_key(picture.sha256, private=True))
    small = storage.get(rendition_key(picture.sha256, 640, "webp", private=True))
    for kept in (master, small):
        assert not opened(kept).getexif()
        assert b"Ratna" not in kept


def test_heic_is_taken(client: FlaskClient, part: SellerOrder, session: Session):
    heic = camera_file("arrow.heic").read_bytes()
    answer = client.post(address(part), data=typed(("IMG_0612.HEIC", heic)))
    assert answer.status_code == 303
    assert len(session.scalars(select(ComplaintPhoto)).all()) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"surat biasa", "bukan foto"),
        (b"%PDF-1.7 surat", "belum bisa dipakai"),
        (saved(lively(800, 600), "JPEG")[:9_000], "rusak atau terkirim tidak utuh"),
        (saved(quarters(60, 60), "PNG"), "terlalu kecil"),
        (b"\xff\xd8\xff\xe0" + b"x" * 40_000_001, "lebih dari 40 MB"),
        (with_size(saved(quarters(360, 240), "JPEG"), 60_000, 60_000), "terlalu besar"),
    ],
    ids=["not-a-picture", "document", "damaged", "small", "too-many-bytes", "too-many-pixels"],
)
def test_what_is_no_good_is_named_and_the_rest_kept(
    client: FlaskClient, part: SellerOrder, session: Session, data: bytes, words: str
):
    good = saved(quarters(360, 240), "JPEG")
    page = client.post(address(part), data=typed(("baik.jpg", good), ("surat.jpg", data)))
    assert page.status_code == 422
    assert "surat.jpg" in page.text
    assert words in page.text
    assert session.scalars(select(Complaint)).all() == []
    (kept,) = tokens(page.text)
    assert client.get(address(part, f"/photos/{kept}")).status_code == 200
    assert client.post(address(part), data=typed(kept=kept)).status_code == 303


def test_a_fifth_is_left_out_and_said_so(client: FlaskClient, part: SellerOrder):
    five = [(f"{n}.jpg", saved(quarters(300 + n * 8, 240), "JPEG")) for n in range(5)]
    page = client.post(address(part), data=typed(*five))
    assert page.status_code == 422
    assert "Paling banyak 4 foto. 1 foto tidak ikut." in page.text
    assert len(tokens(page.text)) == 4


def test_the_script_sends_them_one_by_one(client: FlaskClient, part: SellerOrder):
    photo = saved(quarters(360, 240), "JPEG")
    sent = {"photos": (BytesIO(photo), "1.jpg")}
    answer = client.post(address(part, "/photos"), data=sent)
    assert answer.status_code == 200
    (kept,) = answer.json["kept"]
    assert client.get(kept["url"]).mimetype == "image/webp"
    bad = client.post(address(part, "/photos"), data={"photos": (BytesIO(b"x"), "1.jpg")})
    assert bad.status_code == 422
    assert bad.json["kept"] == []


def test_a_made_up_or_borrowed_token_brings_no_photo(
    client: FlaskClient, part: SellerOrder, session: Session
):
    other = open_complaint(session, photos=1).part
    session.commit()
    page = client.get(address(other)).text
    (borrowed,) = re.findall(r"/problem/photos/([^\"?]+)\?whole", page)
    for kept in (borrowed, "made-up"):
        assert client.get(address(part, f"/photos/{kept}")).status_code == 404
    client.post(address(part), data=typed(kept=[borrowed, "made-up"]))
    mine = select(ComplaintPhoto).join(Complaint).where(Complaint.seller_order_id == part.id)
    assert session.scalars(mine).all() == []


def test_only_who_reads_the_complaint_sees_its_photos(app: Flask, session: Session):
    rohana, stranger = make_person(session, name="Rohana"), make_person(session, name="Lain")
    manager, finance = make_person(session, Role.MANAGER), make_person(session, Role.FINANCE)
    variant = offer(session, make_seller(session, owner=rohana), on_hand=9)
    make_seller(session, "Lain", owner=stranger)
    complaint = open_complaint(session, (variant, 1), photos=1)
    studio = f"/sell/orders/complaints/{complaint.id}/photos"
    staff = f"/staff/complaints/{complaint.id}/photos"
    sha256 = complaint.photos[0].picture_sha256
    session.commit()
    seen = {
        signed_in(app, person).get(url).status_code
        for person, url in ((rohana, f"{studio}/0"), (manager, f"{staff}/0"))
    }
    assert seen == {200}
    refused = [
        (stranger, f"{studio}/0", 404),
        (rohana, f"{studio}/1", 404),
        (manager, f"{staff}/1", 404),
        (rohana, f"{staff}/0", 403),
        (finance, f"{staff}/0", 403),
        (manager, f"{studio}/0", 403),
    ]
    for person, url, status in refused:
        assert signed_in(app, person).get(url).status_code == status, url
    anonymous = app.test_client()
    assert [anonymous.get(f"{url}/0").status_code for url in (studio, staff)] == [303, 303]
    for private in (True, False):
        for key in (
            master_key(sha256, private=private),
            rendition_key(sha256, 640, "webp", private=private),
        ):
            assert anonymous.get(f"/media/{key}").status_code == 404


def test_nobody_on_the_way_keeps_them(app: Flask, client: FlaskClient, session: Session):
    session.add(default_settings())
    complaint = open_complaint(session, photos=1)
    part = complaint.part
    session.commit()
    page = client.get(address(part)).text
    (small,) = set(re.findall(r'src="([^"]+/problem/photos/[^"]+)"', page))
    (whole,) = re.findall(r'href="([^"]+/problem/photos/[^"]+)"', page)
    assert "/media/" not in page
    for url, kind, width in ((small, "image/webp", 640), (whole, "image/jpeg", 700)):
        answer = client.get(url)
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert opened(answer.data).width == width


def test_a_private_picture_and_the_same_public_one_are_two(app: Flask, session: Session):
    storage, image = app.extensions["storage"], normalise(saved(lively(700, 500), "JPEG"))
    private = keep_picture(session, storage, image, private=True)
    public = keep_picture(session, storage, image)
    assert private.sha256 != public.sha256
    assert keep_picture(session, storage, image, private=True) is private
    session.commit()
    sent = session.scalars(select(OutboxMessage.payload)).all()
    assert [payload["sha256"] for payload in sent] == [public.sha256]
    assert all(not finding.faults for finding in check_files(session, storage))


def test_a_lost_or_changed_file_is_found(app: Flask, session: Session):
    storage = app.extensions["storage"]
    complaint = open_complaint(session, photos=1)
    session.commit()
    sha256 = complaint.photos[0].picture_sha256
    assert all(not finding.faults for finding in check_files(session, storage))
    storage.delete(rendition_key(sha256, 640, "webp", private=True))
    faults = [finding for finding in check_files(session, storage) if finding.faults]
    assert [finding.name for finding in faults] == ["every picture has its files"]
