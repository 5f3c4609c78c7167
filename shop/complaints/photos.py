"""The photos of complaints as pages draw them, at addresses that only their readers can open."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from shop.complaints.models import Complaint, ComplaintPhoto
from shop.core.models import Picture
from shop.core.pictures import PrivateView

Shots = dict[uuid.UUID, list[PrivateView]]
"""The photos by complaint."""
Address = Callable[[ComplaintPhoto], str]


def shots_of(found: Iterable[Complaint], address: Address) -> Shots:
    """The photos of these complaints, each at the `address` where its page hands it out."""
    return {one.id: [drawn(photo.picture, address(photo)) for photo in one.photos] for one in found}


def drawn(picture: Picture, url: str) -> PrivateView:
    """One private picture as a page draws it."""
    return PrivateView(url, picture.tone, picture.width, picture.height)


def at(complaint: Complaint, place: int) -> Picture | None:
    """The photo at this place, counted from 0."""
    found = (photo.picture for photo in complaint.photos if photo.position == place)
    return next(found, None)
