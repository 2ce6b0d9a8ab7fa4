"""A history: lives lived block by block, events in the order in which a platform learnt of them.

How memory stays small: processes take blocks of people and append what they did to one spool a day;
then the days are read one by one, put in order, numbered and written. Terminal numbers of taps are
given on the way, in the true order at each terminal. Ids are given last, so nothing can be read
from them; equal moments stand in the order of their content.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from life_histories.almanac import DAY_S, Almanac
from life_histories.area import make_area
from life_histories.dice import Dice, Stream, mix
from life_histories.events import Happening, Line
from life_histories.frauds.casting import Case, Deed, Moment
from life_histories.frauds.plan import Plan, make_plan
from life_histories.kinds import TransitTap
from life_histories.life.fate import decide
from life_histories.life.life import Life, World
from life_histories.life.ordinary import live
from life_histories.life.purse import settle_purses
from life_histories.parameters import Parameters
from life_histories.people import make_people

EVENTS: Final = "events.ndjson"
LABELS: Final = "labels.csv"
CASES: Final = "cases.csv"
MANIFEST: Final = "history.json"
PEOPLE_AT_ONCE: Final = 500
FIRST_NUMBERS: Final = 900_000
SEQUENCE: Final = b'"sequence":-1'

Tell = Callable[[str, int, int], None]
"""Told of progress: the phase (lives | order), how much is done, of how much."""
_ENCODE = msgspec.json.Encoder().encode


class Summary(msgspec.Struct, frozen=True):
    """history.json: what the folder holds and its digests."""

    format: str
    version: int
    seed: int
    cardholders: int
    days: int
    first_day: str
    events: int
    sha256: dict[str, str]


def make_world(seed: int, people: int, days: int, numbers: Parameters) -> World:
    """Everything all lives share."""
    area = make_area(seed, people, numbers)
    almanac = Almanac(numbers.first_day, days, frozenset(numbers.holidays))
    return World(seed, area, almanac, numbers, make_people(seed, people, area, numbers, days))


def live_one(world: World, index: int, deeds: list[Deed]) -> list[Happening]:
    """All that one person leaves, wrongs included, in no order."""
    life = Life(world, world.people[index], Dice(world.seed, Stream.LIFE, index))
    life.is_cast = bool(deeds)
    life.fate = decide(life)
    _do(life, deeds, Moment.BEFORE)
    live(life)
    _do(life, deeds, Moment.AFTER)
    settle_purses(life)
    _do(life, deeds, Moment.LAST)
    return life.told


def _do(life: Life, deeds: list[Deed], moment: Moment) -> None:
    for deed in deeds:
        if deed.moment is moment:
            life.case = deed.case
            deed.act(life)
    life.case = ""


def write_history(
    folder: Path,
    *,
    seed: int,
    people: int,
    days: int,
    numbers: Parameters,
    tell: Tell,
    processes: int = 2,
) -> Summary:
    """Make a history and write its four files; the folder is made. Same arguments, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    spools = Path(tempfile.mkdtemp(prefix=".spool-", dir=folder))
    try:
        world = make_world(seed, people, days, numbers)
        plan = make_plan(world)
        blocks = range(0, people, PEOPLE_AT_ONCE)
        for done, _ in enumerate(_spooled(world, plan, blocks, spools, processes), 1):
            tell("lives", min(done * PEOPLE_AT_ONCE, people), people)
        events = _put_in_order(world, plan.cases, spools, folder, tell)
    finally:
        shutil.rmtree(spools, ignore_errors=True)
    digests = {name: digest_of(folder / name) for name in (EVENTS, LABELS, CASES)}
    summary = Summary(
        "onecard.history", 1, seed, people, days, numbers.first_day.isoformat(), events, digests
    )
    text = msgspec.json.format(_ENCODE(summary))
    (folder / MANIFEST).write_bytes(text + b"\n")
    return summary


def _spooled(
    world: World, plan: Plan, blocks: range, spools: Path, processes: int
) -> Iterator[int]:
    """Live all blocks, in this process or in several; one item a block."""
    if processes == 1 or len(blocks) == 1:
        _begin(world, plan, spools)
        for first in blocks:
            yield _spool(first)
        return
    arguments = (world.seed, len(world.people), world.almanac.days, world.numbers, spools)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin_alone, arguments) as pool:
        yield from pool.map(_spool, blocks)


@dataclass(slots=True)
class _Work:
    """What a process of lives holds."""

    world: World
    plan: Plan
    spools: Path


_work: list[_Work] = []


def _begin(world: World, plan: Plan, spools: Path) -> None:
    _work[:] = [_Work(world, plan, spools)]


def _begin_alone(seed: int, people: int, days: int, numbers: Parameters, spools: Path) -> None:
    world = make_world(seed, people, days, numbers)
    _begin(world, make_plan(world), spools)


