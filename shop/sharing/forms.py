"""What the people of a group type about their money."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import ValidationError

from shop.core import clock, ids
from shop.core.forms import (
    AtMost,
    Between,
    DayField,
    Form,
    MoneyField,
    Needed,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextField,
    WholeField,
    as_choices,
    tidy,
)
from shop.core.money import rupiah
from shop.ledger.sales import Sale
from shop.sellers.models import SellerMember, ShareBasis
from shop.sharing.decide import NewRule
from shop.sharing.give_advance import Beforehand
from shop.sharing.keep_fund import Moved
from shop.sharing.pay_member import Handed
from shop.sharing.purse import LONGEST_KEY
from shop.sharing.states import AdvanceKind, FundKind, Purpose
from shop.sharing.words import ADVANCES, BASES, FUND, PURPOSES

MOST = 1_000_000_000
_HUNDRED = 100


class NotLater:
    """A day up to today."""

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise `ValidationError` for a day that is yet to come."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(gettext("Hari ini atau sebelumnya."))


class Keyed(Form):
    """A form that does its work once, however often it is sent."""

    key = HiddenField(default=ids.new_token)

    def own_key(self) -> str:
        """The form's own key; one that cannot be ours is replaced."""
        known = self.key.data or ""
        return known if 0 < len(known) <= LONGEST_KEY and ":" not in known else ids.new_token()


class PayForm(Keyed):
    """Money handed to a member."""

    paid = MoneyField(_l("Uang yang diberikan"), [Needed(), Between(0, MOST, money=True)])
    deducted = MoneyField(_l("Potong kasbon"), [Between(0, MOST, money=True)])
    day = DayField(_l("Tanggal"), [Needed(), NotLater()], default=clock.today)
    note = TextField(_l("Keterangan"), [AtMost(200)])

    def validate(self, extra_validators: object = None) -> bool:
        """Also ask for at least one rupiah."""
        good = bool(super().validate(extra_validators))
        if good and not (self.paid.data or 0) + (self.deducted.data or 0):
            self.paid.errors = [gettext("Isi lebih dari Rp0.")]
            return False
        return good

    def handed(self) -> Handed:
        """What was handed over, once it is valid."""
        return Handed(
            self.paid.data or 0, self.deducted.data or 0, self.day.data, self.note.data or ""
        )

    def more_than_owed(self, owed: int) -> None:
        """Say that less is hers."""
        self.paid.errors = [gettext("Haknya sekarang %(sum)s.", sum=rupiah(owed))]

    def more_than_had(self, advance: int) -> None:
        """Say that her advance is less."""
        self.deducted.errors = [gettext("Kasbonnya tinggal %(sum)s.", sum=rupiah(advance))]


class AdvanceForm(Keyed):
    """What a member gets beforehand, or brings back."""

    kind = SelectField(_l("Apa"), choices=as_choices(ADVANCES.items()))
    amount = MoneyField(_l("Berapa rupiah"), [Needed(), Between(1, MOST, money=True)])
    reason = TextField(_l("Untuk apa"), [Needed(), AtMost(200)])
    given_on = DayField(_l("Tanggal"), [Needed(), NotLater()], default=clock.today)

    def beforehand(self) -> Beforehand:
        """What she gets, once it is valid."""
        return Beforehand(
            AdvanceKind(self.kind.data), self.amount.data or 0, self.reason.data, self.given_on.data
        )


class WordsForm(Form):
    """Why something is disputed or taken back."""

    words = TextAreaField(_l("Apa yang terjadi?"), [Needed(), AtMost(300)], filters=[tidy])


class FundForm(Keyed):
    """Money into the fund or out of it; the receipt's photo comes beside it."""

    kind = RadioField(
        _l("Apa yang dicatat?"), choices=as_choices(FUND.items()), default=FundKind.SPENT.value
    )
    amount = MoneyField(_l("Berapa rupiah"), [Needed(), Between(1, MOST, money=True)])
    reason = TextField(_l("Untuk apa"), [Needed(), AtMost(200)])
    day = DayField(_l("Tanggal"), [Needed(), NotLater()], default=clock.today)

    def moved(self, receipt: str | None) -> Moved:
        """What happened, once it is valid."""
        return Moved(
            FundKind(self.kind.data), self.amount.data or 0, self.reason.data, self.day.data,
            receipt,
        )  # fmt: skip


