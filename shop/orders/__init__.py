"""Cart, checkout, orders, what each seller does with its part, and tracking."""
