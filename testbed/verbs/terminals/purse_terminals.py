"""`onecard terminals run gate, bus, station-desk, canteen`."""

from __future__ import annotations

import click

from testbed.bilingual import option
from testbed.faults import Fault
from testbed.terminals import kinds
from testbed.terminals.enrolment import Place, PlaceName, choices_at, code_of_place
from testbed.terminals.transit_work import (
    bus_work,
    canteen_work,
    gate_work,
    station_desk_work,
)
from testbed.verbs.terminals.running import Running, attend, require_amount, terminal_verb
from virtual_cards.terminals import Direction

MEAL_FEN = 1_200
_MISSING = {"exit": Direction.ADJUSTMENT, "entry": Direction.MISSING_ENTRY}


@terminal_verb(
    kinds.GATE,
    examples=(
        "onecard terminals run gate --station 0201",
        "onecard terminals run gate --station 0205 --direction exit --reader 1",
        "onecard terminals run gate --station 0201 --once --json -",
    ),
)
@option("--station", zh="车站代码或名称", en="station, by code or name")
@option(
    "--direction",
    type=click.Choice([Direction.ENTRY.value, Direction.EXIT.value]),
    default=Direction.ENTRY.value,
    show_default=True,
    zh="进站或出站",
    en="entry or exit",
)
def gate(running: Running, station: str | None, direction: str) -> int:
    """Run a gate."""
    _require_place("--station", "station", station, running)
    place = code_of_place(running.access, station=station, bus_line=None)
    way = Direction(direction)
    return attend(kinds.GATE, place, running, lambda equipment: gate_work(equipment, way))


@terminal_verb(
    kinds.BUS,
    examples=(
        "onecard terminals run bus --bus-line B104",
        "onecard terminals run bus --bus-line B104 --once --json -",
    ),
)
@option("--bus-line", zh="公交线路代码或名称", en="bus line, by code or name")
def bus(running: Running, bus_line: str | None) -> int:
    """Run a bus validator."""
    _require_place("--bus-line", "bus_line", bus_line, running)
    place = code_of_place(running.access, station=None, bus_line=bus_line)
    return attend(kinds.BUS, place, running, bus_work)


@terminal_verb(
    kinds.STATION_DESK,
    examples=(
        "onecard terminals run station-desk --once",
        "onecard terminals run station-desk --missing entry --station 0205",
    ),
)
@option("--station", zh="车站代码或名称（补进站票必需）", en="station, by code or name")
@option(
    "--missing",
    type=click.Choice(list(_MISSING)),
    default="exit",
    show_default=True,
    zh="缺出站（exit）或缺进站（entry）",
    en="which end of the ride is missing",
)
def station_desk(running: Running, station: str | None, missing: str) -> int:
    """Run the help desk of a station."""
    direction, place = _MISSING[missing], Place()
    if direction is Direction.MISSING_ENTRY:
        _require_place("--station", "station", station, running)
    if station is not None:
        place = code_of_place(running.access, station=station, bus_line=None)
    return attend(
        kinds.STATION_DESK,
        place,
        running,
        lambda equipment: station_desk_work(equipment, direction),
    )


@terminal_verb(
    kinds.CANTEEN,
    examples=(
        "onecard terminals run canteen",
        "onecard terminals run canteen --amount-fen 850 --json sales.jsonl",
    ),
)
@option(
    "--amount-fen",
    type=int,
    default=MEAL_FEN,
    show_default=True,
    zh="每张卡应付（分）",
    en="what each card pays, in fen",
)
def canteen(running: Running, amount_fen: int) -> int:
    """Run the till of a canteen."""
    require_amount("--amount-fen", amount_fen, 1)
    return attend(
        kinds.CANTEEN, Place(), running, lambda equipment: canteen_work(equipment, amount_fen)
    )


def _require_place(name: str, what: PlaceName, given: str | None, running: Running) -> None:
    """A new terminal must be told where it stands; a folder knows it."""
    if given is None and running.state is None:
        choices = choices_at(running.access, what)
        zh = f"可选：{choices}" if choices else "平台运行时（onecard serve）会列出可选项"
        en = f"there are: {choices}" if choices else "a running platform (onecard serve) lists them"
        raise Fault(f"请用 {name} 说明地点；{zh}。", f"say where it stands with {name}; {en}.")
