"""All proofs, in full: `make proofs`. Ends with 1 where a target is missed or a bug not found."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("SHOP_QUICK_HASHES", "1")

from tests import databases
from tests.proofs import rows
from tests.proofs.row import Result, table

Proof = Callable[[str], Iterator[Result]]
PROOFS: dict[str, Proof] = {
    "S1": rows.last_pieces,
    "S2": rows.one_key,
    "S3": rows.shared_stock,
    "S4": rows.lossy_line,
    "S5": rows.webhooks,
    "S6": rows.kills,
    "S7": rows.power_cut,
    "S8": rows.statement_faults,
    "S9": rows.bank,
    "S10": rows.lives,
    "S11": rows.thirteen,
    "S12": rows.reconciliation,
    "PAY": rows.payouts,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print the table, and keep it in `build/figures/proofs.json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=PROOFS, default=list(PROOFS))
    parser.add_argument("--database", nargs="*", default=["sqlite", "postgresql"])
    asked = parser.parse_args(arguments)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the stand-ins answer often
    results: list[Result] = []
    for name in asked.only:
        for database in asked.database:
            began = time.monotonic()
            results.extend(PROOFS[name](database))
            print(f"{name} {database}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(table(results))
    _keep(results, databases.BUILD / "figures" / "proofs.json")
    return 0 if all(result.holds for result in results) else 1


def _keep(results: Sequence[Result], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
