"""Reading income from the journal, and who learnt what, in a handful of statements.

Income is what the journal says a seller earned: price and delivery money less the fee, in the
Jakarta month in which the order was completed, and the seller's money of what a point sold for her
in the month in which that was recorded; corrections after refunds or wrong counts
count when they are made.
Being paid out, or keeping cash already taken, changes no income.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import BigInteger, String, case, cast, extract, func, select
from sqlalchemy.orm import Session

from shop.core.money import Rupiah
from shop.impact.facts import CourseFacts, Earned, Facts, Graduate, SellerFacts
from shop.impact.figures import month_number
from shop.impact.filters import Filters
from shop.ledger.models import Account, Entry, Posting
from shop.ledger.of_kinds import of_kinds
from shop.ledger.states import AccountKind, EntryKind
from shop.orders.models import SellerOrder
from shop.sellers.models import Seller, SellerKind, SellerMember
from shop.sellers.states import SellerState
from shop.training.models import Certificate, Cohort, Course, Enrolment, Participant
from shop.training.states import EnrolmentState

INCOME = (
    EntryKind.COMPLETION, EntryKind.CONSIGNMENT_SOLD, EntryKind.FEE, EntryKind.REFUND_DUE
)  # fmt: skip
SALES = (EntryKind.COMPLETION, EntryKind.CONSIGNMENT_SOLD)


def load_facts(session: Session, filters: Filters) -> Facts:
    """Read all facts of the period; sellers and graduates are those the filters let through."""
    members = session.execute(
        select(SellerMember.seller_id, Seller.kind, SellerMember.participant_id)
        .join(Seller)
        .where(SellerMember.left_on.is_(None))
    )
    work: dict[uuid.UUID, list[uuid.UUID | None]] = defaultdict(list)
    sells: dict[uuid.UUID, dict[str, set[uuid.UUID]]] = defaultdict(lambda: defaultdict(set))
    for seller_id, kind, participant_id in members:
        work[seller_id].append(participant_id)
        if participant_id:
            sells[participant_id][kind].add(seller_id)
    graduates = _graduates(session, sells)
    courses = _courses(session)
    course = next((c for c in courses if c.slug == filters.course), None)
    sellers = _sellers(session, filters, work, {g.id: g.issued.keys() for g in graduates})
    return Facts(
        filters=filters,
        opened=session.scalar(select(func.min(Entry.month)).where(Entry.kind.in_(SALES))),
        earned=_earned(session, filters),
        sellers=[s for s in sellers if course is None or course.id in s.courses],
        graduates=[g for g in graduates if _wanted(g, filters, course)],
        courses=courses,
        course=course,
    )


def _earned(session: Session, filters: Filters) -> dict[uuid.UUID, dict[date, Earned]]:
    """Income of every seller in every month of the period: one statement over the journal.

    A seller's months come as one text: for thousands of sellers that is far quicker to read than
    a row for each month.
    """
    completed = Entry.kind == EntryKind.COMPLETION
    monthly = (
        select(
            Account.seller_id,
            Entry.month,
            (-func.sum(Posting.amount)).label("income"),
            func.coalesce(
                func.sum(case((completed, SellerOrder.delivery - SellerOrder.delivery_borne))), 0
            ).label("delivery"),
            func.sum(case((completed, 1), else_=0)).label("orders"),
        )
        .select_from(Account)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(SellerOrder, SellerOrder.id == Entry.seller_order_id)
        .where(
            Account.kind == AccountKind.PAYABLE,
            of_kinds(INCOME),
            Entry.month.between(filters.first, filters.last),
        )
        .group_by(Account.seller_id, Entry.month)
        .subquery()
    )
    year, month = (extract(part, monthly.c.month) for part in ("year", "month"))
    cells = (year * 12 + month - 1, monthly.c.income, monthly.c.delivery, monthly.c.orders)
    number, *sums = (cast(cast(cell, BigInteger), String) for cell in cells)
    text = number.concat(" " + sums[0]).concat(" " + sums[1]).concat(" " + sums[2])
    rows = session.execute(
        select(monthly.c.seller_id, func.aggregate_strings(text, ";")).group_by(monthly.c.seller_id)
    )
    months = {str(month_number(month)): month for month in filters.months}
    return {seller_id: _read_months(told, months) for seller_id, told in rows}


def _read_months(told: str, months: Mapping[str, date]) -> dict[date, Earned]:
    """The cells of one seller: the month's number, income, delivery, orders."""
    found = {}
    for cell in told.split(";"):
        month, income, delivery, orders = cell.split(" ")
        found[months[month]] = Earned(Rupiah(int(income)), Rupiah(int(delivery)), int(orders))
    return found


