"""The double-entry journal, balances, statements and payouts: the only truth about money."""
