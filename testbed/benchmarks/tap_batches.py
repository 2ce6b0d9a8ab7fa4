"""Taps a second uploaded by the batch, beside a bare grouped insert of the same rows.

Rules: figure (a queue of 10,000 taps of one gate posted over HTTP, each TAC checked, durable when
answered) and peer (the rows that upload left in taps, rides, postings and entries, inserted in one
transaction into a second SQLite of the same tables, keys and settings) are taken in turns. One line
that was not taken refuses the figure.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from secrets import randbits
from typing import Any, Final

import httpx
import msgspec

from card_platform.installation import open_installation
from card_platform.settings import Settings
from loadtests.errors import LoadTestCannotRun
from loadtests.preparation import enrol, issue
from loadtests.tap_maker import Gate, Purse
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.residents import make_residents
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from testbed.benchmarks.figure import (
    CannotMeasure,
    Figure,
    FigureIsRefused,
    Turn,
    beside_peer,
    share_of_peer,
)
from testbed.benchmarks.platform_requests import durable_folder
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME

NAME: Final = "tap-batch-upload"
PEER: Final = "bare grouped insert"
SHARE_MIN: Final = 0.5
LINES: Final = 10_000
CARDS: Final = 200
ROUNDS: Final = 5
FARE_FEN: Final = 200
_STATION: Final = "0201"
_ON_CARD_FEN: Final = 90_000
_PATH: Final = "/v1/transit/tap-batches"
_TABLES: Final = ("taps", "postings", "entries", "rides")
"""What an upload fills, in the order in which the rows need one another."""


def measure() -> list[Figure]:
    """Raises `CannotMeasure` without a platform, `FigureIsRefused` for a line not taken."""
    with durable_folder() as folder:
        peer = _tables_alone(folder / "peer")
        try:
            with PlatformProcess(folder / "platform") as platform:
                access = Access.read(platform.access_file)
                turns = list(_turns(access, folder / "platform", peer))
        except PlatformDidNotStart as fault:
            raise CannotMeasure(fault.zh, fault.en) from None
        except (LoadTestCannotRun, PlatformRefused, httpx.HTTPError) as fault:
            raise FigureIsRefused(f"平台没有照办：{fault}", f"the platform: {fault}") from None
    return [
        beside_peer(NAME, "taps/s", turns, PEER),
        share_of_peer(f"{NAME}-share", PEER, turns, SHARE_MIN),
    ]


def _turns(access: Access, data: Path, peer: Path) -> Iterator[Turn]:
    """An upload and its rows inserted bare, again and again; the first round warms up."""
    with ServiceDesk(access) as desk:
        gate = enrol(desk, "metro_gate", _STATION)
        purses = [issue(desk, each).purse for each in make_residents(CARDS, randbits(32))]
    for purse in purses:
        purse.balance_fen = _ON_CARD_FEN  # as if loaded elsewhere
    reached = dict.fromkeys(_TABLES, 0)
    with closing(sqlite3.connect(_database_in(data))) as rows_of, closing(_open(peer)) as bare:
        for round_number in range(ROUNDS + 1):
            body = msgspec.json.encode({"lines": "\n".join(_queue(gate, purses, round_number))})
            took_s = _upload(access.url, gate, f"{NAME}-{round_number}", body)
            rows = {table: _new_rows(rows_of, table, reached) for table in _TABLES}
            bare_s = _insert(bare, rows)
            if round_number:
                yield Turn(LINES / took_s, LINES / bare_s)


def _queue(gate: Gate, purses: list[Purse], round_number: int) -> Iterator[str]:
    at = datetime.now(CHINA_STANDARD_TIME) - timedelta(hours=8 - round_number)
    for place in range(LINES):
        purse = purses[place // 2 % len(purses)]
        moment = at + timedelta(milliseconds=100 * place)
        yield msgspec.json.encode(purse.tap(gate, FARE_FEN, moment)).decode()


def _upload(url: str, gate: Gate, key: str, body: bytes) -> float:
    headers = {
        "Authorization": f"Bearer {gate.token}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        client.get("/health")
        began = time.perf_counter()
        answer = client.post(_PATH, content=body, headers=headers)
        took_s = time.perf_counter() - began
    told = answer.json()
    if answer.status_code != httpx.codes.OK or told["taken"] != LINES:
        said = answer.text[:300]
        raise FigureIsRefused(f"有交易未被接收：{said}", f"not all taps were taken: {said}")
    return took_s


def _new_rows(connection: sqlite3.Connection, table: str, reached: dict[str, int]) -> list[Any]:
    """The rows that came since the last round, in the order in which they came."""
    found = connection.execute(
        f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid",  # noqa: S608 - of _TABLES
        [reached[table]],
    ).fetchall()
    reached[table] = found[-1][0]
    return [row[1:] for row in found]


def _insert(connection: sqlite3.Connection, rows: dict[str, list[Any]]) -> float:
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, of_table in rows.items():
        places = ", ".join("?" * len(of_table[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", of_table)  # noqa: S608
    connection.execute("COMMIT")
    return time.perf_counter() - began


def _tables_alone(data: Path) -> Path:
    """A second database of the same tables, with nothing in them."""
    open_installation(Settings(data)).database.close()
    return _database_in(data)


def _database_in(data: Path) -> Path:
    return Path(Settings(data).sqlalchemy_url.removeprefix("sqlite:///"))


def _open(path: Path) -> sqlite3.Connection:
    """Opened as the platform opens its own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