def not_enough(field: Any, left: int) -> None:
    """Say beside a sum that less is there."""
    field.errors = [gettext("Yang ada hanya %(sum)s.", sum=rupiah(left))]


class RuleForm(Form):
    """How a group shares from a day on; `rule_form` adds weights and hundredths."""

    basis = RadioField(
        _l("Dibagi bagaimana?"), choices=as_choices(BASES.items()), default=ShareBasis.EQUAL.value
    )
    reserve = WholeField(_l("Untuk kas kelompok, berapa persen"), [Needed(), Between(0, _HUNDRED)])
    valid_from = DayField(_l("Berlaku mulai"), [Needed()])
    decided_on = DayField(_l("Diputuskan tanggal"), [Needed(), NotLater()], default=clock.today)
    deciders = SelectMultipleField(_l("Siapa yang ikut memutuskan"))

    members: Sequence[SellerMember] = ()

    def weight_of(self, member: SellerMember) -> Any:
        """The field with a member's weight."""
        return self[f"weight_{member.id.hex}"]

    def percent_of(self, purpose: str) -> Any:
        """The field with a purpose's hundredths."""
        return self[f"percent_{purpose}"]

    def purposes(self) -> list[Any]:
        """All fields with hundredths of a surplus."""
        return [self.percent_of(purpose.value) for purpose in Purpose]

    @property
    def speaks_of_surplus(self) -> bool:
        """Whether anything is said of a surplus."""
        return any(field.data or field.errors for field in self.purposes())

    def wanted(self) -> NewRule:
        """What was decided, once it is valid."""
        return NewRule(
            valid_from=self.valid_from.data,
            decided_on=self.decided_on.data,
            basis=ShareBasis(self.basis.data),
            reserve_basis_points=(self.reserve.data or 0) * _HUNDRED,
            deciders=[uuid.UUID(one) for one in self.deciders.data or ()],
            weights={one.id: self.weight_of(one).data or 0 for one in self.members},
            surplus={
                purpose: percent
                for purpose in Purpose
                if (percent := self.percent_of(purpose.value).data)
            },
        )


def rule_form(members: Sequence[SellerMember], **kwargs: Any) -> RuleForm:
    """The form for a group of these members."""
    fields: dict[str, Any] = {
        f"weight_{one.id.hex}": WholeField(one.name, [Between(0, 1_000)]) for one in members
    }
    for purpose, words in PURPOSES.items():
        fields[f"percent_{purpose}"] = WholeField(words, [Between(0, _HUNDRED)])
    made: RuleForm = type("RuleFormOfGroup", (RuleForm,), fields)(**kwargs)
    made.members = members
    made.deciders.choices = as_choices([(str(one.id), one.name) for one in members])
    return made


class MadeForm(Form):
    """Who made how many pieces; `made_form` adds a number for each line and member."""

    sale: Sale
    members: Sequence[SellerMember] = ()

    def field_of(self, line_id: uuid.UUID, member: SellerMember) -> Any:
        """The field with a member's pieces of a line."""
        return self[f"made_{line_id.hex}_{member.id.hex}"]

    def made(self) -> dict[uuid.UUID, dict[uuid.UUID, int]]:
        """Line → member → pieces, once it is valid."""
        return {
            line.id: {
                one.id: pieces
                for one in self.members
                if (pieces := self.field_of(line.id, one).data)
            }
            for line in self.sale.lines
        }

    def wrong(self, line_id: uuid.UUID, pieces: int) -> None:
        """Say beside the first number of a line that they do not add up."""
        words = gettext("Jumlahnya harus %(pieces)d, atau kosongkan semua.", pieces=pieces)
        self.field_of(line_id, self.members[0]).errors = [words]


def made_form(sale: Sale, members: Sequence[SellerMember], **kwargs: Any) -> MadeForm:
    """The form for the lines of this sale."""
    fields = {
        f"made_{line.id.hex}_{one.id.hex}": WholeField(one.name, [Between(0, line.pieces)])
        for line in sale.lines
        for one in members
    }
    form: MadeForm = type("MadeFormOfSale", (MadeForm,), fields)(**kwargs)
    form.sale, form.members = sale, members
    return form
