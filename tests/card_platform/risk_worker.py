"""Folds the events that wait: a process of its own, that a test may kill."""

from __future__ import annotations

import sys
from pathlib import Path

from card_platform.installation import open_installation
from card_platform.oversight.risk.stream.watch import Watch
from card_platform.settings import Settings
from card_platform.use_cases import build_use_cases


def main(data: str, database: str) -> None:
    parts = open_installation(Settings(Path(data), database or None, clock="virtual"))
    office = build_use_cases(parts.policy, parts.keys, parts.clock).risk
    watch = Watch("CQ", (office.cases.follow,), piece=20)
    print("begun", flush=True)
    while parts.database.write_now(lambda tx: watch.look(tx, parts.clock.now())):
        pass
    parts.database.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
