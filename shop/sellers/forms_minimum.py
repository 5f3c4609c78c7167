"""What a seller types about her smallest order."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from shop.core.forms import Between, Form, MoneyField
from shop.sellers.minimum import HIGHEST


class MinimumForm(Form):
    """The least a seller takes an order for."""

    minimum_order = MoneyField(
        _l("Pesanan paling sedikit"),
        [Between(0, HIGHEST, money=True)],
        description=_l("Kosong atau 0: berapa pun diterima. Ongkos antar tidak dihitung."),
    )
