"""Making people, their roles and passwords, closing and opening accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.accounts import people, sign_in
from shop.accounts.models import AuditLine, Notification, Person, Role, SignIn
from shop.accounts.passwords import verify_password
from tests.factories.people import PASSWORD, make_person

pytestmark = pytest.mark.both


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditLine.action).order_by(AuditLine.id)))


def open_devices(session: Session, person: Person) -> int:
    count = select(func.count()).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    return session.scalar(count) or 0


def test_a_person_is_made_with_a_hashed_password(session: Session):
    person = people.create(session, name="Siti", phone="+6281200001111", password="kerupuk-enak")
    session.commit()
    assert person.password_hash != "kerupuk-enak"
    assert verify_password(person.password_hash, "kerupuk-enak")
    assert person.language == "id"


def test_a_number_is_taken_once_and_the_rest_of_the_work_goes_on(session: Session):
    people.create(session, name="Siti", phone="+6281200001111")
    with pytest.raises(people.PhoneTaken):
        people.create(session, name="Sari", phone="+6281200001111")
    people.create(session, name="Sari", phone="+6281200002222")
    session.commit()
    assert session.scalar(select(func.count()).select_from(Person)) == 2


@pytest.mark.parametrize("password", ["", "tujuh77", "x" * 201])
def test_an_unfit_password_is_refused(session: Session, password: str):
    with pytest.raises(people.PasswordUnfit):
        people.create(session, name="Siti", phone="+6281200001111", password=password)


def test_a_role_is_given_once_and_taken_back_once(session: Session):
    admin, person = make_person(session, Role.ADMIN), make_person(session)
    for _ in range(2):
        people.grant(session, person.id, Role.FINANCE, admin.id)
    assert person.roles == {Role.FINANCE}
    for _ in range(2):
        people.revoke(session, person.id, Role.FINANCE, admin.id)
    session.expire_all()
    assert person.roles == set()
    assert actions(session) == ["role.grant", "role.revoke"]


def test_a_role_can_be_given_again(session: Session):
    person = make_person(session)
    people.grant(session, person.id, Role.AUDITOR, None)
    people.revoke(session, person.id, Role.AUDITOR, None)
    people.grant(session, person.id, Role.AUDITOR, None)
    assert person.roles == {Role.AUDITOR}
    assert len(person.grants) == 2


def test_the_last_admin_stays(session: Session):
    admin = make_person(session, Role.ADMIN)
    with pytest.raises(people.LastAdmin):
        people.revoke(session, admin.id, Role.ADMIN, admin.id)
    with pytest.raises(people.LastAdmin):
        people.disable(session, admin.id, admin.id)
    other = make_person(session, Role.ADMIN)
    people.disable(session, admin.id, other.id)
    with pytest.raises(people.LastAdmin):
        people.revoke(session, other.id, Role.ADMIN, other.id)


def test_a_closed_account_ends_every_device_and_can_be_opened_again(session: Session):
    admin, person = make_person(session, Role.ADMIN), make_person(session)
    for _ in range(2):
        sign_in.open_sign_in(session, person.id, "HP")
    people.disable(session, person.id, admin.id)
    assert open_devices(session, person) == 0
    people.enable(session, person.id, admin.id)
    people.enable(session, person.id, admin.id)
    assert person.disabled_at is None
    assert actions(session) == ["person.disable", "person.enable"]


def test_a_new_password_ends_the_other_devices(session: Session):
    person = make_person(session)
    sign_in.open_sign_in(session, person.id, "laptop")
    here = sign_in.open_sign_in(session, person.id, "HP")
    people.set_password(session, person.id, "rempeyek-renyah", by=person.id, keep=here)
    assert open_devices(session, person) == 1
    assert verify_password(person.password_hash, "rempeyek-renyah")
    assert not verify_password(person.password_hash, PASSWORD)
    assert session.scalar(select(func.count()).select_from(Notification)) == 0


def test_somebody_whose_password_was_set_by_another_is_told(session: Session):
    admin, person = make_person(session, Role.ADMIN), make_person(session)
    people.set_password(session, person.id, "rempeyek-renyah", by=admin.id)
    assert session.scalars(select(Notification.person_id)).all() == [person.id]
