"""One payout file through the platform's own use cases, in a process of its own.

Called with a plan (JSON); prints what it took (JSON): from the file to credited accounts, books
that were checked, and a status file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from card_platform.settlement.banks.population import load_accounts
from card_platform.settlement.ledger import check_books
from card_platform.settlement.payouts.checking import first_fault
from card_platform.settlement.payouts.reading import read_file
from card_platform.settlement.payouts.service import Payouts
from card_platform.settlement.payouts.status_file import write_status
from card_platform.storage import Transaction
from card_platform.use_cases import build_use_cases
from scenarios.population import make_population
from testbed.peak_memory import peak_rss_mb

UPLOADER, DECIDER = "operator", "supervisor"
YUAN_FROM, YUAN_SPREAD = 100, 900
Found = TypeVar("Found")


class Plan(msgspec.Struct):
    """What to do: give accounts to everybody, or pay the first `lines` people for a period."""

    data: str
    database: str | None
    programme: str
    period: str
    lines: int
    accounts: bool = False


class Told(msgspec.Struct):
    """Seconds of the steps, and what came of it; `fault` names the first wrong thing."""

    read_s: float = 0.0
    pay_s: float = 0.0
    status_s: float = 0.0
    check_s: float = 0.0
    peak_mib: float = 0.0
    lines: int = 0
    fault: str | None = None


def write_file(path: Path, plan: Plan) -> int:
    """A payout file for the first people of the population; its sum in fen."""
    amounts = [(YUAN_FROM + number % YUAN_SPREAD) * 100 for number in range(plan.lines)]
    total = sum(amounts)
    with path.open("w", encoding="utf-8", newline="") as out:
        told = f"{plan.programme},{plan.period},{plan.lines},{total // 100}.{total % 100:02d}"
        out.write(f"onecard.payouts,1,bench-{plan.period}-{plan.lines},{told}\r\n")
        out.write("line_id,document_number,name,amount\r\n")
        people = make_population(0, plan.lines)
        for number, (person, fen) in enumerate(zip(people, amounts, strict=True)):
            out.write(f"P{number},{person.document_number},{person.name},{fen // 100}.00\r\n")
    return total


def pay(parts: Installation, plan: Plan, url: str) -> Told:
    """Write the file, then take the time of all that is done with it."""
    services = build_use_cases(parts.policy, parts.keys, parts.clock)
    payouts, folder = services.payouts, Path(plan.data)
    file, status = folder / "payouts.csv", folder / "status.xml"
    total = write_file(file, plan)
    told = Told()
    told.read_s, batch = _timed(
        lambda: read_file(parts.database, payouts.intake, file, "csv", UPLOADER)
    )
    told.pay_s, _ = _timed(lambda: _decide_and_pay(parts, payouts, batch.batch))
    done = parts.database.read_now(lambda tx: payouts.look(tx, batch.batch))
    told.status_s, told.lines = _timed(lambda: _write_status(parts, payouts, batch.batch, status))
    told.check_s, told.fault = _timed(lambda: _check(parts, url))
    told.peak_mib = peak_rss_mb()
    if (done.lines, done.sum_fen, done.state.value) != (plan.lines, total, "executed"):
        told.fault = f"{done.lines} lines of {plan.lines}, {done.sum_fen} fen, {done.state.value}"
    return told


def _decide_and_pay(parts: Installation, payouts: Payouts, number: int) -> None:
    database = parts.database
    database.write_now(lambda tx: payouts.decide(tx, number, "release", reason="-", by=DECIDER))
    while database.write_now(lambda tx: payouts.do_due(tx, parts.clock.now())):
        pass


def _write_status(parts: Installation, payouts: Payouts, number: int, out: Path) -> int:
    """Write the file; how many of its lines are settled."""
    ask, settled = parts.database.read_now, 0
    batch = ask(lambda tx: payouts.look(tx, number))
    with out.open("w", encoding="utf-8") as file:
        for piece in write_status(batch, "pain.002", ask, parts.clock):
            settled += piece.count("<TxSts>ACSC</TxSts>")
            file.write(piece)
    return settled


def _check(parts: Installation, url: str) -> str | None:
    books = check_books(url)
    return books.first_fault or parts.database.read_now(first_fault)


def _timed(do: Callable[[], Found]) -> tuple[float, Found]:
    began = time.perf_counter()
    found = do()
    return time.perf_counter() - began, found


def _accounts(parts: Installation) -> Told:
    def work(tx: Transaction) -> int:
        return load_accounts(tx, parts.policy, parts.clock)

    return Told(lines=parts.database.write_now(work))


def main(text: str) -> None:
    """Do what the plan says and print what it took."""
    plan = msgspec.json.decode(text, type=Plan)
    settings = Settings(Path(plan.data), plan.database)
    parts = open_installation(settings)
    try:
        told = _accounts(parts) if plan.accounts else pay(parts, plan, settings.sqlalchemy_url)
    finally:
        parts.database.close()
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
