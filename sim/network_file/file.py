"""A whole file: read once, made into networks as often as settings change.

What each section must have is judged in `sections`; what the network must have as a whole by
`sim.network_faults`, whose words are mapped to lines and keys of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sim.customers import Retry, Route
from sim.endless_work import endless_work_of
from sim.fault_sentences import Words, in_both_languages
from sim.network import Network
from sim.network_faults import faults_of
from sim.network_file.faults import FaultyFile, FileFault
from sim.network_file.inputs import inputs_of
from sim.network_file.lines import Place
from sim.network_file.sections import (
    EXIT,
    Folder,
    link_of,
    retry_of,
    route_of,
    source_of,
    station_of,
)
from sim.network_file.settings import NAMED_BY, name_of, with_settings
from sim.network_file.source import Source, parsed
from sim.network_file.table import Table, as_toml
from sim.parameters import Fault
from sim.places import Station

HORIZON_S = 1.0
"""Stands for a horizon that could not be read."""
_RECKONED = re.compile("^at last|until the horizon$")
"""Faults of what follows from a value: what was found stands in them, not in the file."""
CLOCK = Words('时刻，如 "08:30"', 'a time of day, as "08:30"')
_REFERENCE = ("one of [", "a class among", "stations among")
_NEEDED = ("network", "station", "source")


@dataclass(frozen=True, slots=True)
class PlannedNetwork:
    """What a file says: the network, and the second of the day at which it begins."""

    network: Network
    first_s_of_day: float


class NetworkFile:
    """A planner's file. Raises `FaultyFile` when it cannot be read at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as fault:
            why = getattr(fault, "strerror", None) or "no UTF-8"
            wanted = Words("读得到的 TOML 文件（UTF-8）", "a TOML file that can be read (UTF-8)")
            raise FaultyFile((FileFault(str(path), 0, "", Words(why, why), wanted),)) from None
        self._source = parsed(str(path), text.replace("\r\n", "\n"))

    def planned(
        self, settings: Mapping[str, str | float] | None = None, scale: float = 1.0
    ) -> PlannedNetwork:
        """The network with these settings, and `scale` times as many customers.

        Raises `FaultyFile` with every fault of the file and of the settings.
        """
        return _Reading(self._source, settings or {}, Folder(self.path.parent, scale)).planned()

    def inputs(self, settings: Mapping[str, str | float] | None = None) -> list[dict[str, str]]:
        """Every number of the file as a report shows inputs: name, value, unit, source, meaning."""
        return inputs_of(with_settings(self._source, settings or {}))


