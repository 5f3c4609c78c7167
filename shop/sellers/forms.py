"""Forms about sellers: shape and limits of what is typed."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import ValidationError
from wtforms.widgets import TextArea

from shop.accounts.fields import NewPasswordField
from shop.accounts.passwords import LONGEST
from shop.core.forms import (
    AtMost,
    Form,
    Needed,
    Optional,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    as_choices,
)
from shop.core.regions import kelurahan_choices
from shop.sellers import banks
from shop.sellers.models import MemberRole, SellerKind
from shop.sellers.register import Application

KIND_NAMES = {
    SellerKind.INDIVIDUAL: _l("Sendiri, dari rumah"),
    SellerKind.GROUP: _l("Kelompok usaha (KUBE)"),
    SellerKind.COOPERATIVE: _l("Koperasi"),
}
ROLE_NAMES = {
    MemberRole.OWNER: _l("pemilik"),
    MemberRole.TREASURER: _l("bendahara"),
    MemberRole.MANAGER: _l("pengurus"),
    MemberRole.MEMBER: _l("anggota"),
}


class ApplicationForm(Form):
    """Somebody wants to sell."""

    owner_name = TextField(_l("Nama Anda"), [Needed(), AtMost(80)])
    phone = PhoneField(_l("Nomor HP"), [Needed()])
    stall_name = TextField(_l("Nama lapak"), [Needed(), AtMost(80)])
    kind = RadioField(
        _l("Anda berjualan sebagai"),
        choices=as_choices([(kind.value, KIND_NAMES[kind]) for kind in SellerKind]),
        default=SellerKind.INDIVIDUAL.value,
    )
    kelurahan_code = SelectField(_l("Kelurahan"), [Needed()])
    makes = TextField(_l("Membuat apa?"), [Needed(), AtMost(120)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kelurahan_code.choices = as_choices(
            [("", gettext("Pilih kelurahan")), *kelurahan_choices()]
        )

    def application(self) -> Application:
        """What was typed, once it is valid."""
        return Application(
            owner_name=self.owner_name.data,
            phone=self.phone.e164,
            stall_name=self.stall_name.data,
            kind=SellerKind(self.kind.data),
            kelurahan_code=self.kelurahan_code.data,
            makes=self.makes.data,
        )


class StaffApplicationForm(ApplicationForm):
    """Staff open a stall for somebody."""

    owner_name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    kind = RadioField(
        _l("Berjualan sebagai"),
        choices=as_choices([(kind.value, KIND_NAMES[kind]) for kind in SellerKind]),
        default=SellerKind.INDIVIDUAL.value,
    )


class OwnApplicationForm(ApplicationForm):
    """Somebody opens her own stall, with a password of her own."""

    password = NewPasswordField(_l("Kata sandi baru"))


class AboutForm(Form):
    """What buyers read about a seller."""

    name = TextField(_l("Nama lapak"), [Needed(), AtMost(80)])
    makes = TextField(_l("Membuat apa?"), [AtMost(120)])
    makes_en = TextField(_l("Membuat apa, dalam bahasa Inggris"), [AtMost(120)])
    story = TextField(_l("Cerita Anda"), [AtMost(2000)], widget=TextArea())
    story_en = TextField(_l("Cerita Anda, dalam bahasa Inggris"), [AtMost(2000)], widget=TextArea())
    phone = PhoneField(_l("Nomor HP untuk pembeli"), [Needed()])
    kelurahan_code = SelectField(_l("Kelurahan"), [Needed()])
    address = TextField(_l("Alamat untuk ambil sendiri"), [AtMost(200)])
    pickup_hours = TextField(_l("Jam ambil"), [AtMost(80)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kelurahan_code.choices = as_choices(kelurahan_choices())

    def facts(self) -> dict[str, str]:
        """What was typed, once it is valid, as `describe.Facts`."""
        typed = {name: value for name, value in self.data.items() if name != "csrf_token"}
        return {**typed, "phone": self.phone.e164}


class BankForm(Form):
    """Where a seller's money goes; asks for the password again."""

    bank_name = SelectField(_l("Bank"), [Needed()])
    bank_account = TextField(_l("Nomor rekening"), [Needed()])
    bank_holder = TextField(_l("Atas nama"), [Needed(), AtMost(80)])
    password = PasswordField(_l("Kata sandi Anda"), [Needed(), AtMost(LONGEST)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ((bank.short, bank.name) for bank in banks.all_banks().values())
        self.bank_name.choices = as_choices([("", gettext("Pilih bank")), *known])

    def validate_bank_account(self, field: Any) -> None:
        """Keep the digits; how many a bank usually has is a warning, not a fault."""
        field.data = re.sub(r"[\s.-]", "", field.data or "")
        if not re.fullmatch(rf"[0-9]{{{banks.SHORTEST},{banks.LONGEST}}}", field.data):
            raise ValidationError(
                gettext(
                    "Tulis angkanya saja, %(least)d sampai %(most)d angka.",
                    least=banks.SHORTEST,
                    most=banks.LONGEST,
                )
            )


class MemberForm(Form):
    """Somebody who joins a seller, with a number where they shall sign in."""

    name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    role = SelectField(
        _l("Tugas di lapak"),
        choices=as_choices([(role.value, ROLE_NAMES[role]) for role in MemberRole]),
    )
    phone = PhoneField(_l("Nomor HP"), [Optional()])


class ReasonForm(Form):
    """Why something is refused, in words its owner will read."""

    reason = TextField(_l("Alasannya, dibaca oleh penjual"), [Needed(), AtMost(300)])
