"""The journey record of file 1E, as any terminal of transport writes it (JT/T 978;
docs/interfaces.md, section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from virtual_cards.terminals.parameters import code_bytes

_RESERVED_1: Final = bytes(1)
_RESERVED_6: Final = bytes(6)


class Industry(IntEnum):
    """Which transport."""

    METRO = 0x01
    BUS = 0x02


class JourneyType(IntEnum):
    """What happened, for the electronic purse (EP)."""

    ENTRY = 0x03
    EXIT = 0x04
    SINGLE = 0x06
    ADJUSTMENT = 0x08


@dataclass(frozen=True, slots=True)
class Place:
    """Where a terminal stands, as bytes of a record."""

    industry: Industry
    city: bytes
    organisation: bytes
    operator: bytes
    line: bytes
    station: bytes
    device: bytes

    @classmethod
    def of(
        cls,
        industry: Industry,
        *,
        city: str,
        operator: str,
        line: str,
        station: str,
        terminal_number: bytes,
    ) -> Place:
        """From the codes of the platform and the number of the PSAM."""
        return cls(
            industry,
            code_bytes(city[:4], 2),
            code_bytes(operator, 8),
            code_bytes(operator, 2),
            code_bytes(line, 2),
            code_bytes(station, 8),
            terminal_number.rjust(8, b"\0"),
        )


def journey(
    place: Place, kind: JourneyType, *, moment: bytes, amount_fen: int, balance_after_fen: int
) -> bytes:
    """The 48 bytes of a journey record."""
    return b"".join(
        (
            bytes([kind]),
            place.device,
            bytes([place.industry]),
            place.line,
            place.station[-2:],
            place.operator,
            _RESERVED_1,
            amount_fen.to_bytes(4, "big"),
            balance_after_fen.to_bytes(4, "big", signed=True),
            moment,
            place.city,
            place.organisation,
            _RESERVED_6,
        )
    )