class _Reading:
    """The file being read once."""

    def __init__(self, source: Source, settings: Mapping[str, str | float], folder: Folder) -> None:
        self._is_whole = not source.faults
        self._source = with_settings(source, settings)
        self._folder = folder
        self._places: dict[str, Place] = {}
        """Where the keys of `sim.network_faults` stand in the file."""

    def planned(self) -> PlannedNetwork:
        tree, source = self._source.tree, self._source
        Table(source, (), "", tree).knows_only("network", *NAMED_BY)
        for key in _NEEDED:
            if key not in tree:
                heading = "[network]" if key == "network" else f"[[{key}]]"
                Table(source, (), "", tree).wrong(key, Words(f" {heading}", heading))
        head = Table(source, ("network",), "network", tree.get("network", {}))
        head.knows_only("name", "horizon_s", "starts_at")
        needed = "network" in tree and head.is_table
        name, horizon_s = head.text("name", needed=needed), head.number("horizon_s", needed=needed)
        first_s_of_day = self._first_s_of_day(head)
        self._places["network.horizon_s"] = ("network", "horizon_s")
        stations = [station_of(table, self._folder) for table in self._tables("station")]
        stations += [link_of(table, self._folder) for table in self._tables("link")]
        sources = [source_of(table, self._folder) for table in self._tables("source")]
        routes = [route_of(table) for table in self._tables("route")]
        retries = [retry_of(table, self._folder) for table in self._tables("retry")]
        classes = [each.customer_class for each in sources]
        if not self._is_whole:
            # Something was left out: what seems to be missing may stand there.
            left = [each for each in source.faults if each.found.en != "nothing"]
            raise FaultyFile(tuple(left))
        self._check_names(stations, classes)
        self._check_retries(retries)
        self._judge(
            HORIZON_S if horizon_s is None else horizon_s, stations, sources, routes, retries
        )
        if source.faults:
            raise FaultyFile(tuple(source.faults))
        network = Network(
            name or "", horizon_s or HORIZON_S, tuple(stations), tuple(sources), tuple(routes),
            tuple(retries),
        )  # fmt: skip
        for fault in endless_work_of(network):
            self._tell(fault)
        if source.faults:
            raise FaultyFile(tuple(source.faults))
        return PlannedNetwork(network, first_s_of_day)

    def _first_s_of_day(self, head: Table) -> float:
        told = head.text("starts_at", needed=False)
        if told is None:
            return 0.0
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", told)
        if found is None:
            head.wrong("starts_at", CLOCK, told)
            return 0.0
        return int(found.group(1)) * 3600.0 + int(found.group(2)) * 60.0

    def _tables(self, kind: str) -> Iterable[Table]:
        sections = self._source.tree.get(kind, [])
        if not isinstance(sections, list):
            heading = f"[[{kind}]]"
            Table(self._source, (), "", self._source.tree).wrong(
                kind, Words(heading, heading), sections
            )
            return
        for at, content in enumerate(sections):
            name = name_of(kind, content, at)
            table = Table(self._source, (kind, at), name, content)
            if table.is_table:
                self._note(kind, at, name, content)
                yield table

    def _note(self, kind: str, at: int, name: str, content: dict[str, Any]) -> None:
        """Under which place `sim.network_faults` would tell a fault of this section."""
        key = f"station.{content.get('name')}" if kind == "link" else name
        here: Place = (kind, at)
        under = {key: here} | {f"{key}.{each}": (*here, each) for each in content}
        if kind == "station" and "servers" in content:
            under[f"{key}.capacity"] = (*here, "servers")
        if kind == "link":
            under |= {f"{key}.capacity": (*here, "outages"), f"{key}.service": (*here, "delay")}
        for inner in ("breakdown", "batch", "service_of", "arrivals"):
            inside = content.get(inner)
            for each in inside if isinstance(inside, dict) else ():
                place = (*here, inner, each)
                under[f"{key}.{each}" if inner == "arrivals" else f"{key}.{inner}.{each}"] = place
        if isinstance(content.get("arrivals"), dict) and "piecewise" in content["arrivals"]:
            under[f"{key}.rate_per_s"] = (*here, "arrivals", "piecewise")
        if isinstance(content.get("arrivals"), dict) and "file" in content["arrivals"]:
            under[f"{key}.moments_s"] = (*here, "arrivals", "file")
        self._places |= under

    def _check_names(self, stations: list[Station], classes: list[str]) -> None:
        """Names that lead nowhere, each with the nearest there is."""
        names = [station.name for station in stations]
        for kind, key, known in (
            ("source", "start", names), ("route", "class", classes), ("route", "from", names),
            ("retry", "class", classes), ("retry", "station", names),
        ):  # fmt: skip
            for at, content in enumerate(self._sections(kind)):
                self._check_name((kind, at, key), content.get(key), known)
        for kind, key, known in (
            ("route", "to", [*names, EXIT]),
            ("station", "service_of", classes),
        ):
            for at, content in enumerate(self._sections(kind)):
                inside = content.get(key)
                for name in inside if isinstance(inside, dict) else ():
                    self._check_name((kind, at, key, name), name, known)

    def _sections(self, kind: str) -> list[dict[str, Any]]:
        sections = self._source.tree.get(kind, [])
        if not isinstance(sections, list):
            return []
        return [each if isinstance(each, dict) else {} for each in sections]

    def _check_name(self, place: Place, name: Any, known: list[str]) -> None:
        if not isinstance(name, str) or not name or name in known:
            return
        told, nearest = ", ".join(dict.fromkeys(known)), get_close_matches(name, known, n=1)
        zh = f" {nearest[0]}（已有：{told}）" if nearest else f"其中之一：{told}"
        en = f"{nearest[0]} (there are: {told})" if nearest else f"one of {told}"
        self._add(place, Words(as_toml(name), as_toml(name)), Words(zh, en))

    def _check_retries(self, retries: list[Retry]) -> None:
        seen = set[tuple[str, str | None]]()
        for at, retry in enumerate(retries):
            key = (retry.customer_class, retry.station)
            if key in seen:
                told = Words("一类客户在一处只有一条", "one of a class at a station")
                self._add(("retry", at), Words("第二条 [[retry]]", "a second [[retry]]"), told)
            seen.add(key)

    def _judge(
        self,
        horizon_s: float,
        stations: list[Station],
        sources: list[Any],
        routes: list[Route],
        retries: list[Retry],
    ) -> None:
        """The faults of the network as a whole, at their lines."""
        for fault in faults_of(horizon_s, stations, sources, routes, ()):
            self._tell(fault)
        for at, retry in enumerate(retries):  # one by one: a class may have several
            for fault in faults_of(horizon_s, stations, sources, (), (retry,)):
                if fault.key.startswith("retry."):
                    key = fault.key.removeprefix(f"retry.{retry.customer_class}").strip(".")
                    self._places[fault.key] = ("retry", at, key) if key else ("retry", at)
                    self._tell(fault)

    def _tell(self, fault: Fault) -> None:
        if fault.expected.startswith(_REFERENCE) or not self._is_told_here(fault):
            return
        key = fault.key
        while key and key not in self._places:
            key = key.rpartition(".")[0]
        place = self._places.get(key, ())
        if fault.key.endswith(".name"):
            place = self._place_of_name(fault)
        found, expected = in_both_languages(fault.found), in_both_languages(fault.expected)
        is_value = len(place) > 1 and not isinstance(place[-1], int)
        if key == fault.key and is_value and not _RECKONED.search(fault.expected):
            value = as_toml(self._value_at(place))
            found = Words(value, value)
        self._add(place, found, expected)

    def _is_told_here(self, fault: Fault) -> bool:
        """A list that is missing altogether has been told; a route that lacks a class, too."""
        return (
            not (fault.found == "none" and fault.key.endswith(".name")) and "''" not in fault.found
        )

    def _place_of_name(self, fault: Fault) -> Place:
        """The last section of this name."""
        kind = fault.key.partition(".")[0]
        for each in ("link", "station") if kind == "station" else (kind,):
            for at, content in reversed(list(enumerate(self._sections(each)))):
                if fault.found.startswith(repr(content.get("name"))):
                    return (each, at, "name")
        return (kind,)

    def _value_at(self, place: Place) -> Any:
        value: Any = self._source.tree
        for key in place:
            value = value[key]
        return value

    def _add(self, place: Place, found: Words, expected: Words) -> None:
        key = ".".join(str(each) for each in place)
        if len(place) > 1 and isinstance(place[1], int):
            kind, at = str(place[0]), place[1]
            content = self._sections(kind)[at]
            key = ".".join((name_of(kind, content, at), *(str(each) for each in place[2:])))
        fault = self._source.fault(place, key, found, expected)
        if fault not in self._source.faults:
            self._source.faults.append(fault)
