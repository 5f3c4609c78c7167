"""What buyers see of the catalogue, and what they never see."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.catalog import search
from shop.catalog.models import Product, Variant
from shop.catalog.shelves import open_shelves
from shop.catalog.states import ProductState
from shop.core import clock
from shop.sellers.models import DeliveryZone, SellerKind, SellerMember
from shop.sellers.states import SellerState
from tests.factories.catalog import make_category, make_product
from tests.factories.sellers import make_seller
from tests.factories.training import make_cohort, make_course, make_graduate

KEMBOJA, PENYENGAT, SEI_JANG = "21.72.01.1002", "21.72.03.1004", "21.72.04.1004"


def seen(client: FlaskClient, address: str, status: int = 200) -> str:
    """A page as people read it: its text without tags, in one line."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address} answers {answer.status_code}"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def card_names(client: FlaskClient, address: str) -> list[str]:
    """The names on the cards of a page, in order."""
    found = re.findall(r"<h[23]><a href=[^>]*>([^<]*)</a></h[23]>", client.get(address).text)
    return [html.unescape(name) for name in found]


def test_an_empty_shop_says_so(client: FlaskClient) -> None:
    assert "Lapaknya baru dibuka" in seen(client, "/")
    assert "The stalls have just opened" in seen(client, "/en/")
    assert "Belum ada penjual" in seen(client, "/penjual")


def test_the_front_page_counts_and_sorts_things_onto_its_shelves(
    client: FlaskClient, session: Session
) -> None:
    cooperative = make_seller(session, "Koperasi Tani", SellerKind.COOPERATIVE)
    make_category(session, "hasil-tani", "Hasil tani", "From the farm")
    make_product(session, name="Kerupuk", photos=1)
    make_product(session, name="Otak-otak", on_hand=None)
    make_product(session, name="Tikar", on_hand=None, lead_days=7)
    make_product(session, name="Wajik", on_hand=0)
    make_product(
        session, cooperative, name="Bayam", unit="ikat", category="hasil-tani", price=5_000
    )
    session.commit()

    page = seen(client, "/")
    assert "5 barang dari 5 dapur" in page
    assert "3 barang siap " in page
    assert "Kerupuk dari Rohana, Rp15.000" in page
    assert "Bayam ikat Rp5.000" in page
    assert "Dibuat 7 hari" in page
    assert card_names(client, "/cari?siap=today") == ["Bayam", "Otak-otak", "Kerupuk"]


def test_what_is_ready_in_the_evening_is_for_tomorrow(
    client: FlaskClient, session: Session
) -> None:
    make_product(session, name="Otak-otak", slug="otak-otak")
    session.commit()
    for minute, word, english in ((59, "hari ini", "today"), (60, "besok", "tomorrow")):
        with clock.at(datetime(2026, 11, 25, 9, tzinfo=UTC) + timedelta(minutes=minute)):
            assert f"Siap {word}" in seen(client, "/")
            assert f"Siap {word}" in seen(client, "/p/otak-otak")
            assert f"Siap {word}" in seen(client, "/cari")
            assert f"1 thing ready {english}" in seen(client, "/en/")


def test_what_is_made_nearby_comes_first(client: FlaskClient, session: Session) -> None:
    for name, kelurahan in (("Laila", PENYENGAT), ("Salmah", KEMBOJA), ("Rohana", SEI_JANG)):
        seller = make_seller(session, name)
        seller.kelurahan_code = kelurahan
        make_product(session, seller, name=f"Kue {name}")
    session.commit()

    assert card_names(client, f"/?kel={PENYENGAT}")[0] == "Kue Laila"
    assert card_names(client, f"/?kel={KEMBOJA}")[0] == "Kue Salmah"
    assert "/p/kue-salmah" in client.get(f"/?kel={KEMBOJA}").text
    assert client.get("/?kel=nowhere").status_code == 200


