"""A first day so far off that no calendar holds the days after it is refused, not kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.core import clock
from shop.standing.models import StandingOrder
from shop.standing.start import FURTHEST, start
from tests.catalog.offered import offer
from tests.factories.standing import wanted

pytestmark = pytest.mark.both


def count(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(StandingOrder)) or 0


def test_the_form_says_how_far_off_it_may_begin(client: FlaskClient, session: Session):
    variant = offer(session, on_hand=9)
    session.commit()
    form = {
        f"pieces_{variant.id.hex}": "2", "weekday": "3", "way": "pickup", "method": "transfer",
        "buyer_name": "Kantor Camat", "buyer_phone": "0812-3456-7890", "key": "k",
        "agreed": "30000", "starts_on": "9999-12-31",
    }  # fmt: skip
    page = f"/langganan/baru?barang={variant.product.slug}"
    answer = client.post(page, data=form)
    assert answer.status_code == 422
    assert "Paling lambat setahun dari sekarang." in answer.text
    assert 'value="9999-12-31"' in answer.text
    assert count(session) == 0
    last = clock.today() + FURTHEST
    answer = client.post(page, data=form | {"starts_on": last.isoformat()})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("ends_on", [None, date.max])
def test_no_way_around_the_form(session: Session, ends_on: date | None):
    far = wanted(
        (offer(session, on_hand=9), 2),
        starts_on=clock.today() + FURTHEST + timedelta(days=1), ends_on=ends_on,
    )  # fmt: skip
    with pytest.raises(ValueError, match="further off"):
        start(session, far, key="k", agreed=30_000)
