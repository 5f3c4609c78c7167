"""Those who buy in the demo, most of them more than once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from shop.demo.cast import address, phone
from shop.demo.source import read, zone_of_kelurahan

BUYERS = 340


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who orders."""

    name: str
    phone: str
    kelurahan: str
    address: str


class Crowd:
    """All buyers. The earlier one stands in the row, the more often one comes."""

    def __init__(self, rng: Random) -> None:
        people = read("people")
        places = list(zone_of_kelurahan())
        pairs = [f"{given} {family}" for given in people["buyers"] for family in people["families"]]
        named = [(row["name"], row["kelurahan"]) for row in people["regulars"]]
        others = rng.sample(pairs, BUYERS - len(named))
        everybody = named + [(name, rng.choice(places)) for name in others]
        self._rng = rng
        self.buyers = tuple(
            Buyer(name, phone(1000 + i), place, address(rng.randint(1, 40), rng.randint(1, 90)))
            for i, (name, place) in enumerate(everybody, 1)
        )
        self._weights = list(accumulate((rank + 6) ** -0.6 for rank in range(BUYERS)))

    def anybody(self) -> Buyer:
        """The next one to order."""
        return self._rng.choices(self.buyers, cum_weights=self._weights)[0]

    def named(self, name: str) -> Buyer:
        """The first buyer with that name."""
        return next(buyer for buyer in self.buyers if buyer.name == name)
