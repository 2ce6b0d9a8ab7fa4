"""Distributions of a file: `{ distribution = "lognormal", mean_s = 120, cv = 0.5 }`.

What numbers a distribution takes is judged with the network (`sim.network_faults`); here are its
words. `empirical` takes a file of times, one a line, relative to the TOML file; their order is no
matter.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from pathlib import Path

from sim.distributions import (
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Uniform,
    fault_of,
)
from sim.fault_sentences import Words, in_both_languages
from sim.network_file.faults import NOTHING, FileFault
from sim.network_file.table import Table, as_toml

HARMLESS = Constant(1.0)
"""Stands for a distribution that could not be read."""
FAULTY_LINES_TOLD = 10
MOMENTS = Words("不小于 0 的秒数，升序，每行一个", "seconds >= 0, ascending, one a line")
A_FILE = Words("读得到的文本文件（相对于本文件）", "a text file that can be read, beside this one")
SECONDS = Words("不小于 0 的秒数，每行一个", "seconds >= 0, one a line")

_KEYS: dict[str, tuple[str, ...]] = {
    "constant": ("value_s",),
    "exponential": ("mean_s",),
    "uniform": ("low_s", "high_s"),
    "erlang": ("shape", "mean_s"),
    "lognormal": ("mean_s", "cv"),
    "gamma": ("mean_s", "cv"),
    "empirical": ("file", "values_s"),
}
_MADE: dict[str, Callable[..., Distribution]] = {
    "constant": Constant,
    "exponential": Exponential,
    "uniform": Uniform,
    "erlang": Erlang,
    "lognormal": Lognormal,
    "gamma": Gamma,
}


def distribution_of(table: Table | None, folder: Path) -> Distribution:
    """The distribution of a table; a harmless one where it has faults."""
    if table is None:
        return HARMLESS
    name = table.choice("distribution", tuple(_KEYS))
    if name is None:
        return HARMLESS
    table.knows_only("distribution", *_KEYS[name])
    if name == "empirical":
        return _empirical(table, folder)
    shape = table.whole("shape") if name == "erlang" else None
    numbers = [shape if key == "shape" else table.number(key) for key in _KEYS[name]]
    return HARMLESS if None in numbers else _judged(table, _MADE[name](*numbers))


def _judged(table: Table, distribution: Distribution) -> Distribution:
    """The distribution, or a harmless one where its numbers cannot be; the number that is alone to
    blame is named.
    """
    expected = fault_of(distribution)
    if not expected:
        return distribution
    name, keys = str(table.raw("distribution")), _KEYS[str(table.raw("distribution"))]
    numbers = {key: table.raw(key) for key in keys}
    blamed = [
        key for key in keys if name in _MADE and not fault_of(_MADE[name](**numbers | {key: 1}))
    ]
    key = blamed[0] if len(blamed) == 1 else ""
    table.wrong(key, in_both_languages(expected), table.raw(key) if key else table.content)
    return HARMLESS


def _empirical(table: Table, folder: Path) -> Distribution:
    if ("file" in table) == ("values_s" in table):
        found = "file, values_s" if "file" in table else None
        expected = Words(" file 或 values_s 其中一个", "one of file, values_s")
        table.wrong("", expected, found)
        return HARMLESS
    if "values_s" in table:
        values_s = table.numbers("values_s")
        return HARMLESS if values_s is None else _judged(table, Empirical(tuple(sorted(values_s))))
    name = table.text("file")
    times_s = times_of_file(table, name, folder) if name is not None else None
    return Empirical(tuple(sorted(times_s))) if times_s else HARMLESS


def times_of_file(
    table: Table, name: str, folder: Path, *, ascending: bool = False
) -> array[float] | None:
    """The times of a file of one time a line, in seconds; None where it has faults.

    A first line that is no number is a heading; empty lines and those that begin with # are passed
    over.
    """
    path = folder / name
    try:
        rows = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as fault:
        why = f"{as_toml(name)} ({getattr(fault, 'strerror', None) or 'no UTF-8'})"
        place = (*table.place, "file")
        unread = table.source.fault(place, f"{table.key}.file", Words(why, why), A_FILE)
        table.source.faults.append(unread)
        return None
    times_s, faulty = array("d"), 0
    for number, row in enumerate(rows, start=1):
        text = row.strip()
        if not text or text.startswith("#"):
            continue
        try:
            time_s = float(text)
        except ValueError:
            if number == 1:
                continue
            time_s = -1.0
        if (times_s[-1] if ascending and times_s else 0) <= time_s < float("inf"):
            times_s.append(time_s)
            continue
        faulty += 1
        if faulty <= FAULTY_LINES_TOLD:
            found = Words(as_toml(text), as_toml(text))
            expected = MOMENTS if ascending else SECONDS
            table.source.faults.append(FileFault(name, number, table.key, found, expected))
    if not times_s and not faulty:
        table.source.faults.append(FileFault(name, 1, table.key, NOTHING, SECONDS))
    if faulty > FAULTY_LINES_TOLD:
        more = Words(f"另有 {faulty - FAULTY_LINES_TOLD} 行", f"{faulty - FAULTY_LINES_TOLD} more")
        table.source.faults.append(FileFault(name, 0, table.key, more, SECONDS))
    return times_s if times_s and not faulty else None
