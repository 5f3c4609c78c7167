"""Whether training turned into income: read-only figures for staff."""
