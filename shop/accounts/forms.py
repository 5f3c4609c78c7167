"""Forms about people: shape and limits of what is typed."""

from __future__ import annotations

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import ValidationError

from shop.accounts.fields import NewPasswordField
from shop.accounts.models import Language, Person, Role
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


_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def mailable(_form: object, field: TextField) -> None:
    """Refuse what is written but cannot be an e-mail address. Raises `ValidationError`."""
    if field.data and not _MAIL.fullmatch(field.data):
        raise ValidationError(gettext("Alamat email ini belum benar."))


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


class WaysForm(Form):
    """By which ways somebody is told what happens, beside the list in the studio."""

    email = TextField(_l("Email, boleh kosong"), [AtMost(254), mailable])
    whatsapp = BooleanField(_l("Kirim kabar penting lewat WhatsApp ke nomor saya"))

    @classmethod
    def of(cls, person: Person | None) -> WaysForm:
        """The form as this person has filled it in before."""
        ok = person is not None and person.whatsapp_ok_at is not None
        return cls(formdata=None, email=(person and person.email) or "", whatsapp=ok)


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
