"""A payout file of a million lines: from the file to credited accounts, books that were checked,
and a status file; and whether a million costs a hundred times what ten thousand cost.

Rules: everybody has a card in use and an account at one of two banks, loaded beforehand. Each file
is read, decided on and paid by a process of its own (`payout_run`), by the use cases the platform
runs itself; its memory is that process's. Every line must end as settled, and the books must hold,
or the figure is refused.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from testbed.benchmarks import million_cards
from testbed.benchmarks.figure import AT_MOST, Figure, FigureIsRefused, beside_limit
from testbed.benchmarks.payout_run import Plan, Told
from testbed.benchmarks.platform_requests import Database, database_url, durable_folder

LINES, FEW_LINES = 1_000_000, 10_000
WHOLE_S_MAX: Final = 90.0
PEAK_MIB_MAX: Final = 1024.0
TIMES_LINEAR_MAX: Final = 1.5
"""Cost of a line among a million over that of a line among ten thousand."""
PROGRAMME: Final = "farm-subsidy"


def measure(database: Database) -> list[Figure]:
    """Raises `CannotMeasure` without the database, `FigureIsRefused` for a wrong result."""
    with durable_folder() as folder, database_url(database, folder) as url:
        data = folder / "platform"
        million_cards.load(data, url)
        run(Plan(str(data), url, PROGRAMME, "2026", 0, accounts=True))
        run(Plan(str(data), url, PROGRAMME, "2023", FEW_LINES))  # what is needed once, is there
        few = run(Plan(str(data), url, PROGRAMME, "2024", FEW_LINES))
        many = run(Plan(str(data), url, PROGRAMME, "2025", LINES))
    times = (_seconds(many) / LINES) / (_seconds(few) / FEW_LINES)
    name = f"payout-million-{database}"
    return [
        beside_limit(name, "s", _seconds(many), AT_MOST, WHOLE_S_MAX),
        beside_limit(f"{name}-peak", "MiB", many.peak_mib, AT_MOST, PEAK_MIB_MAX),
        beside_limit(f"{name}-linear", "times", times, AT_MOST, TIMES_LINEAR_MAX),
    ]


def run(plan: Plan) -> Told:
    """Do what a plan says in a process of its own. Raises `FigureIsRefused`."""
    text = msgspec.json.encode(plan).decode()
    call = [sys.executable, "-m", "testbed.benchmarks.payout_run", text]
    done = subprocess.run(call, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise FigureIsRefused(
            f"发放进程以 {done.returncode} 结束", f"the payout process ended with {done.returncode}"
        )
    told = msgspec.json.decode(done.stdout, type=Told)
    if told.fault or (not plan.accounts and told.lines != plan.lines):
        why = told.fault or f"{told.lines} settled of {plan.lines}"
        raise FigureIsRefused(f"发放结果不对：{why}", f"the payout went wrong: {why}")
    return told


def _seconds(told: Told) -> float:
    return told.read_s + told.pay_s + told.status_s + told.check_s