@pytest.mark.both
def test_filters_leave_what_they_say_and_count_it(client: FlaskClient, session: Session) -> None:
    group = make_seller(session, "KUBE Melur", SellerKind.GROUP)
    group.kelurahan_code = KEMBOJA
    make_product(session, name="Kerupuk", price=15_000, halal_kind="certified", halal_number="ID1")
    make_product(session, name="Dodol", price=15_001, on_hand=None, lead_days=2)
    make_product(session, group, name="Hampers", price=150_000, on_hand=None, lead_days=4)
    session.commit()

    for query, names in (
        ("", ["Hampers", "Dodol", "Kerupuk"]),
        ("harga=0", ["Kerupuk"]),
        ("harga=1", ["Dodol"]),
        ("harga=3", ["Hampers"]),
        ("siap=today", ["Kerupuk"]),
        ("siap=soon", ["Dodol"]),
        ("siap=made", ["Hampers", "Dodol"]),
        ("halal=1", ["Kerupuk"]),
        ("penjual=group", ["Hampers"]),
        (f"kel={KEMBOJA}", ["Hampers"]),
        ("harga=0&penjual=group", []),
        ("harga=99", []),
        ("urut=termurah", ["Kerupuk", "Dodol", "Hampers"]),
        ("urut=termahal", ["Hampers", "Dodol", "Kerupuk"]),
        ("urut=x&hal=0&siap=%00", ["Hampers", "Dodol", "Kerupuk"]),
    ):
        assert card_names(client, f"/k/camilan?{query}") == names, query
    page = seen(client, "/k/camilan?penjual=individual")
    assert "2 barang dari 2 penjual" in page
    assert "Kelompok (KUBE) 1" in page
    assert "Sampai Rp15.000 1" in page
    assert "Di atas Rp75.000" not in page


def test_a_list_goes_on_over_pages_and_keeps_its_filters(
    client: FlaskClient, session: Session
) -> None:
    seller, now = make_seller(session), clock.now()
    for number in range(50):
        make_product(
            session, seller, name=f"Kue {number:02}", published_at=now - timedelta(hours=number)
        )
    session.commit()

    assert card_names(client, "/k/camilan?siap=today")[0] == "Kue 00"
    assert card_names(client, "/k/camilan?siap=today&hal=2")[0] == "Kue 24"
    assert "Barang 49–50 dari 50" in seen(client, "/k/camilan?hal=3")
    assert card_names(client, "/k/camilan?hal=99") == ["Kue 48", "Kue 49"]
    assert "/k/camilan?siap=today&amp;hal=2" in client.get("/k/camilan?siap=today").text


def test_sold_out_things_come_last_and_say_so(client: FlaskClient, session: Session) -> None:
    make_product(session, name="Kerupuk", on_hand=1)
    make_product(session, name="Dodol", slug="dodol", on_hand=3, reserved=3)
    session.commit()

    assert card_names(client, "/k/camilan") == ["Kerupuk", "Dodol"]
    assert "Habis" in seen(client, "/k/camilan")
    page = client.get("/p/dodol").text
    assert "Tanya kapan ada lagi" in page
    assert "cart/add" not in page


def test_search_finds_says_what_was_asked_and_helps_where_nothing_is_found(
    client: FlaskClient, session: Session
) -> None:
    make_product(session, name="Kerupuk")
    make_product(session, name="Tas Rajut")
    session.commit()

    assert card_names(client, "/cari?q=kerupuk") == ["Kerupuk"]
    assert "sebagian" in seen(client, "/cari?q=tas+kulit")
    nothing = client.get("/cari?q=<b>gajah</b>").text
    assert "Belum ada yang cocok" in nothing
    assert "&lt;b&gt;gajah&lt;/b&gt;" in nothing
    assert "<b>gajah" not in nothing
    assert 'href="/k/camilan"' in nothing


@pytest.mark.both
def test_the_page_gives_what_search_finds_in_its_order(
    client: FlaskClient, session: Session
) -> None:
    for name, told in (("Kerupuk A", ""), ("Dodol", "Bukan kerupuk."), ("Kerupuk B", "")):
        make_product(session, name=name, description=told, on_hand=0 if name == "Dodol" else 5)
    session.commit()

    found = [session.get_one(Product, one).name for one in search.find(session, "kerupuk")]
    assert found == ["Kerupuk B", "Kerupuk A", "Dodol"]
    assert card_names(client, "/cari?q=kerupuk") == found


