"""Request and answer shapes of transit, as in docs/interfaces.md, section 4.

Hexadecimal is taken in either case and kept in upper case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar.params import QueryParameter

from card_platform.services.transit.matching import ADJUSTMENT, EXIT, PURCHASE
from card_platform.services.transit.model import GateRefusal, LoadRequest, Ride, Tap
from card_platform.vocabulary.card_text import (
    AmountFen,
    ApplicationSerialText,
    DateText,
    Hex2,
    Hex4,
    IssuerText,
    PositiveFen,
    Sequence2,
    Sequence4,
    TimeText,
    day_faults,
)
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.moment import moment_of
from card_platform.web.request_body import EXACT_NUMBER_MAX, RequestBody, RequestIsMalformed

TAP_BATCH_MAX_BYTES = 8 * 1024 * 1024
"""Largest batch: 10,000 taps with everything in them."""
Since = Annotated[
    int,
    QueryParameter(
        ge=0, le=EXACT_NUMBER_MAX, description="终端现有名单版本 · Version the terminal has"
    ),
]
KnownVersion = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=EXACT_NUMBER_MAX,
        description="终端现有版本，只答复变化 · Version the terminal has; only changes are told",
    ),
]
AwareMoment = Annotated[datetime, msgspec.Meta(tz=True)]
Reason = Literal[
    "card-on-revocation-list",
    "insufficient-balance",
    "card-expired",
    "missing-exit",
    "missing-entry",
    "card-not-genuine",
    "revocation-list-too-old",
]


class LoadBody(RequestBody, frozen=True):
    """The card's wish to be loaded."""

    application_serial: ApplicationSerialText
    issuer: IssuerText
    amount_fen: PositiveFen
    balance_before_fen: AmountFen
    online_sequence: Sequence2
    key_version: Literal[1]
    algorithm: Literal[0]
    random: Hex4
    mac1: Hex4

    def read(self) -> LoadRequest:
        """The same for the service."""
        return LoadRequest(
            self.application_serial,
            self.issuer.upper(),
            self.amount_fen,
            self.balance_before_fen,
            f"{self.online_sequence:04X}",
            self.random.upper(),
            self.mac1.upper(),
        )


class LoadAnswer(msgspec.Struct, frozen=True):
    """MAC2 and what it is taken over."""

    load_id: str
    date: str
    time: str
    mac2: str


class ConfirmationBody(RequestBody, frozen=True):
    """The card's receipt of a load."""

    tac: Hex4
    balance_after_fen: AmountFen


class ConfirmationAnswer(msgspec.Struct, frozen=True):
    """The posting of a load."""

    load_id: str
    posting_id: str


class ReductionBody(RequestBody, frozen=True):
    """Why a terminal charged less than the tariff, and by how much."""

    kind: Literal["transfer", "daily-cap", "monthly-cap", "concession", "age"]
    fen: AmountFen


class TapBody(RequestBody, frozen=True):
    """The card's receipt at a gate, on a bus, or at a counter that ends a ride.

    `station` is the line's code on a bus, the entry station of an adjustment, the station that was
    left without an entry.
    """

    application_serial: ApplicationSerialText
    issuer: IssuerText
    kind: Literal["entry", "exit", "single", "adjustment", "missing-entry"]
    station: Hex2
    amount_fen: AmountFen
    balance_after_fen: AmountFen
    offline_sequence: Sequence2
    terminal_sequence: Sequence4
    type: Literal["09"]
    date: DateText
    time: TimeText
    tac: Hex4
    entry_station: Hex2 | None = None
    reduction: ReductionBody | None = None

    def read(self) -> Tap:
        """The same for the service.

        Raises:
            RequestIsMalformed: the date is none, or kind and entry station disagree.
        """
        faults = day_faults(self.date)
        station = self.station.upper()
        entry_station = self.entry_station.upper() if self.entry_station else None
        if (entry_station is not None) != (self.kind in (EXIT, ADJUSTMENT)) or (
            self.kind == ADJUSTMENT and entry_station != station
        ):
            expected = "a station on exit, `station` on adjustment, null on any other"
            faults.append(Fault("entry_station", repr(self.entry_station), expected))
        if faults:
            raise RequestIsMalformed(faults)
        return Tap(
            self.application_serial,
            self.issuer.upper(),
            self.kind,
            station,
            entry_station,
            self.amount_fen,
            self.balance_after_fen,
            f"{self.offline_sequence:04X}",
            f"{self.terminal_sequence:08X}",
            self.date,
            self.time,
            self.tac.upper(),
            self.reduction.kind if self.reduction else None,
            self.reduction.fen if self.reduction else None,
        )


class TapBatchBody(RequestBody, frozen=True):
    """Taps as NDJSON: each line a tap as the route of one takes it."""

    lines: Annotated[str, msgspec.Meta(min_length=1, max_length=TAP_BATCH_MAX_BYTES)]


class PurchaseBody(RequestBody, frozen=True):
    """The card's receipt in a canteen or shop."""

    application_serial: ApplicationSerialText
    issuer: IssuerText
    amount_fen: PositiveFen
    balance_after_fen: AmountFen
    offline_sequence: Sequence2
    terminal_sequence: Sequence4
    type: Literal["06"]
    date: DateText
    time: TimeText
    tac: Hex4

    def read(self) -> Tap:
        """The same for the service.

        Raises:
            RequestIsMalformed: the date is none.
        """
        if faults := day_faults(self.date):
            raise RequestIsMalformed(faults)
        return Tap(
            self.application_serial,
            self.issuer.upper(),
            PURCHASE,
            "",
            None,
            self.amount_fen,
            self.balance_after_fen,
            f"{self.offline_sequence:04X}",
            f"{self.terminal_sequence:08X}",
            self.date,
            self.time,
            self.tac.upper(),
        )


class PurchaseAnswer(msgspec.Struct, frozen=True):
    """A purchase that was taken."""

    purchase_id: str
    tac: str
    posting_id: str


class ReductionAnswer(msgspec.Struct, frozen=True):
    """The reduction the terminal named."""

    kind: str
    fen: int


class RideAnswer(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A ride: tariff, what the terminal charged, and the reduction it named."""

    ride_id: str
    start: str
    end: str
    fare_fen: int
    charged_fen: int
    posting_id: str | None
    reduction: ReductionAnswer | None


class TapAnswer(msgspec.Struct, frozen=True):
    """A tap that was taken."""

    tap_id: str
    tac: str
    ride: RideAnswer | None


class RefusalBody(RequestBody, frozen=True):
    """A card the gate did not let through."""

    application_serial: ApplicationSerialText
    reason: Reason
    station: Hex2
    at: AwareMoment
    revocation_list_version: Annotated[int, msgspec.Meta(ge=0, le=EXACT_NUMBER_MAX)]

    def read(self) -> GateRefusal:
        """The same for the service."""
        return GateRefusal(
            self.application_serial,
            self.reason,
            self.station.upper(),
            moment_of(self.at),
            self.revocation_list_version,
        )


class RefusalAnswer(msgspec.Struct, frozen=True):
    """A refusal on record."""

    refusal_id: str


def ride_answer(ride: Ride) -> RideAnswer:
    """A ride as answered."""
    return RideAnswer(
        ride.ride_id,
        ride.start,
        ride.end,
        ride.fare_fen,
        ride.charged_fen,
        ride.posting_id,
        _reduction(ride),
    )


def _reduction(ride: Ride) -> ReductionAnswer | None:
    if ride.reduction_kind is None:
        return None
    return ReductionAnswer(ride.reduction_kind, ride.reduction_fen or 0)
