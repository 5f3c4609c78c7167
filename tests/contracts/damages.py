"""What makes each line of `shop check` fail: SQL that damages a whole shop (`whole_shop`)."""

from __future__ import annotations

from tests.sharing.test_check import PLANTED as OF_GROUPS

_BANK = "(SELECT id FROM accounts WHERE code = 'bank')"
_FIRST_BANK = f"account_id = {_BANK} AND number = 1"
_ONE_PAID = "id = (SELECT payout_id FROM entries WHERE kind = 'payout_paid')"

PLANTED: dict[str, list[str]] = {
    **{name: [statement] for name, statement in OF_GROUPS.items()},
    "every entry balances": [f"UPDATE postings SET amount = amount + 1 WHERE {_FIRST_BANK}"],
    "no posting without its entry": ["DELETE FROM entries WHERE kind = 'refund_paid'"],
    "all accounts sum to zero": ["UPDATE accounts SET balance = balance + 1 WHERE code = 'bank'"],
    "running balances equal the sums": [
        "UPDATE accounts SET balance = balance + 1 WHERE code = 'bank'",
        "UPDATE accounts SET balance = balance - 1 WHERE code = 'fee'",
    ],
    "postings are numbered without a gap": [
        f"UPDATE postings SET number = 99, balance = balance WHERE account_id = {_BANK}"
        " AND number = 2"
    ],
    "every payout is in the books as it stands": [
        f"UPDATE payouts SET amount = amount + 1 WHERE {_ONE_PAID}"
    ],
    "nobody was paid more than was payable": [
        "UPDATE postings SET balance = 5 WHERE amount > 0 AND entry_id IN"
        " (SELECT id FROM entries WHERE kind = 'payout_claimed')"
    ],
    "every payment is the sum of its parts and code": [
        "UPDATE payment_parts SET amount = amount + 1 WHERE amount = 20000"
    ],
    "every settled payment is in the books once": [
        "UPDATE payments SET state = 'pending', settled_at = NULL WHERE method = 'cash'"
    ],
    "no more goes back than was paid": ["UPDATE refunds SET amount = 20001 WHERE amount = 5000"],
    "every refund is in the books as it stands": [
        "UPDATE refunds SET state = 'due', paid_at = NULL WHERE state = 'paid'"
    ],
    "what buyers have as credit is on its account": [
        "UPDATE accounts SET balance = balance + 1 WHERE code = 'credit'"
    ],
    "every line of credit is what its entry moved": [
        "UPDATE credit_lines SET amount = amount + 1 WHERE kind = 'code'",
        "UPDATE credit_lines SET amount = amount - 1 WHERE kind = 'stray'",
    ],
    "no buyer uses more credit than she has": [
        "UPDATE payments SET credit = 99000 WHERE state = 'pending' AND credit > 0"
    ],
    "what is to go back is on its account": [
        "UPDATE refunds SET amount = amount - 1 WHERE state = 'due'"
    ],
    "no order without its parts": [
        "DELETE FROM order_lines WHERE total = 7000",
        "DELETE FROM seller_orders WHERE total = 7000",
    ],
    "every order is the sum of its parts": [
        "UPDATE orders SET goods = goods + 1, total = total + 1 WHERE goods = 7000"
    ],
    "every part is the sum of its lines": [
        "UPDATE order_lines SET total = total + 1 WHERE total = 7000"
    ],
    "every completed part is in the books once": [
        "UPDATE seller_orders SET state = 'completed' WHERE total = 7000"
    ],
    "nothing is held for parts that were undone": [
        "UPDATE seller_orders SET state = 'cancelled' WHERE total = 20000"
    ],
    "sellers hold just what their buyers paid them": [
        "UPDATE accounts SET balance = balance + 1 WHERE substr(code, 1, 5) = 'cash:'"
    ],
    "lines and refunds say the same of a line": [
        "UPDATE order_lines SET given_back = given_back + 1 WHERE total = 7000"
    ],
    "lines and refunds say the same of a part": [
        "UPDATE order_lines SET borne = borne - 1 WHERE total = 20000"
    ],
    "consigned pieces are the sum of their records": ["UPDATE consignment_lines SET sold = 3"],
    "a consignment is closed when nothing lies there": ["UPDATE consignments SET state = 'closed'"],
    "every consigned sale is in the books once": ["UPDATE consignment_counts SET amount = 7999"],
    "what takes a count back says the same as it": [
        "UPDATE consignment_counts SET quantity = 2 WHERE reverses_id IS NOT NULL"
    ],
    "a sale taken back is undone in the books": [
        "DELETE FROM consignment_counts WHERE reverses_id IS NOT NULL"
    ],
    "what points handed on is in the books once": ["UPDATE consignment_payments SET amount = 1"],
    "points hold what they owe": ["UPDATE accounts SET balance = 1 WHERE kind = 'point'"],
    "every settled lot is the sum of its parts": ["UPDATE lot_parts SET amount = amount + 1"],
    "every settled lot counts just its notes": ["UPDATE delivery_notes SET grams = grams + 1"],
    "every settled lot is in the books": ["UPDATE lot_parts SET deducted = 1"],
    "no stock below zero or promised twice": ["UPDATE variants SET reserved = on_hand + 1"],
    "stock is the sum of its moves": ["UPDATE variants SET on_hand = on_hand + 1"],
    "promised pieces are those of open orders": [
        "UPDATE seller_orders SET state = 'cancelled' WHERE total = 7000"
    ],
    "every picture has a rendition": ["DELETE FROM renditions"],
    "refunds through gateways are paid just where they are": [
        "UPDATE gateway_refunds SET state = 'asked'"
    ],
    "every matched line of the bank is its entries": [
        "UPDATE bank_lines SET amount = amount + 1 WHERE state = 'matched'"
    ],
    "no line of the bank is an entry that was undone": [
        "UPDATE entries SET reverses_id = (SELECT entry_id FROM bank_matches)"
        " WHERE kind = 'stray' AND payment_id IS NULL"
    ],
    "two people let payouts go": [
        "UPDATE payout_batches SET approved_at = NULL WHERE id IN"
        " (SELECT batch_id FROM payouts WHERE state = 'paid')"
    ],
    "nothing earned is in two payouts": ["UPDATE payouts SET first_number = last_number + 2"],
    "the money of every complaint waits": [
        "UPDATE seller_orders SET state = 'completed' WHERE state = 'disputed'"
    ],
    "every disputed part has its complaint": ["UPDATE complaints SET state = 'withdrawn'"],
    "all stray money is in the books as it stands": ["UPDATE strays SET amount = amount + 1"],
    "what waits is on its account": ["UPDATE strays SET state = 'fund'"],
    "stray money and the payment of its rest agree": [
        "UPDATE strays SET rest_id = (SELECT id FROM payments WHERE state = 'settled' LIMIT 1)"
        " WHERE kind = 'wrong'"
    ],
    "couriers and points owe just the cash they took": [
        "UPDATE payments SET carrier_id = NULL WHERE carrier_id IS NOT NULL"
    ],
    "no seller got more from a courier than it took": [
        "UPDATE payment_parts SET amount = 1 WHERE payment_id IN"
        " (SELECT id FROM payments WHERE carrier_id IS NOT NULL)"
    ],
    "every code that was paid settled its payment, alone": [
        "UPDATE payments SET state = 'pending' WHERE method = 'gateway'"
    ],
    "what gateways paid into the bank is in the books": ["UPDATE acquired SET gross = gross + 1"],
    "refunds through Stripe left it just where it sent them": [
        "UPDATE card_refunds SET state = 'asked'"
    ],
    "every dispute is in the books as it stands": ["UPDATE disputes SET fee = fee + 1"],
    "what is disputed is on its account": ["UPDATE disputes SET reinstated_at = heard_at"],
    "every budget is taken by orders that stand": ["UPDATE promotions SET taken = taken + 1"],
    "a promotion is only on what it is for": ["UPDATE promotions SET subsidy_points = 0"],
    "the programme added what promotions say": [
        "UPDATE order_lines SET subsidy = subsidy - 1 WHERE promotion_id IS NOT NULL"
    ],
}
"""By the name of the rule that must find it."""
