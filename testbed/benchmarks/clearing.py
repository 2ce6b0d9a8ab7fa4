"""A day's clearing of ten million taps: four regions, forty operators, until all sides agree.

Rules: each region of the Yangtze Delta has a database of its own with taps of the cards of all
four at its ten operators; the databases are filled by SQL and are no part of the figure. What is
measured is a process that clears each region's day, brings the sheets over the signed exchange and
learns the answers, with SQLite as the platform opens it. What every pair must come to is known
beforehand; one fen too much, a sheet that is not agreed on, or books that do not balance refuse
the figure.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from card_platform.exchange import store as letters_store
from card_platform.exchange.model import BATCH_MAX, Participant
from card_platform.installation import Installation, open_installation
from card_platform.regions import load_region
from card_platform.settings import Settings
from card_platform.settlement.clearing.model import PIECE_TAPS
from card_platform.settlement.clearing.statements import pair_statement
from card_platform.settlement.ledger.books import check_book
from card_platform.use_cases import UseCases, build_use_cases
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME
from testbed.benchmarks.figure import (
    AT_MOST,
    CannotMeasure,
    Figure,
    FigureIsRefused,
    beside_limit,
)
from testbed.benchmarks.platform_requests import durable_folder
from testbed.peak_memory import peak_rss_mb

NAME: Final = "clearing-ten-million"
LIMIT_S: Final = 300.0
LIMIT_MIB: Final = 1024.0
REGIONS: Final = ("SH", "JS", "ZJ", "AH")
OPERATORS: Final = 10
"""In each region."""
_FARES: Final = 900
"""Taps pay 100 fen, 101 fen and so on, 900 different amounts."""
_PERIOD: Final = len(REGIONS) * OPERATORS * _FARES
"""After so many taps every region's cards have paid every amount at every operator once."""
TAPS: Final = 280 * _PERIOD
"""Of all four regions together: a little over ten million."""
_TAPS_VARIABLE: Final = "ONECARD_CLEARING_TAPS"
"""Names another count of taps, for a try."""
_TERMINALS: Final = 40
"""Of each operator."""
_DAY: Final = date(2026, 1, 5)
_DISK_BYTES_OF_TAP: Final = 450
_RUN_S_MAX: Final = 1_800.0

_FILL_TERMINALS: Final = """
WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < :count - 1)
INSERT INTO terminals
    (terminal_number, kind, operator, site, psam_serial, token_sha256, enrolled_at)
SELECT printf('%012d', i), 'bus_validator', :region || '-' || (i % :operators), 'x', 'p' || i,
    't' || i, :at FROM numbers
"""
_FILL_TAPS: Final = """
WITH RECURSIVE numbers(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)
INSERT INTO taps
    (tap_id, application_serial, date, offline_sequence, kind, station, amount_fen,
     balance_after_fen, terminal_number, terminal_sequence, time, tac, at)
SELECT printf('tap-%012x%016x', 1767600000000 + i / 40, i),
    CASE i % 4 WHEN 0 THEN :p0 WHEN 1 THEN :p1 WHEN 2 THEN :p2 ELSE :p3 END
        || printf('%012d', i / 8),
    :date, printf('%04X', i % 8), 'single', 'B101', 100 + (i / 40) % 900, 1000,
    printf('%012d', (i / 4) % 10 + 10 * ((i / 36000) % 40)), printf('%08X', i), '080000',
    printf('%08X', i * 2654435761 % 4294967296), :at FROM numbers
"""


class Cleared(msgspec.Struct, frozen=True):
    """What the process that cleared tells."""

    seconds: float
    peak_mib: float
    taps: int
    fault: str


def measure() -> list[Figure]:
    """Raises `CannotMeasure` without room on the disk, `FigureIsRefused` for a wrong fen."""
    taps = int(os.environ.get(_TAPS_VARIABLE, TAPS))
    with durable_folder() as folder:
        _require_room(folder, taps)
        for region in REGIONS:
            fill(folder / region, region, taps // len(REGIONS))
        done = subprocess.run(
            [sys.executable, "-m", __name__, str(folder)],
            capture_output=True,
            cwd=Path(__file__).parents[2],
            timeout=_RUN_S_MAX,
            check=False,
        )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-300:]
        raise FigureIsRefused(f"清算未完成：{said}", f"clearing did not end: {said}")
    told = msgspec.json.decode(done.stdout, type=Cleared)
    if told.fault:
        raise FigureIsRefused(f"清算结果有误：{told.fault}", f"cleared wrongly: {told.fault}")
    return [
        beside_limit(NAME, "s", told.seconds, AT_MOST, LIMIT_S),
        beside_limit(f"{NAME}-peak", "MiB", told.peak_mib, AT_MOST, LIMIT_MIB),
    ]


