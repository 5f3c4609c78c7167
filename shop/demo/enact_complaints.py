"""Complaints of the demo, through the use cases of buyer, seller and staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from shop.complaints import answer, decide, report
from shop.complaints.decide import Back, Bearer, Cost
from shop.complaints.states import ComplaintKind, Offer
from shop.core.images import NormalisedImage
from shop.core.pictures import keep_picture
from shop.core.storage import Storage
from shop.demo.events import ComplaintStep
from shop.demo.memory import Memory
from shop.orders.models import SellerOrder

Photos = Callable[[str], NormalisedImage | None]


class Complaints:
    """Where the demo's complaints are made, answered and decided."""

    def __init__(self, stage: Memory, storage: Storage, photos: Photos) -> None:
        self.stage = stage
        self.storage = storage
        self.photos = photos
        self.made: dict[uuid.UUID, uuid.UUID] = {}

    def step(self, event: ComplaintStep, part_id: uuid.UUID) -> None:
        """What buyer, seller or staff did next."""
        session, problem = self.stage.session, event.problem
        match event.kind:
            case "reported":
                self.made[part_id] = report.report(
                    session, part_id, key="demo", kind=ComplaintKind(problem.kind),
                    text=problem.text, pictures=self._pictures(event),
                ).id  # fmt: skip
            case "answered":
                answer.answer(
                    session, self.made[part_id], problem.answer, offer=Offer(problem.offer),
                    person_id=self.stage.keeper(event.seller),
                )  # fmt: skip
            case "ended":
                self._end(event, part_id)

    def _end(self, event: ComplaintStep, part_id: uuid.UUID) -> None:
        session, problem, found = self.stage.session, event.problem, self.made[part_id]
        manager = self.stage.staff["manager"]
        match problem.verdict:
            case "solved":
                report.withdraw(session, found)
            case "refuse":
                decide.refuse(session, found, reason=problem.reason, person_id=manager)
            case "all":
                decide.grant_all(
                    session, found, cost=Cost(Bearer.SELLER), reason=problem.reason,
                    person_id=manager,
                )  # fmt: skip
            case "some":
                line = session.get_one(SellerOrder, part_id).lines[0]
                decide.grant_some(
                    session, found, Back({line.id: (1, line.unit_price)}),
                    cost=Cost(Bearer.PROGRAMME), reason=problem.reason, person_id=manager,
                )  # fmt: skip

    def _pictures(self, event: ComplaintStep) -> list[str]:
        """One photo of what is wrong, where the demo has one of the thing."""
        image = self.photos(f"{event.slug}-1")
        if image is None:
            return []
        kept = keep_picture(self.stage.session, self.storage, image, private=True)
        return [kept.sha256]
