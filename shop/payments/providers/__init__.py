"""The ways to pay, one module each; they share nothing but the protocol."""
