"""Faults of a structured value: every place where it differs from its type, not only the first.

msgspec stops at the first fault, which makes a caller mend a file or a request one fault at a
time. Here the fast decoder runs first; only what it refuses is walked once more, field by field.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

FOUND_LENGTH_MAX = 80
"""Longest piece of the faulty value shown back, in characters."""
FAULTS_MAX = 50
"""Most faults reported for one value."""


class Fault(msgspec.Struct, frozen=True):
    """One place where a value is not what it should be."""

    path: str
    found: str
    expected: str


def find_faults(value: object, wanted: Any, path: str = "") -> list[Fault]:
    """All faults of a decoded value (dicts, lists, scalars) against a type, at most FAULTS_MAX."""
    return _walk(value, wanted, path)[:FAULTS_MAX]


def _walk(value: object, wanted: Any, path: str) -> list[Fault]:
    struct = _struct_of(wanted)
    if struct is not None and value is None and _allows_none(wanted):
        return []
    if struct is not None:
        return _walk_struct(value, struct, path)
    item = _item_of(wanted)
    if item is not None and isinstance(value, list):
        faults = [
            fault
            for index, entry in enumerate(value)
            for fault in _walk(entry, item, f"{path}[{index}]")
        ]
        if faults:
            return faults
    try:
        msgspec.convert(value, wanted)
    except msgspec.ValidationError as refused:
        expected = str(refused).split(" - at `")[0].removeprefix("Expected ")
        return [Fault(path or "$", _shown(value), expected)]
    return []


def _walk_struct(value: object, struct: type[msgspec.Struct], path: str) -> list[Fault]:
    if not isinstance(value, dict):
        return [Fault(path or "$", _shown(value), "an object")]
    faults: list[Fault] = []
    known = set()
    for field in _fields_of(struct):
        known.add(field.encode_name)
        place = f"{path}.{field.encode_name}" if path else field.encode_name
        if field.encode_name in value:
            faults += _walk(value[field.encode_name], field.type, place)
        elif field.required:
            faults.append(Fault(place, "nothing", "a value"))
    for name in value:
        if name not in known:
            place = f"{path}.{name}" if path else str(name)
            faults.append(Fault(place, _shown(value[name]), "no such field"))
    return faults


@cache
def _fields_of(struct: type[msgspec.Struct]) -> tuple[FieldInfo, ...]:
    return msgspec.structs.fields(struct)


def _item_of(wanted: Any) -> Any:
    """The type of a list's items; None where the type is no list."""
    if get_origin(wanted) is Annotated:
        wanted = get_args(wanted)[0]
    return get_args(wanted)[0] if get_origin(wanted) in (list, tuple) else None


def _struct_of(wanted: Any) -> type[msgspec.Struct] | None:
    choices = get_args(wanted) or (wanted,)
    for choice in choices if get_origin(wanted) not in (list, tuple, dict) else ():
        if isinstance(choice, type) and issubclass(choice, msgspec.Struct):
            return choice
    return None


def _allows_none(wanted: Any) -> bool:
    return type(None) in get_args(wanted)


def _shown(value: object) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= FOUND_LENGTH_MAX else text[:FOUND_LENGTH_MAX] + "..."