def _spool(first: int) -> int:
    """Live a block of people and append to the spool of each day what they did; where it began."""
    work = _work[0]
    world, end_s = work.world, work.world.end_s
    text = world.almanac.text
    rows: dict[int, list[bytes]] = {}
    for index in range(first, min(first + PEOPLE_AT_ONCE, len(world.people))):
        for each in live_one(world, index, work.plan.deeds.get(index, [])):
            received = each.true_s + max(0, each.delay_s)
            if received >= end_s:
                continue
            line = _line(each, text(each.true_s + each.skew_s), text(received))
            head = f"{received}\t{each.true_s}\t{each.case}\t{each.link}\t{_terminal(each)}\t"
            rows.setdefault(max(0, each.true_s // DAY_S), []).append(head.encode() + line)
    name = multiprocessing.current_process().pid
    for day, lines in rows.items():
        with (work.spools / f"{day:04d}-{name}").open("ab") as file:
            file.write(b"\n".join(lines) + b"\n")
    return first


def _line(each: Happening, at: str, received_at: str) -> bytes:
    place = each.place
    return _ENCODE(
        Line(
            each.detail.kind,
            at,
            received_at,
            each.region,
            each.person,
            each.card,
            each.account,
            each.face,
            each.device,
            place.code if place else "",
            place.x_m if place else None,
            place.y_m if place else None,
            each.institution,
            each.amount_fen,
            each.detail,
        )
    )


def _terminal(each: Happening) -> str:
    """Where a number is still to be given; nothing for what is no tap."""
    return each.device if isinstance(each.detail, TransitTap) else ""


def _put_in_order(world: World, cases: list[Case], spools: Path, folder: Path, tell: Tell) -> int:
    """Number and write all events, and the labels; how many there are."""
    order = _Order(world.seed)
    typologies = {case.code: case.typology for case in cases}
    labels: list[tuple[str, str, str]] = []
    count, days = 0, world.almanac.days
    with (folder / EVENTS).open("wb") as file:
        for day in range(days):
            for path in sorted(spools.glob(f"{day:04d}-*")):
                order.read(path)
                path.unlink()
            count = order.write(day, file, count, labels, typologies)
            tell("order", day + 1, days)
    labels.sort()
    rows = "".join(f"{case},{typology},{event}\n" for case, typology, event in labels)
    (folder / LABELS).write_text("case,typology,event\n" + rows, encoding="utf-8", newline="")
    told = {case for case, _, _ in labels}
    with (folder / CASES).open("w", encoding="utf-8", newline="") as file_of_cases:
        file_of_cases.write("case,typology,subject_kind,subject\n")
        for case in cases:
            for kind, subject in case.subjects if case.code in told else ():
                file_of_cases.write(f"{case.code},{case.typology},{kind},{subject}\n")
    return count


Record = tuple[int, int, bytes, int, bytes, bytes]
"""Received, true moment, case, link, terminal, line."""


class _Order:
    """The days come in; each is numbered and written when all that was learnt on it is known."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._today: list[Record] = []
        self._waiting: dict[int, list[tuple[int, bytes, bytes]]] = {}
        self._numbers: dict[bytes, int] = {}
        self._linked: dict[int, int] = {}

    def read(self, path: Path) -> None:
        """Take a spool of the day."""
        for row in path.read_bytes().splitlines():
            received, true_s, case, link, terminal, line = row.split(b"\t", 5)
            self._today.append((int(received), int(true_s), case, int(link), terminal, line))

    def write(
        self,
        day: int,
        file: BinaryIO,
        count: int,
        labels: list[tuple[str, str, str]],
        typologies: dict[str, str],
    ) -> int:
        """Write what was learnt on the day; the number of events so far."""
        self._today.sort(key=lambda row: (row[1], row[5]))
        for row in self._today:
            line = self._numbered(row) if row[4] else row[5]
            self._waiting.setdefault(max(0, row[0] // DAY_S), []).append((row[0], line, row[2]))
        self._today = []
        ready = sorted(self._waiting.pop(day, []))
        for _, line, case in ready:
            count += 1
            event = f"E{count:09d}"
            file.write(b'{"id":"' + event.encode() + b'",' + line[1:] + b"\n")
            if case:
                labels.append((case.decode(), typologies[case.decode()], event))
        return count

    def _numbered(self, row: Record) -> bytes:
        """The line of a tap with its terminal's transaction number."""
        _, _, _, link, terminal, line = row
        if abs(link) in self._linked:
            number = self._linked[abs(link)]
        else:
            before = self._numbers.get(terminal)
            if before is None:
                before = mix(self._seed, 4, int.from_bytes(terminal, "big")) % FIRST_NUMBERS
            number = self._numbers[terminal] = before + 1
            if link:
                self._linked[abs(link)] = number
        return line.replace(SEQUENCE, b'"sequence":%d' % number, 1)


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
