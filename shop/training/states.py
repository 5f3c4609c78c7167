"""The life of an enrolment."""

from __future__ import annotations

from enum import StrEnum

from shop.core.lifecycle import LifeCycle, moves


class EnrolmentState(StrEnum):
    """Where somebody stands in a course."""

    ENROLLED = "enrolled"
    FINISHED = "finished"
    DROPPED = "dropped"


ENROLMENT = LifeCycle(
    "enrolment",
    EnrolmentState.ENROLLED,
    moves(
        (EnrolmentState.ENROLLED, EnrolmentState.FINISHED, "staff"),
        (EnrolmentState.ENROLLED, EnrolmentState.DROPPED, "staff"),
        (EnrolmentState.DROPPED, EnrolmentState.ENROLLED, "staff"),
    ),
)