@pytest.mark.parametrize(
    "question", ["%22%00'", "%ff%fe", "a" * 50_000, "%0d%0aSet-Cookie:x", "{{7*7}}", "%F0%9F%98%80"]
)
def test_no_question_breaks_the_page(client: FlaskClient, question: str) -> None:
    answer = client.get(f"/cari?q={question}", follow_redirects=True)

    assert answer.status_code == 200
    assert len(answer.data) < 20_000
    assert "49" not in answer.text or "{{7*7}}" in answer.text


@pytest.mark.parametrize("state", [s for s in ProductState if s is not ProductState.LIVE])
def test_what_is_not_on_the_shelf_has_no_page(
    client: FlaskClient, session: Session, state: ProductState
) -> None:
    product = make_product(session, name="Dodol", state=state)
    session.commit()

    seen(client, f"/p/{product.slug}", 404)
    for page in ("/", "/k/camilan", "/cari", f"/s/{product.seller.slug}"):
        assert "Dodol" not in client.get(page).text


@pytest.mark.parametrize("state", [s for s in SellerState if s is not SellerState.APPROVED])
def test_a_seller_who_is_not_approved_is_not_shown_with_anything(
    client: FlaskClient, session: Session, state: SellerState
) -> None:
    product = make_product(session, make_seller(session, "Zubaidah", state=state), name="Dodol")
    session.commit()

    seen(client, f"/p/{product.slug}", 404)
    seen(client, f"/s/{product.seller.slug}", 404)
    for page in ("/", "/penjual", "/k/camilan", "/cari?q=dodol"):
        assert "Zubaidah" not in client.get(page).text
    assert product.slug not in client.get("/cari?q=dodol").text


@pytest.mark.parametrize("page", ["/p/tidak-ada", "/s/tidak-ada", "/k/tidak-ada", "/penjual?hal=9"])
def test_what_does_not_exist_is_404(client: FlaskClient, page: str) -> None:
    assert client.get(page).status_code == 404


def test_an_empty_shelf_offers_the_others(client: FlaskClient, session: Session) -> None:
    open_shelves(session)
    make_product(session)
    session.commit()

    assert "Rak ini masih kosong" in seen(client, "/k/minuman")
    assert 'href="/k/camilan"' in client.get("/k/minuman").text


@pytest.mark.usefixtures("noon")
def test_the_product_page_says_everything_known(client: FlaskClient, session: Session) -> None:
    seller = make_seller(session)
    seller.pickup_hours, seller.story = "Setiap hari 15.00–20.00", "Dulu saya goreng sendiri."
    session.add(DeliveryZone(seller_id=seller.id, zone="B", fee=0))
    person, _ = make_graduate(session, make_cohort(session, make_course(session, "Olahan ikan")))
    session.add(
        SellerMember(seller_id=seller.id, participant_id=person.id, name="Rohana", role="member")
    )
    product = make_product(
        session, seller, slug="kerupuk", photos=2, on_hand=3, unit="bungkus", weight_g=1_250,
        name_en="Crackers", shelf_life_days=60, allergens=["fish"], ingredients="Ikan, sagu",
        permit_kind="pirt", permit_number="206217201003431", halal_kind="certified",
        halal_number="ID21110001234560226", description="Renyah.",
    )  # fmt: skip
    make_product(session, seller, name="Rempeyek")
    session.commit()

    page = seen(client, f"/p/kerupuk?kel={SEI_JANG}")
    for words in (
        "Kerupuk Tenggiri",
        "Rp15.000 per bungkus, 1,25 kg",
        "Terlatih olahan ikan",
        "Renyah.",
        "Lulus olahan ikan, April 2025",
        "Siap hari ini",
        "Tinggal 3.",
        "Diantar ke Sei Jang",
        "Ambil sendiri di Sei Jang Gratis Setiap hari 15.00–20.00.",
        "Alergen Ikan",
        "Bahan Ikan, sagu",
        "Tahan 60 hari di suhu ruang",
        "Berat bersih 1,25 kg",
        "Halal Bersertifikat BPJPH ID21110001234560226",
        "P-IRT 2062172010034-31 Berlaku sampai 2031",
        "Dulu saya goreng sendiri.",
        "Rempeyek",
    ):
        assert words in page, words
    assert "1.25 kg" in seen(client, "/en/p/kerupuk")
    assert str(product.variants[0].id) in client.get("/p/kerupuk").text
    assert "Crackers" in seen(client, "/en/p/kerupuk")


