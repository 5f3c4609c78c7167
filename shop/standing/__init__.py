"""Standing orders: a stall or an office orders the same every week."""