def fill(data: Path, region: str, taps: int) -> None:
    """Make a region's platform with so many taps of one day."""
    parts = open_installation(Settings(data, region=region))
    url = parts.database.url
    parts.database.close()
    prefixes = [load_region(each).transit.application_serial_prefix for each in REGIONS]
    common = {"at": f"{_DAY.isoformat()}T12:00:00.000+08:00", "date": f"{_DAY:%Y%m%d}"}
    named = {f"p{place}": prefix for place, prefix in enumerate(prefixes)}
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-65536")
        counts = {"count": OPERATORS * _TERMINALS, "operators": OPERATORS}
        connection.execute(_FILL_TERMINALS, {**common, **counts, "region": region})
        for first in range(0, taps, PIECE_TAPS):
            last = min(first + PIECE_TAPS, taps) - 1
            connection.execute(_FILL_TAPS, {**common, **named, "first": first, "last": last})
            connection.commit()


@dataclass(frozen=True, slots=True)
class Side:
    """One region at work."""

    parts: Installation
    services: UseCases

    @property
    def code(self) -> str:
        """Its code."""
        return self.parts.policy.region.code

    @property
    def participant(self) -> Participant:
        """As the others enrol it."""
        name = self.parts.policy.region.name_zh
        return self.services.road.as_participant(name, "http://region.invalid")

    def clear(self) -> int:
        """Clear the day; the taps it had."""
        base, clearing = self.parts.database, self.services.clearing
        day = _DAY.isoformat()
        base.write_now(partial(clearing.begin, day=_DAY, by="bench"))
        while (piece := base.read_now(partial(clearing.next_piece, day=day))) is not None:
            base.write_now(partial(clearing.add_piece, piece=piece))
        return base.read_now(partial(clearing.look, day=day)).taps

    def bring_to(self, other: Side) -> None:
        """Bring the sheets for another region, and learn its answers."""
        base, road = self.parts.database, self.services.road
        asked = partial(letters_store.waiting_for, recipient=other.code, most=BATCH_MAX)
        while waiting := base.read_now(asked):
            letters = [road.seal.message(each) for each in waiting]
            take = partial(other.services.road.take, envelopes=letters)
            reply = other.parts.database.write_now(take)
            answers = road.seal.open_answers(other.participant, letters, reply)
            base.write_now(partial(road.learn, sent=waiting, answers=answers))


class _Morning:
    """The clock of the morning after."""

    def now(self) -> datetime:
        """One o'clock."""
        return datetime(2026, 1, 6, 1, tzinfo=CHINA_STANDARD_TIME)


@contextmanager
def sides_of(folder: Path) -> Iterator[list[Side]]:
    """The four regions, each enrolled with the others."""
    with ExitStack() as stack:
        sides = []
        for region in REGIONS:
            parts = open_installation(Settings(folder / region, region=region))
            stack.callback(parts.database.close)
            sides.append(Side(parts, build_use_cases(parts.policy, parts.keys, _Morning())))
        for side in sides:
            others = [each.participant for each in sides if each is not side]
            for other in others:
                enrol = partial(side.services.road.enrol, participant=other, by="bench")
                side.parts.database.write_now(enrol)
        yield sides


def clear_all(folder: Path) -> Cleared:
    """Clear the day of all regions until each pair has agreed."""
    with sides_of(folder) as sides:
        began = time.perf_counter()
        taps = [side.clear() for side in sides]
        for side in sides:
            for other in sides:
                if other is not side:
                    side.bring_to(other)
        seconds = time.perf_counter() - began
        fault = next((told for side in sides for told in _faults(side, sides, taps)), "")
    return Cleared(seconds, peak_rss_mb(), sum(taps), fault)


def _faults(side: Side, sides: list[Side], taps: list[int]) -> Iterator[str]:
    """What is not as the fares and counts of the filling say."""
    periods, rest = divmod(taps[0], _PERIOD)
    every_amount_fen = sum(range(100, 100 + _FARES))
    pair_fen = periods * OPERATORS * every_amount_fen
    if rest or len(set(taps)) > 1:
        yield f"{taps} taps were cleared, not so many periods of {_PERIOD}"
    read = side.parts.database.read_now
    for other in sides:
        if other is not side:
            clearing, day = side.services.clearing, _DAY.isoformat()
            told = read(
                partial(pair_statement, clearing=clearing, day=day, region=other.code)
            ).total
            if (told.claimed_fen, told.owed_fen, told.agreed) != (pair_fen, pair_fen, True):
                yield f"{side.code} and {other.code}: {told}, wanted {pair_fen} fen both ways"
    books = read(check_book)
    if not books.balanced:
        yield f"{side.code}: {books.first_fault}"


def _require_room(folder: Path, taps: int) -> None:
    disk = os.statvfs(folder)
    free, wanted = disk.f_bavail * disk.f_frsize, taps * _DISK_BYTES_OF_TAP
    if free < wanted:
        gib = wanted / 2**30
        raise CannotMeasure(f"磁盘需 {gib:.1f} GiB 空闲", f"the disk needs {gib:.1f} GiB free")


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(clear_all(Path(sys.argv[1]))))
