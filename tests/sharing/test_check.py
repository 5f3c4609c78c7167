"""Each rule about a group's money can fail."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from shop.sharing.check import check_sharing
from tests.factories.planting import damaged, plant, run
from tests.factories.sharing import group_things, make_group

pytestmark = pytest.mark.both
PLANTED = {
    "the accounts of each group sum to zero": (
        "UPDATE accounts SET balance = balance + 1 WHERE kind = 'pool'"
    ),
    "every shared sale is the sum of its parts": "UPDATE shared_sales SET fund = fund + 1",
    "every part of a sale is in the books": (
        "UPDATE shared_parts SET amount = amount + 1 WHERE position = 0"
    ),
    "what is shared of a sale is what it earned": "UPDATE shared_sales SET net = net - 1",
    "nobody shares in what was sold without her": (
        "UPDATE seller_members SET joined_on = '2031-01-01'"
    ),
    "every payment to a member is in the books": (
        "UPDATE member_payments SET state = 'taken_back'"
    ),
    "what a surplus goes to adds up to it": "UPDATE surpluses SET amount = amount + 1",
}


def test_every_planted_fault_is_found(session: Session):
    group_things(session, make_group(session)[0])
    session.commit()
    found = {one.name: one for one in check_sharing(session)}
    assert set(found) == set(PLANTED)
    assert [one.line for one in found.values() if one.faults or not one.looked_at] == []
    with damaged(session) as broken:
        for name, statement in PLANTED.items():
            with broken.begin_nested() as until_here:
                run(broken.connection(), [statement])
                assert {one.name: one for one in check_sharing(broken)}[name].faults, name
                until_here.rollback()


def test_a_sale_that_is_in_no_entry_is_found(session: Session):
    group_things(session, make_group(session)[0])
    session.commit()
    plant(session, "UPDATE entries SET group_id = NULL WHERE kind = 'shared'")
    found = {one.name: one for one in check_sharing(session)}
    assert found["every part of a sale is in the books"].faults
