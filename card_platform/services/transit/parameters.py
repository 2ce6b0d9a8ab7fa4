"""What a terminal is told: stations, bus lines, fares and reductions of the day, lowest balance,
revocation list and how old it may grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import msgspec

from card_platform.regions import RegionPolicy
from card_platform.regions.transit_policy import CARD_TYPES
from card_platform.services.transit.revocations import RevocationDelta, RevocationList
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


class BusLineAnswer(msgspec.Struct, frozen=True):
    """A bus line and what a ride on it costs."""

    code: str
    name_zh: str
    name_en: str
    fare_fen: int


class TransferAnswer(msgspec.Struct, frozen=True):
    """What a ride costs less that begins within so many seconds after another."""

    within_s: int
    reduction_fen: int


class ConcessionAnswer(msgspec.Struct, frozen=True):
    """What the holder of a certificate pays less, in percent of the fare."""

    kind: str
    reduction_percent: int


class AgeConcessionAnswer(msgspec.Struct, frozen=True):
    """What a card of that type (file 17) pays less, in percent of the fare."""

    kind: str
    card_type: str
    reduction_percent: int


class WithdrawnCertificateAnswer(msgspec.Struct, frozen=True):
    """A certificate still on a card whose licence no longer stands: no concession for it."""

    application_serial: str
    kind: str


class EndedFunctionAnswer(msgspec.Struct, frozen=True):
    """A function still on a card that no longer works; `scheme` is the scheme's number there."""

    application_serial: str
    scheme: str


class RevocationListAnswer(msgspec.Struct, frozen=True):
    """Purses to refuse; `version` rises with every change."""

    version: int
    issued_at: str
    application_serials: list[str]
    digest: str


class RevocationChangesAnswer(msgspec.Struct, frozen=True):
    """The list since a version: purses put on it and taken off it; where `is_full`, all of it.

    `age_max_s` is how old a list may grow from `issued_at` on before a terminal trusts it no more.
    """

    version: int
    since: int
    is_full: bool
    issued_at: str
    age_max_s: int
    added: list[str]
    removed: list[str]
    digest: str


class TerminalParameters(msgspec.Struct, frozen=True):
    """All a gate needs to work without the network until the next fetch.

    To whoever told its version, what changed of the list since is said in place of the list.
    """

    issued_at: str
    operator: str
    city: str
    line: str
    stations: list[StationAnswer]
    fares: list[FareAnswer]
    minimum_entry_balance_fen: int
    missing_exit_fare_fen: int
    missing_entry_fare_fen: int
    bus_lines: list[BusLineAnswer]
    transfer: TransferAnswer
    daily_cap_fen: int | None
    monthly_cap_fen: int | None
    concessions: list[ConcessionAnswer]
    age_concessions: list[AgeConcessionAnswer]
    revocation_list_age_max_s: int
    revocation_list: RevocationListAnswer | None
    revocation_changes: RevocationChangesAnswer | None
    withdrawn_certificates: list[WithdrawnCertificateAnswer]
    ended_functions: list[EndedFunctionAnswer]


def terminal_parameters(
    policy: RegionPolicy,
    operator: str,
    revocations: RevocationList | RevocationDelta,
    now: datetime,
    *,
    withdrawn: Sequence[tuple[str, str]] = (),
    ended: Sequence[tuple[str, str]] = (),
) -> TerminalParameters:
    """The parameters as of now, in China standard time."""
    today, issued_at = now.date(), moment_of(now)
    transit = policy.transit
    stations, fare_of = transit.stations, partial(transit.bus_fare, operator=operator)
    return TerminalParameters(
        issued_at=issued_at,
        operator=operator,
        city=transit.city_of(operator),
        line=transit.line,
        stations=[StationAnswer(each.code, each.name_zh, each.name_en) for each in stations],
        fares=[
            FareAnswer(start.code, end.code, policy.fare(start, end, today, operator))
            for start in stations
            for end in stations
        ],
        minimum_entry_balance_fen=transit.minimum_entry_balance.on(today),
        missing_exit_fare_fen=transit.missing_exit_fare.on(today),
        missing_entry_fare_fen=transit.missing_entry_fare.on(today),
        bus_lines=[
            BusLineAnswer(each.code, each.name_zh, each.name_en, fare_of(each).on(today))
            for each in transit.bus_lines
        ],
        transfer=TransferAnswer(
            transit.transfer.within.on(today), transit.transfer.reduction.on(today)
        ),
        daily_cap_fen=transit.daily_cap.on(today) if transit.daily_cap else None,
        monthly_cap_fen=transit.monthly_cap.on(today) if transit.monthly_cap else None,
        concessions=[
            ConcessionAnswer(each.kind, each.reduction.on(today)) for each in transit.concessions
        ],
        age_concessions=[
            AgeConcessionAnswer(each.kind, CARD_TYPES[each.kind], each.reduction.on(today))
            for each in transit.age_concessions
        ],
        revocation_list_age_max_s=transit.revocation_list_age_max.on(today),
        revocation_list=(
            RevocationListAnswer(
                revocations.version, issued_at, revocations.application_serials, revocations.digest
            )
            if isinstance(revocations, RevocationList)
            else None
        ),
        revocation_changes=(
            changes_answer(revocations, policy, now)
            if isinstance(revocations, RevocationDelta)
            else None
        ),
        withdrawn_certificates=[WithdrawnCertificateAnswer(*each) for each in withdrawn],
        ended_functions=[EndedFunctionAnswer(*each) for each in ended],
    )


def changes_answer(
    delta: RevocationDelta, policy: RegionPolicy, now: datetime
) -> RevocationChangesAnswer:
    """What changed of the list, as of now."""
    return RevocationChangesAnswer(
        delta.version,
        delta.since,
        delta.is_full,
        moment_of(now),
        policy.transit.revocation_list_age_max.on(now.date()),
        delta.added,
        delta.removed,
        delta.digest,
    )
