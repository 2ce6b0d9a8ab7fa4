"""`--set station.counter.servers=6`: a value of the file changed by the call.

The path is kind, name and keys, as messages tell them: `station.NAME.KEY`, `link.NAME.KEY`,
`source.NAME.KEY`, `route.CLASS.FROM.to.GOAL`, `retry.CLASS.KEY`, `network.KEY`; a value is written
as in TOML. Of two keys that exclude each other (`servers`, `capacity`) the one that is set stays.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from sim.fault_sentences import Words
from sim.network_file.faults import FileFault
from sim.network_file.lines import Place
from sim.network_file.source import Source

NAMED_BY: dict[str, tuple[str, ...]] = {
    "station": ("name",),
    "link": ("name",),
    "source": ("name",),
    "route": ("class", "from"),
    "retry": ("class",),
}
EXCLUDE = (("servers", "capacity"), ("rate_per_s", "piecewise"))
A_PATH = Words(
    " station.名称.键、source.名称.键 等路径，且该名称在文件中",
    "a path as station.NAME.KEY of a name in the file",
)


def with_settings(source: Source, settings: Mapping[str, str | float]) -> Source:
    """The source with these values in place; what leads nowhere is among its faults."""
    changed = replace(source, tree=deepcopy(source.tree), faults=list(source.faults))
    changed.settings = {}
    for path, given in settings.items():
        told = f"{path}={given}"
        place = _place_of(changed.tree, path)
        if place is None or not _has_room(changed.tree, place):
            found = Words(path, path)
            changed.faults.append(FileFault(source.name, 0, "", found, A_PATH, told))
            continue
        changed.settings[place] = told
        _put(changed.tree, place, _value_of(given) if isinstance(given, str) else given)
    return changed


def name_of(kind: str, content: Any, number: int) -> str:
    """A section as messages and settings name it: `station.counter`; by number without a name."""
    words = [content.get(key) for key in NAMED_BY[kind]] if isinstance(content, dict) else [None]
    if all(isinstance(word, str) and word for word in words):
        return ".".join((kind, *words))
    return f"{kind}[{number + 1}]"


def _place_of(tree: dict[str, Any], path: str) -> Place | None:
    kind, _, rest = path.partition(".")
    if kind == "network" and rest and isinstance(tree.get(kind), dict):
        return (kind, *rest.split("."))
    sections = tree.get(kind)
    if kind not in NAMED_BY or not isinstance(sections, list):
        return None
    names = [(name_of(kind, content, at), at) for at, content in enumerate(sections)]
    # A name may have dots: the longest that fits is meant.
    for name, at in sorted(names, key=lambda each: -len(each[0])):
        if path.startswith(f"{name}."):
            return (kind, at, *path[len(name) + 1 :].split("."))
    return None


def _has_room(tree: dict[str, Any], place: Place) -> bool:
    """Whether only tables lie on the way (they are made where they are missing)."""
    inside: Any = tree
    for key in place[:-1]:
        inside = inside[key] if isinstance(key, int) else inside.get(key, {})
        if not isinstance(inside, dict) and not (isinstance(inside, list) and len(place) > 1):
            return False
        if isinstance(inside, list) and key not in NAMED_BY:
            return False
    return True


def _put(tree: dict[str, Any], place: Place, value: Any) -> None:
    inside: Any = tree
    for key in place[:-1]:
        inside = inside[key] if isinstance(key, int) else inside.setdefault(key, {})
    inside[place[-1]] = value
    for pair in EXCLUDE:
        if place[-1] in pair:
            other = pair[1 - pair.index(str(place[-1]))]
            inside.pop(other, None)


def _value_of(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
