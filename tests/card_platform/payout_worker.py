"""Reads a payout file, has it released and pays it: a process of its own, that a test may kill."""

from __future__ import annotations

import sys
from pathlib import Path

from card_platform.installation import open_installation
from card_platform.settings import Settings
from card_platform.settlement.payouts.model import BatchState
from card_platform.settlement.payouts.reading import read_file
from card_platform.use_cases import build_use_cases


def main(data: str, database: str, file: str) -> None:
    parts = open_installation(Settings(Path(data), database or None, clock="virtual"))
    payouts = build_use_cases(parts.policy, parts.keys, parts.clock).payouts
    print("begun", flush=True)
    batch = read_file(parts.database, payouts.intake, Path(file), "csv", "one")
    if batch.state is BatchState.WAITING:
        number = batch.batch
        parts.database.write_now(
            lambda tx: payouts.decide(tx, number, "release", reason="-", by="another")
        )
    while parts.database.write_now(lambda tx: payouts.do_due(tx, parts.clock.now())):
        pass
    parts.database.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
