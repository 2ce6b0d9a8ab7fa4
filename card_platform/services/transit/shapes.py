"""Request and answer shapes of transit, as in docs/interfaces.md, section 4.

Hexadecimal is taken in either case and kept in upper case.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from card_platform.services.transit.matching import ENTRY
from card_platform.services.transit.model import LoadRequest, Ride, Tap
from card_platform.services.transit.service import GateRefusal, PurseView
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.moment import moment_of
from card_platform.vocabulary.money import AMOUNT_MAX_FEN
from card_platform.web.request_body import RequestBody, RequestIsMalformed

ApplicationSerialText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{20}$")]
IssuerText = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{16}$")]
Hex2 = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{4}$")]
Hex4 = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{8}$")]
Sequence2 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF)]
Sequence4 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFF_FFFF)]
AmountFen = Annotated[int, msgspec.Meta(ge=0, le=AMOUNT_MAX_FEN)]
PositiveFen = Annotated[int, msgspec.Meta(gt=0, le=AMOUNT_MAX_FEN)]
DateText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{8}$")]
TimeText = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$")]
AwareMoment = Annotated[datetime, msgspec.Meta(tz=True)]
Reason = Literal[
    "card-on-revocation-list",
    "insufficient-balance",
    "card-expired",
    "missing-exit",
    "missing-entry",
    "card-not-genuine",
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


class TapBody(RequestBody, frozen=True):
    """The card's receipt at a gate."""

    application_serial: ApplicationSerialText
    issuer: IssuerText
    kind: Literal["entry", "exit"]
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

    def read(self) -> Tap:
        """The same for the service.

        Raises:
            RequestIsMalformed: the date is none, or kind and entry station disagree.
        """
        faults = []
        try:
            date(int(self.date[:4]), int(self.date[4:6]), int(self.date[6:]))
        except ValueError:
            faults.append(Fault("date", repr(self.date), "a day, YYYYMMDD"))
        if (self.entry_station is None) != (self.kind == ENTRY):
            expected = "null on entry, a station on exit"
            faults.append(Fault("entry_station", repr(self.entry_station), expected))
        if faults:
            raise RequestIsMalformed(faults)
        return Tap(
            self.application_serial,
            self.issuer.upper(),
            self.kind,
            self.station.upper(),
            self.entry_station.upper() if self.entry_station else None,
            self.amount_fen,
            self.balance_after_fen,
            f"{self.offline_sequence:04X}",
            f"{self.terminal_sequence:08X}",
            self.date,
            self.time,
            self.tac.upper(),
        )


class RideAnswer(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A ride: tariff and what the gate charged."""

    ride_id: str
    start: str
    end: str
    fare_fen: int
    charged_fen: int
    posting_id: str | None


class RideOnRecord(RideAnswer, frozen=True, rename={"start": "from", "end": "to"}):
    """A ride as shown with the card; without entry tap the entry has not come."""

    entry_tap_id: str | None
    exit_tap_id: str
    at: str


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
    revocation_list_version: Annotated[int, msgspec.Meta(ge=0)]

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


class RefusalOnRecord(msgspec.Struct, frozen=True):
    """A refusal as shown with the card."""

    refusal_id: str
    reason: str
    station: str
    at: str
    revocation_list_version: int
    terminal_number: str


class LoadOnRecord(msgspec.Struct, frozen=True):
    """A load as shown with the card; without posting it was never confirmed."""

    load_id: str
    amount_fen: int
    online_sequence: str
    posting_id: str | None
    at: str


class PurseAnswer(msgspec.Struct, frozen=True):
    """A card's purse."""

    balance_fen: int
    rides: list[RideOnRecord]
    refusals: list[RefusalOnRecord]
    loads: list[LoadOnRecord]


def ride_answer(ride: Ride) -> RideAnswer:
    """A ride as answered."""
    return RideAnswer(
        ride.ride_id,
        ride.start,
        ride.end,
        ride.fare_fen,
        ride.charged_fen,
        ride.posting_id,
    )


def ride_on_record(ride: Ride, entries: dict[str, str]) -> RideOnRecord:
    """A ride as shown with the card."""
    return RideOnRecord(
        ride.ride_id,
        ride.start,
        ride.end,
        ride.fare_fen,
        ride.charged_fen,
        ride.posting_id,
        entries.get(ride.exit_tap_id),
        ride.exit_tap_id,
        ride.at,
    )


def purse_answer(view: PurseView) -> PurseAnswer:
    """A purse as answered."""
    return PurseAnswer(
        view.balance_fen,
        [ride_on_record(ride, view.entries) for ride in view.rides],
        [RefusalOnRecord(*row) for row in view.refusals],
        [LoadOnRecord(*row) for row in view.loads],
    )
