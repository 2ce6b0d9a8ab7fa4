"""What a terminal is told: stations, fares of the day, lowest balance, revocation list."""

from __future__ import annotations

from datetime import datetime

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.services.transit.revocations import RevocationList
from card_platform.vocabulary.moment import moment_of


class StationAnswer(msgspec.Struct, frozen=True):
    """A station of the line."""

    code: str
    name_zh: str
    name_en: str


class FareAnswer(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """The fare between two stations."""

    start: str
    end: str
    fare_fen: int


class RevocationListAnswer(msgspec.Struct, frozen=True):
    """Purses to refuse; `version` rises with every change."""

    version: int
    issued_at: str
    application_serials: list[str]


class TerminalParameters(msgspec.Struct, frozen=True):
    """All a gate needs to work without the network until the next fetch."""

    issued_at: str
    operator: str
    city: str
    line: str
    stations: list[StationAnswer]
    fares: list[FareAnswer]
    minimum_entry_balance_fen: int
    revocation_list: RevocationListAnswer


def terminal_parameters(
    policy: RegionPolicy, operator: str, revocations: RevocationList, now: datetime
) -> TerminalParameters:
    """The parameters as of now, in China standard time."""
    today, issued_at = now.date(), moment_of(now)
    stations = policy.transit.stations
    return TerminalParameters(
        issued_at=issued_at,
        operator=operator,
        city=policy.transit.city,
        line=policy.transit.line,
        stations=[StationAnswer(each.code, each.name_zh, each.name_en) for each in stations],
        fares=[
            FareAnswer(start.code, end.code, policy.fare(start, end, today))
            for start in stations
            for end in stations
        ],
        minimum_entry_balance_fen=policy.transit.minimum_entry_balance.on(today),
        revocation_list=RevocationListAnswer(
            revocations.version, issued_at, revocations.application_serials
        ),
    )
