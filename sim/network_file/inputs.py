"""The numbers of a file as a report shows inputs: each with its unit, and the line it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.input_words import BY_CALLER, input_row
from sim.network_file.lines import Place
from sim.network_file.settings import NAMED_BY, name_of
from sim.network_file.source import Source
from sim.network_file.table import as_toml

_NO_NUMBERS = ("name", "class", "from", "start", "station", "discipline", "process")
UNITS = {
    "servers": "servers",
    "capacity": "from second, servers",
    "queue_max": "customers waiting",
    "size": "customers",
    "batches": "second, customers",
    "piecewise": "from second, customers/s",
    "outages": "from second, until second",
    "file": "file of times, s",
    "shape": "stages",
    "cv": "standard deviation / mean",
    "attempts_max": "attempts",
    "priority": "rank, lower is first",
}
"""Of keys whose name does not end in their unit."""


def inputs_of(source: Source) -> list[dict[str, str]]:
    """Name, value, unit, source and meaning of each."""
    rows, file = [], Path(source.name).name
    for kind in ("network", *NAMED_BY):
        told = source.tree.get(kind, [])
        sections = told if isinstance(told, list) else [told]
        for at, content in enumerate(sections):
            name = kind if kind == "network" else name_of(kind, content, at)
            here: Place = (kind,) if kind == "network" else (kind, at)
            for path, value in _leaves(content, ()):
                set_in_call = any((*here, *path[:end]) in source.settings for end in _ends(path))
                line = f"{file}, line {source.lines.of((*here, *path))}"
                rows.append(
                    input_row(
                        ".".join((name, *path)),
                        str(value) if isinstance(value, str) else as_toml(value),
                        unit=_unit_of(path),
                        source=BY_CALLER if set_in_call else line,
                    )
                )
    return rows


def _leaves(content: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        elif key not in _NO_NUMBERS:
            yield (*above, key), value


def _ends(path: tuple[str, ...]) -> range:
    return range(1, len(path) + 1)


def _unit_of(path: tuple[str, ...]) -> str:
    key = path[-1]
    if key.endswith("_per_s"):
        return "customers/s"
    if key.endswith("_s"):
        return "s"
    if "to" in path:
        return "share of customers"
    return UNITS.get(key, "")