def _sellers(
    session: Session,
    filters: Filters,
    work: Mapping[uuid.UUID, Sequence[uuid.UUID | None]],
    held: Mapping[uuid.UUID, Iterable[uuid.UUID]],
) -> list[SellerFacts]:
    wanted = select(Seller.id, Seller.name, Seller.kind, Seller.kelurahan_code).where(
        Seller.state.in_((SellerState.APPROVED, SellerState.SUSPENDED))
    )
    if filters.kind:
        wanted = wanted.where(Seller.kind == filters.kind)
    if filters.kelurahan:
        wanted = wanted.where(Seller.kelurahan_code == filters.kelurahan)
    rows = session.execute(wanted.order_by(func.lower(Seller.name), Seller.id))
    return [
        SellerFacts(
            *row,
            members=len(work.get(row[0], ())),
            courses=frozenset(
                course
                for person in work.get(row[0], ())
                if person
                for course in held.get(person, ())
            ),
        )
        for row in rows
    ]


def _graduates(
    session: Session, sells: Mapping[uuid.UUID, Mapping[str, set[uuid.UUID]]]
) -> list[Graduate]:
    """Everybody who holds a certificate that was not withdrawn."""
    rows = session.execute(
        select(
            Participant.id,
            Participant.kelurahan_code,
            Participant.baseline_income,
            Participant.baseline_kind,
            Cohort.course_id,
            Certificate.issued_on,
        )
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .join(Certificate)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Certificate.revoked_at.is_(None))
        .order_by(Certificate.issued_on.desc())
    )
    people: dict[uuid.UUID, tuple[str, Rupiah | None, str | None]] = {}
    issued: dict[uuid.UUID, dict[uuid.UUID, date]] = defaultdict(dict)
    for person, kelurahan, baseline, baseline_kind, course, day in rows:
        people[person] = (kelurahan, baseline, baseline_kind)
        issued[person][course] = day  # the earliest comes last and stays
    return [
        Graduate(
            person,
            *about,
            issued=issued[person],
            own_sellers=frozenset(sells.get(person, {}).get(SellerKind.INDIVIDUAL, ())),
            in_group=any(kind != SellerKind.INDIVIDUAL for kind in sells.get(person, {})),
        )
        for person, about in people.items()
    ]


def _courses(session: Session) -> list[CourseFacts]:
    left: dict[uuid.UUID, dict[uuid.UUID, str]] = defaultdict(dict)
    for course, person, kelurahan in session.execute(
        select(Cohort.course_id, Participant.id, Participant.kelurahan_code)
        .select_from(Enrolment)
        .join(Cohort)
        .join(Participant)
        .where(Enrolment.state == EnrolmentState.DROPPED)
    ):
        left[course][person] = kelurahan
    rows = session.execute(
        select(Course.id, Course.slug, Course.title, Course.title_en).order_by(Course.title)
    )
    return [CourseFacts(*row, dropped=left[row[0]]) for row in rows]


def _wanted(graduate: Graduate, filters: Filters, course: CourseFacts | None) -> bool:
    """Whether a graduate is within the filters; groups' kinds leave nobody who sells alone."""
    return (
        (course is None or course.id in graduate.issued)
        and filters.kelurahan in ("", graduate.kelurahan)
        and filters.kind in ("", SellerKind.INDIVIDUAL)
    )
