"""Payouts whose process is killed, and files that race: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from card_platform.installation import Installation
from card_platform.issuance.population import Newcomer, load_population
from card_platform.settings import Settings
from card_platform.settlement.banks.population import load_accounts
from card_platform.settlement.ledger import check_books
from card_platform.settlement.payouts import file_store, store
from card_platform.settlement.payouts.checking import first_fault
from card_platform.settlement.payouts.model import PIECE, Batch, BatchState
from card_platform.settlement.payouts.reading import read_file
from card_platform.storage import Transaction
from card_platform.use_cases import build_use_cases
from scenarios.population import make_population
from tests.card_platform.payees import csv_file

PEOPLE = 2 * PIECE + 500
KILLS = 4
SEED = 20_261_122


def people_with_accounts(parts: Installation, count: int) -> list[Newcomer]:
    load_population(
        parts.database, parts.policy, parts.clock, make_population, count, progress=lambda _: None
    )
    parts.database.write_now(lambda tx: load_accounts(tx, parts.policy, parts.clock))
    return list(make_population(0, count))


def write_file(path: Path, people: Sequence[Newcomer], message: str = "M-1") -> int:
    """A file that pays everybody; its sum in fen."""
    lines = [
        (f"L{number}", each.document_number, each.name, f"{number % 900 + 1}.01")
        for number, each in enumerate(people)
    ]
    path.write_text(csv_file(lines, message), encoding="utf-8", newline="")
    return sum((number % 900 + 1) * 100 + 1 for number in range(len(people)))


def found_batch(parts: Installation, message: str = "M-1") -> Batch:
    found = parts.database.read_now(lambda tx: store.find_by_message(tx, message))
    assert found is not None
    return found


def test_a_process_killed_at_any_moment_goes_on_behind_what_it_did(
    installation: Installation, settings: Settings, tmp_path: Path
) -> None:
    print(f"seed {SEED}")
    chosen = random.Random(SEED)
    file = tmp_path / "payouts.csv"
    total = write_file(file, people_with_accounts(installation, PEOPLE))
    words = [str(settings.data), settings.database_url or "", str(file)]
    command = [sys.executable, "-m", "tests.card_platform.payout_worker", *words]
    for kills in range(KILLS + 1):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "begun\n"
            if kills < KILLS:
                time.sleep(chosen.random() * 0.8)
                worker.kill()
            else:
                assert worker.stdout.readline() == "done\n"
    done = found_batch(installation)
    assert (done.lines, done.sum_fen, done.state) == (PEOPLE, total, BatchState.EXECUTED)

    def settled(tx: Transaction) -> tuple[int, int, int, int]:
        return file_store.settled_of(tx, done.batch)

    assert installation.database.read_now(settled) == (PEOPLE, total, total, 0)
    assert installation.database.read_now(first_fault) is None
    assert check_books(settings.sqlalchemy_url).balanced


def test_files_that_race_pay_each_person_once(installation: Installation, tmp_path: Path) -> None:
    people = people_with_accounts(installation, 600)
    payouts = build_use_cases(installation.policy, installation.keys, installation.clock).payouts
    files = []
    for number, order in enumerate((people, people[::-1], people[300:] + people[:300])):
        files.append(tmp_path / f"{number}.csv")
        write_file(files[-1], order, f"M-{number}")
    read = partial(read_file, installation.database, payouts.intake, form="csv", by="one")
    with ThreadPoolExecutor(len(files)) as racers:
        batches = list(racers.map(read, files))
    assert sum(each.lines for each in batches) == len(people)
    assert sum(each.faulty_lines for each in batches) == 2 * len(people)
    assert {each.state for each in batches} == {BatchState.WAITING}
