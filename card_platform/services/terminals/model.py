"""Terminals and the image of their PSAM.

Rules:
- A terminal number is 6 bytes: the first four digits of the region and a counter; the serial of the
  PSAM is 10 bytes: the region and the same counter (assumption: both schemes are made up).
- A terminal's PSAM holds the keys its work needs and no other: every one can take purchases, those
  that read holders authenticate cards, those of medicine take payments.
- A terminal that signs its journal gives its public key when it is enrolled.
- A terminal that was lost or stolen is withdrawn, for good: its token and its certificate count no
  longer, and since its PSAM is gone with it, one in its place is enrolled under another number.
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
    BUS_VALIDATOR = "bus_validator"
    COUNTER = "counter"
    HOSPITAL_DESK = "hospital_desk"
    PHARMACY = "pharmacy"
    KIOSK = "kiosk"
    LIBRARY_DESK = "library_desk"
    CANTEEN = "canteen"
    ENTRANCE = "entrance"


_READS_HOLDERS = ("IRK", "RKSSSE")
_TAKES_MEDICAL_PAYMENTS = (*_READS_HOLDERS, "MPK")
PROVINCE_KEYS: dict[TerminalKind, tuple[str, ...]] = {
    TerminalKind.METRO_GATE: (),
    TerminalKind.BUS_VALIDATOR: (),
    TerminalKind.COUNTER: _READS_HOLDERS,
    TerminalKind.HOSPITAL_DESK: _TAKES_MEDICAL_PAYMENTS,
    TerminalKind.PHARMACY: _TAKES_MEDICAL_PAYMENTS,
    TerminalKind.KIOSK: _READS_HOLDERS,
    TerminalKind.LIBRARY_DESK: _READS_HOLDERS,
    TerminalKind.CANTEEN: (),
    TerminalKind.ENTRANCE: _READS_HOLDERS,
}
"""Keys of the province's level in the PSAM of each kind, by name."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """One enrolled machine.

    Attributes:
        station: the code of its station; a gate has one.
        bus_line: the code of its bus line; a bus validator has one.
        public_key: SM2, X || Y, 64 bytes in hex; None where it signs no journal.
        withdrawn_at: since when its token counts no longer; None while it does.
    """

    terminal_number: str
    kind: TerminalKind
    operator: str
    station: str | None
    bus_line: str | None
    site: str
    psam_serial: str
    public_key: str | None
    withdrawn_at: str | None = None


class ProvinceKeys(msgspec.Struct, frozen=True):
    """Keys of the province's level: two levels above the cards."""

    province: str
    keys: dict[str, str]


class PsamImage(msgspec.Struct, frozen=True, kw_only=True):
    """What is written into the terminal's PSAM (docs/interfaces.md, section 2).

    Version 2 adds `social_security`; an image of version 1 is without it.
    """

    format: str = "onecard.psam-image"
    version: int = 1
    test_keys: bool = True
    testbed: str
    psam_serial: str
    terminal_number: str
    keys: dict[str, str]
    social_security: ProvinceKeys | msgspec.UnsetType = msgspec.UNSET


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


class TerminalWithdrawn(Event, frozen=True, kw_only=True):
    """A terminal was withdrawn."""

    action: ClassVar[str] = "withdraw-terminal"
    card_id: None = None
    terminal_number: str
    reason: str

    @property
    def detail(self) -> str:
        """Which terminal, why."""
        return f"terminal {self.terminal_number}: {self.reason}"


class TerminalIsWithdrawnAlready(Refusal):
    """There is nothing left of it to withdraw or to certify."""

    code = "terminal-withdrawn-already"
    status = 409
    title = "Terminal withdrawn already"
    zh = "终端 {terminal_number} 已于 {since} 停用；更换的终端须重新入网。"
    en = "The terminal {terminal_number} was withdrawn at {since}; enrol the one in its place."


class StationIsUnknown(Refusal):
    """No station of the line has that code, or a gate was enrolled without one."""

    code = "station-unknown"
    status = 422
    title = "Station unknown"
    zh = "线路上没有车站 {station}；闸机须指明车站。"
    en = "The line has no station {station}; a gate needs one."


class BusLineIsUnknown(Refusal):
    """No bus line has that code, or a bus validator was enrolled without one."""

    code = "bus-line-unknown"
    status = 422
    title = "Bus line unknown"
    zh = "没有公交线路 {bus_line}；公交验卡机须指明线路。"
    en = "There is no bus line {bus_line}; a bus validator needs one."


def numbers_of(region: str, counter: int) -> tuple[str, str]:
    """Terminal number and PSAM serial, in hex digits."""
    return f"{region[:4]}{counter:08d}", f"{region}{counter:014d}"
