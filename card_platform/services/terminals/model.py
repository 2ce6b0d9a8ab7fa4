"""Terminals and the image of their PSAM.

Rules: a terminal number is 6 bytes: the first four digits of the region and a counter; the serial
of the PSAM is 10 bytes: the region and the same counter (assumption: both schemes are made up).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.errors import Refusal
from card_platform.storage import Event


class TerminalKind(StrEnum):
    """What a terminal is for."""

    METRO_GATE = "metro_gate"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class Terminal:
    """One enrolled machine. `station` is the code of its station, gates only."""

    terminal_number: str
    kind: TerminalKind
    operator: str
    station: str | None
    site: str
    psam_serial: str


class PsamImage(msgspec.Struct, frozen=True, kw_only=True):
    """What is written into the terminal's PSAM (docs/interfaces.md, section 2)."""

    format: str = "onecard.psam-image"
    version: int = 1
    test_keys: bool = True
    testbed: str
    psam_serial: str
    terminal_number: str
    keys: dict[str, str]


class TerminalEnrolled(Event, frozen=True, kw_only=True):
    """A terminal was enrolled."""

    action: ClassVar[str] = "enrol-terminal"
    card_id: None = None
    terminal_number: str
    site: str

    @property
    def detail(self) -> str:
        """Which terminal, where."""
        return f"terminal {self.terminal_number} at {self.site}"


class StationIsUnknown(Refusal):
    """No station of the line has that code, or a gate was enrolled without one."""

    code = "station-unknown"
    status = 422
    title = "Station unknown"
    zh = "线路上没有车站 {station}；闸机须指明车站。"
    en = "The line has no station {station}; a gate needs one."


def numbers_of(region: str, counter: int) -> tuple[str, str]:
    """Terminal number and PSAM serial, in hex digits."""
    return f"{region[:4]}{counter:08d}", f"{region}{counter:014d}"
