"""What is typed when a cooperative shares its surplus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.core import clock
from shop.core.forms import Between, DayField, MoneyField, Needed
from shop.sellers.models import SellerMember
from shop.sharing.forms import MOST, Keyed, NotLater
from shop.sharing.share_surplus import Wanted


class SurplusForm(Keyed):
    """The surplus of some days; `surplus_form` adds each member's savings."""

    first = DayField(_l("Dari tanggal"), [Needed()])
    last = DayField(_l("Sampai tanggal"), [Needed(), NotLater()], default=clock.today)
    amount = MoneyField(_l("Sisa hasil usaha (SHU)"), [Needed(), Between(1, MOST, money=True)])

    members: Sequence[SellerMember] = ()

    def savings_of(self, member: SellerMember) -> Any:
        """The field with a member's savings."""
        return self[f"savings_{member.id.hex}"]

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for days in order."""
        good = bool(super().validate(extra_validators))
        if good and self.first.data > self.last.data:
            self.first.errors = [gettext("Tanggal awal tidak boleh sesudah tanggal akhir.")]
            return False
        return good

    def wanted(self) -> Wanted:
        """What is to be shared, once it is valid."""
        savings = {one.id: self.savings_of(one).data or 0 for one in self.members}
        return Wanted(self.first.data, self.last.data, self.amount.data or 0, savings)


def surplus_form(members: Sequence[SellerMember], **kwargs: Any) -> SurplusForm:
    """The form for these members."""
    fields = {
        f"savings_{one.id.hex}": MoneyField(one.name, [Between(0, MOST, money=True)])
        for one in members
    }
    made: SurplusForm = type("SurplusFormOfGroup", (SurplusForm,), fields)(**kwargs)
    made.members = members
    return made
