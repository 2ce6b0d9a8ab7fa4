"""What a clerk sees of a purse: its rides, refusals, loads and purchases."""

from __future__ import annotations

import msgspec
from msgspec.structs import asdict

from card_platform.services.transit.model import Ride
from card_platform.services.transit.service import PurseView
from card_platform.services.transit.shapes import RideAnswer, ride_answer


class RideOnRecord(RideAnswer, frozen=True, rename={"start": "from", "end": "to"}):
    """A ride as shown with the card; without entry tap the entry has not come."""

    entry_tap_id: str | None
    exit_tap_id: str
    at: str


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


class PurchaseOnRecord(msgspec.Struct, frozen=True):
    """A purchase as shown with the card."""

    purchase_id: str
    amount_fen: int
    terminal_number: str
    posting_id: str
    at: str


class PurseAnswer(msgspec.Struct, frozen=True):
    """A card's purse."""

    balance_fen: int
    rides: list[RideOnRecord]
    refusals: list[RefusalOnRecord]
    loads: list[LoadOnRecord]
    purchases: list[PurchaseOnRecord]


def ride_on_record(ride: Ride, entries: dict[str, str]) -> RideOnRecord:
    """A ride as shown with the card."""
    return RideOnRecord(
        **asdict(ride_answer(ride)),
        entry_tap_id=entries.get(ride.exit_tap_id),
        exit_tap_id=ride.exit_tap_id,
        at=ride.at,
    )


def purse_answer(view: PurseView) -> PurseAnswer:
    """A purse as answered."""
    return PurseAnswer(
        view.balance_fen,
        [ride_on_record(ride, view.entries) for ride in view.rides],
        [RefusalOnRecord(*row) for row in view.refusals],
        [LoadOnRecord(*row) for row in view.loads],
        [PurchaseOnRecord(*row) for row in view.purchases],
    )
