"""Forms about people: shape and limits of what is typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField

from shop.accounts.fields import NewPasswordField
from shop.accounts.models import Language, Role
from shop.accounts.passwords import LONGEST
from shop.core.forms import (
    AtMost,
    Form,
    Needed,
    PhoneField,
    RadioField,
    SelectField,
    TextField,
    as_choices,
)

ROLE_NAMES = {
    Role.FACILITATOR: _l("pendamping"),
    Role.MANAGER: _l("pengelola"),
    Role.FINANCE: _l("keuangan"),
    Role.AUDITOR: _l("pemeriksa"),
    Role.ADMIN: _l("admin"),
}
LANGUAGE_NAMES = {Language.INDONESIAN: "Bahasa Indonesia", Language.ENGLISH: "English"}


class SignInForm(Form):
    """The number and the password."""

    phone = PhoneField(_l("Nomor HP"), [Needed()])
    password = PasswordField(_l("Kata sandi"), [Needed(), AtMost(LONGEST)])


class LanguageForm(Form):
    """In which language somebody works."""

    language = RadioField(
        _l("Bahasa"),
        choices=as_choices([(one.value, name) for one, name in LANGUAGE_NAMES.items()]),
    )


class PasswordForm(Form):
    """The password so far, and the new one."""

    old = PasswordField(_l("Kata sandi sekarang"), [Needed(), AtMost(LONGEST)])
    new = NewPasswordField(_l("Kata sandi baru"))


class StaffForm(Form):
    """A new member of the programme's staff."""

    name = TextField(_l("Nama"), [Needed(), AtMost(80)])
    phone = PhoneField(_l("Nomor HP"), [Needed()])
    role = SelectField(
        _l("Tugas"), choices=as_choices([(role.value, ROLE_NAMES[role]) for role in Role])
    )
