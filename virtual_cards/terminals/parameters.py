"""What the platform tells its terminals (docs/interfaces.md, section 4).

Rules: money in fen; station codes are four hexadecimal digits; serials are the 10 bytes of file 15
in hexadecimal.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

CODE_FILL: Final = b"\0"


class Station(msgspec.Struct, frozen=True):
    """A station of the line."""

    code: str
    name_zh: str
    name_en: str


class Fare(msgspec.Struct, frozen=True):
    """The fare between two stations, in fen."""

    entry: str = msgspec.field(name="from")
    exit: str = msgspec.field(name="to")
    fare_fen: int


class RevocationList(msgspec.Struct, frozen=True):
    """Cards no terminal accepts any more."""

    version: int
    issued_at: str
    application_serials: tuple[str, ...]
    digest: str = ""
    """Over the serials (docs/interfaces.md, section 4); empty from a platform of before."""


class BusLine(msgspec.Struct, frozen=True):
    """A bus line with one fare, in fen."""

    code: str
    name_zh: str
    name_en: str
    fare_fen: int


class Transfer(msgspec.Struct, frozen=True):
    """What a ride costs less when it begins so soon after the end of another."""

    within_s: int
    reduction_fen: int


class ConcessionRule(msgspec.Struct, frozen=True):
    """What the holders of a certificate pay less: `disability` or `veteran`."""

    kind: str
    reduction_percent: int


class AgeRule(msgspec.Struct, frozen=True):
    """What a card of a type pays less (file 17): `senior` or `child`, two hexadecimal digits."""

    kind: str
    card_type: str
    reduction_percent: int


class WithdrawnCertificate(msgspec.Struct, frozen=True):
    """A certificate still on a card that no terminal honours: `disability` or `veteran`."""

    application_serial: str
    kind: str


class EndedFunction(msgspec.Struct, frozen=True):
    """A function on a card that no terminal honours any more; `scheme` is the scheme's number."""

    application_serial: str
    scheme: str


class TerminalParameters(msgspec.Struct, frozen=True):
    """The parameters of a terminal; what a region has not is absent."""

    issued_at: str
    operator: str
    city: str
    line: str
    stations: tuple[Station, ...]
    fares: tuple[Fare, ...]
    minimum_entry_balance_fen: int
    revocation_list: RevocationList
    missing_exit_fare_fen: int = 0
    bus_lines: tuple[BusLine, ...] = ()
    transfer: Transfer | None = None
    daily_cap_fen: int | None = None
    concessions: tuple[ConcessionRule, ...] = ()
    revocation_list_age_max_s: int | None = None
    """Older lists are not trusted; without it a list never grows too old."""
    withdrawn_certificates: tuple[WithdrawnCertificate, ...] = ()
    ended_functions: tuple[EndedFunction, ...] = ()
    missing_entry_fare_fen: int | None = None
    """Absent, a missing entry costs as much as a missing exit."""
    monthly_cap_fen: int | None = None
    age_concessions: tuple[AgeRule, ...] = ()

    def revocation_list_age_s(self, now: datetime) -> float:
        """How long ago the revocation list was made."""
        made = datetime.fromisoformat(self.revocation_list.issued_at)
        return (now - made).total_seconds()


def code_bytes(code: str, length: int) -> bytes:
    """A code of the platform in a field of a card record.

    Hexadecimal digits stand right aligned, any other text as ASCII left aligned; what is too long
    is cut to the digits at the right, or the characters at the left.
    """
    digits = code if len(code) % 2 == 0 else "0" + code
    try:
        return bytes.fromhex(digits)[-length:].rjust(length, CODE_FILL)
    except ValueError:
        return code.encode("ascii", "replace")[:length].ljust(length, CODE_FILL)
