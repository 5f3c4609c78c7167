"""How buyers pay: one protocol, a module for each way, settlement and refunds."""
