"""Fields about people that other rooms' forms use, too."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from wtforms import PasswordField
from wtforms.validators import ValidationError

from shop.accounts.passwords import LONGEST, SHORTEST


class NewPasswordField(PasswordField):
    """A new password: `passwords.SHORTEST` to `LONGEST` characters of any kind."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms calls it so
        """Raise `ValidationError` where it is too short or too long."""
        if not SHORTEST <= len(self.data or "") <= LONGEST:
            raise ValidationError(
                gettext(
                    "Kata sandi paling sedikit %(least)d huruf atau angka.",
                    least=SHORTEST,
                )
            )
