"""Forms about payouts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from shop.core.forms import AtMost, Form, Needed, TextField


class BatchForm(Form):
    """Make a batch; `key` was drawn when the page was shown, so pressing twice makes one."""

    key = TextField("", [Needed(), AtMost(60)])


class PaidForm(Form):
    """The bank's reference of a payout, or of a whole batch."""

    reference = TextField(_l("Nomor referensi bank"), [Needed(), AtMost(60)])


class ReturnedForm(Form):
    """Why the bank sent a payout back."""

    reason = TextField(_l("Kenapa kembali"), [Needed(), AtMost(300)])
