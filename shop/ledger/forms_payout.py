"""What a seller chooses about her payouts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from shop.core.forms import Between, Form, MoneyField, RadioField, as_choices
from shop.core.money import MAX_PRICE
from shop.ledger.states import PayoutWay
from shop.sellers.models import PayoutEvery, Seller


class PayoutForm(Form):
    """When, how, and from how much on a seller is paid out."""

    every = RadioField(
        _l("Kapan dibayar"),
        choices=as_choices(
            [
                (PayoutEvery.WEEK.value, _l("Tiap minggu")),
                (PayoutEvery.MONTH.value, _l("Tiap bulan")),
                (PayoutEvery.ASKED.value, _l("Kalau saya minta")),
            ]
        ),
    )
    way = RadioField(
        _l("Lewat apa"),
        choices=as_choices(
            [
                (PayoutWay.BANK.value, _l("Rekening bank")),
                (PayoutWay.CASH.value, _l("Tunai, ambil di kantor program")),
                (PayoutWay.STRIPE.value, "Stripe"),
            ]
        ),
    )
    minimum = MoneyField(
        _l("Paling sedikit untuk dibayarkan"),
        [Between(0, MAX_PRICE, money=True)],
        description=_l("Kosong: menurut aturan program. Yang kurang dari ini menunggu."),
    )

    def __init__(self, seller: Seller, *args: Any, stripe: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seller = seller
        if not stripe:
            self.way.choices = [
                choice for choice in self.way.choices or () if choice.value != PayoutWay.STRIPE
            ]

    @classmethod
    def showing(cls, seller: Seller, *, stripe: bool) -> PayoutForm:
        """The form with what is chosen now."""
        return cls(
            seller, formdata=None, stripe=stripe,
            data={
                "every": seller.payout_every,
                "way": seller.payout_way,
                "minimum": seller.payout_minimum,
            },
        )  # fmt: skip

    def validate_way(self, field: Any) -> None:
        """Raise `ValidationError` where there is nowhere to pay to on this way."""
        if field.data == PayoutWay.STRIPE and not self._seller.stripe_account:
            raise ValidationError(gettext("Hubungkan dulu akun Stripe Anda."))
        if field.data == PayoutWay.BANK and not self._seller.bank_account:
            raise ValidationError(gettext("Isi dulu nomor rekening Anda."))
