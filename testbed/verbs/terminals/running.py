"""What every `onecard terminals run KIND` takes, and how it runs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from testbed.bilingual import option, verb
from testbed.faults import Fault
from testbed.terminals.attendance import Attendance, Plan, Report, warn
from testbed.terminals.enrolment import OPERATOR, SITE, Place
from testbed.terminals.equipment import Equipment
from testbed.terminals.kinds import Kind
from testbed.terminals.reader_choice import choose_reader
from testbed.verbs.terminals.terminal_group import run

ACCESS = Path("build/platform/access.json")
STATES = Path("build/terminals")
AMOUNT_MAX_FEN = 1_000_000
TEST_PIN = "123456"


class Running(msgspec.Struct, frozen=True):
    """What every kind is told by its call."""

    reader: str | None
    access: Path
    state: Path | None
    operator: str | None
    site: str | None
    once: bool
    json_file: str | None


_OPTIONS = (
    option(
        "--reader",
        metavar="NAME|N",
        zh="PC/SC 读卡器：名称、名称的一部分或编号（默认：唯一的那个）",
        en="PC/SC reader: name, part of it, or number (default: the only one)",
    ),
    option(
        "--access",
        type=Path,
        default=ACCESS,
        show_default=True,
        zh="平台的 access.json，由 onecard serve 写出",
        en="access.json of the platform, as onecard serve writes it",
    ),
    option(
        "--state",
        type=Path,
        metavar="DIR",
        zh=f"终端目录：身份、PSAM、日志（默认 {STATES} 下，按种类与地点）；重启后仍是同一终端",
        en=f"the terminal's folder: identity, PSAM, journal (default: in {STATES}, by kind and "
        "place); a restart goes on as the same terminal",
    ),
    option("--operator", zh=f"运营方（默认 {OPERATOR}）", en=f"operator (default {OPERATOR})"),
    option("--site", zh=f"网点（默认 {SITE}）", en=f"site (default {SITE})"),
    option(
        "--once",
        is_flag=True,
        zh="一张卡后结束：受理则 0，否则 1",
        en="end after one card: 0 when it was served, else 1",
    ),
    option(
        "--json",
        "json_file",
        metavar="FILE",
        zh="每张卡一行 JSON，追加到文件；- 为标准输出",
        en="a line of JSON for each card, added to the file; - is standard output",
    ),
)


def terminal_verb(
    kind: Kind, *, examples: tuple[str, ...]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare `terminals run KIND`; the function gets a `Running` and its own options."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(**given: Any) -> int:
            common = {name: given.pop(name) for name in Running.__struct_fields__}
            return int(function(Running(**common), **given))

        called.__doc__ = function.__doc__
        called.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        decorated: Callable[..., Any] = called
        for each in reversed(_OPTIONS):
            decorated = each(decorated)
        verb(run, kind.name, zh=f"{kind.zh}。", en=f"{kind.en}.", examples=examples)(decorated)
        return function

    return declare


def attend(kind: Kind, place: Place, running: Running, plan: Plan) -> int:
    """Run a terminal until it is told to end; the exit code. Raises `Fault`."""
    place = msgspec.structs.replace(place, operator=running.operator, site=running.site)
    names = (kind.name, place.station, place.bus_line, place.at, place.scheme)
    folder = running.state or STATES / "-".join(each for each in names if each)
    with (
        closing(choose_reader(running.reader)) as reader,
        closing(
            Equipment(kind, place, access=running.access, folder=folder, reader=reader, tell=warn)
        ) as equipment,
    ):
        number = equipment.identity.terminal_number
        report = Report(kind, number, running.json_file)
        attendance = Attendance(equipment, plan(equipment), report)
        warn(
            f"终端 {number}（{kind.name}）在 {reader.name} 等卡；目录 {folder}；Ctrl-C 结束。",
            f"terminal {number} ({kind.name}) waits for cards at {reader.name}; "
            f"its folder is {folder}; Ctrl-C ends it.",
        )
        return attendance.attend(once=running.once)


def require_amount(name: str, fen: int, low: int = 0) -> None:
    """Raise `Fault` for an amount that is none."""
    if not low <= fen <= AMOUNT_MAX_FEN:
        raise Fault(
            f"{name} {fen} 超出范围：请给 {low} 至 {AMOUNT_MAX_FEN} 分。",
            f"{name} {fen} is out of range: give {low} to {AMOUNT_MAX_FEN} fen.",
        )


def require_pin(name: str, digits: str) -> None:
    """Raise `Fault` for what is no PIN."""
    if not (digits.isdecimal() and digits.isascii() and 4 <= len(digits) <= 12):  # noqa: PLR2004
        raise Fault(
            f"{name} 应为 4 至 12 位数字。",
            f"{name}: a PIN is 4 to 12 digits.",
        )
