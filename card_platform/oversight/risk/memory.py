"""The memory of a fold as bytes, and back: what a snapshot holds.

Rules:
- It is given in frames of some thousand entries, so that neither side holds it twice.
- Everything a rule remembers is an attribute of it; its limits are not, they come with the rules.
- Reading makes values of this package and plain ones, nothing else, whoever wrote the bytes.
"""

from __future__ import annotations

import copyreg
import io
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import msgspec

from card_platform.oversight.risk.bounded import BoundedMap
from card_platform.oversight.risk.detector import Detector
from card_platform.oversight.risk.history import HistoryEvent
from card_platform.oversight.risk.rules import Rules

FRAME_ENTRIES: Final = 5_000
PROTOCOL: Final = 5
_PACKAGE: Final = "card_platform.oversight.risk."


class MemoryIsForeign(Exception):
    """Bytes that are no memory of this fold."""


def frames_of(detector: Detector) -> Iterator[bytes]:
    """The memory, frame by frame."""
    for owner, holder in detector.owners():
        for name, value in vars(holder).items():
            if isinstance(value, BoundedMap):
                yield _frame((owner, name, "since", value.since))
                for half, kept in value.halves():
                    for entries in _in_frames(kept.items()):
                        yield _frame((owner, name, half, entries))
            elif _is_memory(name):
                yield _frame((owner, name, "value", value))


def detector_of(rules: Rules, frames: Iterable[bytes]) -> Detector:
    """A fold of these rules with that memory. Raises MemoryIsForeign."""
    detector = Detector(rules)
    holders = dict(detector.owners())
    for frame in frames:
        try:
            owner, name, part, value = _Reader(io.BytesIO(frame)).load()
            held = vars(holders[owner])
            if part == "value":
                if not _is_memory(name) or name not in held:
                    raise MemoryIsForeign(f"{owner}.{name}")
                held[name] = value
            else:
                held[name].restore(part, value)
        except MemoryIsForeign:
            raise
        except Exception as fault:  # a pickle that is wrong raises whatever it likes
            raise MemoryIsForeign(repr(fault)) from fault
    detector.go_on()
    return detector


def _is_memory(name: str) -> bool:
    return name not in {"version", "_version", "_limits", "_budget", "_groups", "_by_kind"}


def _in_frames(entries: Iterable[tuple[Any, Any]]) -> Iterator[list[tuple[Any, Any]]]:
    waiting = iter(entries)
    while frame := list(islice(waiting, FRAME_ENTRIES)):
        yield frame


def _frame(told: tuple[str, str, str, Any]) -> bytes:
    content = io.BytesIO()
    writer = pickle.Pickler(content, PROTOCOL)
    writer.dispatch_table = {**copyreg.dispatch_table, HistoryEvent: _of_event}
    writer.dump(told)
    return content.getvalue()


def _of_event(event: HistoryEvent) -> tuple[Any, tuple[bytes]]:
    return read_event, (msgspec.json.encode(event),)


def read_event(body: bytes) -> HistoryEvent:
    """An event as it was kept in a frame."""
    return msgspec.json.decode(body, type=HistoryEvent)


class _Reader(pickle.Unpickler):
    """Makes nothing but values of this package, and deques."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "deque"):
            return deque
        if (module, name) == (__name__, "read_event"):
            return read_event
        if module.startswith(_PACKAGE):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise MemoryIsForeign(f"{module}.{name}")