@pytest.mark.parametrize(
    ("kelurahan", "words"),
    [
        (KEMBOJA, "Diantar ke Kemboja Rp10.000"),
        (PENYENGAT, "Belum mengantar ke Penyengat"),
        ("", "Diantar ke rumah mulai Rp10.000"),
        ("nonsense", "Diantar ke rumah mulai Rp10.000"),
    ],
)
def test_the_fee_is_that_of_the_buyers_kelurahan(
    client: FlaskClient, session: Session, kelurahan: str, words: str
) -> None:
    make_product(session, slug="kerupuk")
    session.commit()

    assert words in seen(client, f"/p/kerupuk?kel={kelurahan}")


def test_a_link_in_a_chat_shows_name_price_and_photo(client: FlaskClient, session: Session) -> None:
    make_product(session, slug="kerupuk", photos=1, description='Kata "kutip" & </script>.')
    session.commit()

    page = client.get("/p/kerupuk").text
    assert '<meta property="og:title" content="Kerupuk Tenggiri, Rp15.000">' in page
    assert '<meta property="og:url" content="http://localhost/p/kerupuk">' in page
    assert re.search(r'og:image" content="http://localhost/media/[^"]+\.jpg"', page)
    assert page.count("</script>") == 1


def test_variants_are_offered_once_there_are_two(client: FlaskClient, session: Session) -> None:
    product = make_product(session, slug="kerupuk", price=20_000)
    session.add(
        Variant(
            product_id=product.id,
            seller_id=product.seller_id,
            name="Kecil",
            price=9_000,
            position=1,
            on_hand=5,
        )
    )
    session.commit()

    assert "mulai Rp9.000" in seen(client, "/p/kerupuk")
    assert "Kecil, Rp9.000" in seen(client, "/p/kerupuk")
    assert "mulai Rp9.000" in seen(client, "/k/camilan")


def test_sellers_are_listed_by_name_those_with_things_first(
    client: FlaskClient, session: Session
) -> None:
    make_seller(session, "Asmah")
    for name in ("Norma", "Erni"):
        make_product(session, make_seller(session, name))
    session.commit()

    assert card_names(client, "/penjual") == ["Erni", "Norma", "Asmah"]
    assert "3 penjual" in seen(client, "/penjual")


def test_a_seller_shows_their_place_hours_and_things(client: FlaskClient, session: Session) -> None:
    seller = make_seller(session)
    seller.pickup_hours = "Senin–Sabtu 09.00–17.00"
    make_product(session, seller, name="Dodol")
    session.commit()

    page = seen(client, f"/s/{seller.slug}")
    for words in ("Sei Jang, Bukit Bestari", "Senin–Sabtu 09.00–17.00", "Dodol", "1 barang"):
        assert words in page, words


def test_pages_are_the_same_for_everybody_and_may_be_kept(
    client: FlaskClient, session: Session
) -> None:
    product = make_product(session, photos=1)
    session.commit()

    for page in ("/", "/k/camilan", "/cari?q=kerupuk", f"/p/{product.slug}", "/penjual"):
        answer = client.get(page)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public")
        assert "csrf" not in answer.text


def test_a_product_page_says_what_heavy_orders_cost_to_bring(
    client: FlaskClient, session: Session
) -> None:
    seller = make_seller(session)
    product = make_product(session, seller, name="Labu")
    zone = session.scalars(select(DeliveryZone).where(DeliveryZone.seller_id == seller.id)).one()
    zone.carries_g, zone.per_kg = 5_000, 2_000
    session.commit()
    told = "Sampai 5 kg, lalu Rp2.000 tiap kg."

    assert told in seen(client, f"/p/{product.slug}?kel={KEMBOJA}")
    assert told not in seen(client, f"/p/{product.slug}")
    zone.per_kg = 0
    session.commit()
    assert "tiap kg" not in seen(client, f"/p/{product.slug}?kel={KEMBOJA}")
