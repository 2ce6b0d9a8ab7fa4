"""What is seen of a purse: its rides, refusals, loads and purchases."""

from __future__ import annotations

import msgspec
from msgspec.structs import asdict

from card_platform.services.transit import purse_lists, store
from card_platform.services.transit.service import RideOnPurse, Transit
from card_platform.services.transit.shapes import RideAnswer, ride_answer
from card_platform.storage import Page, Paged, Transaction
from card_platform.web import CardList, CardView

PURSE_READERS = ("clerk", "operator", "holder", "agent")


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
    """A card's purse: the newest of each list, the latest first; `more` says where it goes on."""

    balance_fen: int
    rides: list[RideOnRecord]
    refusals: list[RefusalOnRecord]
    loads: list[LoadOnRecord]
    purchases: list[PurchaseOnRecord]
    more: dict[str, str | None]


class RidesAnswer(msgspec.Struct, frozen=True):
    """Rides, the latest first."""

    rides: list[RideOnRecord]
    next: str | None


class RefusalsAnswer(msgspec.Struct, frozen=True):
    """Refusals by gates, the latest first."""

    refusals: list[RefusalOnRecord]
    next: str | None


class LoadsAnswer(msgspec.Struct, frozen=True):
    """Loads, the latest first."""

    loads: list[LoadOnRecord]
    next: str | None


class PurchasesAnswer(msgspec.Struct, frozen=True):
    """Purchases, the latest first."""

    purchases: list[PurchaseOnRecord]
    next: str | None


def ride_on_record(found: RideOnPurse) -> RideOnRecord:
    """A ride as shown with the card."""
    ride = found.ride
    return RideOnRecord(
        **asdict(ride_answer(ride)),
        entry_tap_id=found.entry_tap_id,
        exit_tap_id=ride.exit_tap_id,
        at=ride.at,
    )


def purse_view(transit: Transit) -> CardView[str]:
    """The lists of a purse, by its application serial."""

    def rides(tx: Transaction, serial: str, page: Page) -> Paged[RideOnRecord]:
        return transit.rides(tx, serial, page).made(ride_on_record)

    def refusals(tx: Transaction, serial: str, page: Page) -> Paged[RefusalOnRecord]:
        return purse_lists.page_of_refusals(tx, serial, page).made(
            lambda row: RefusalOnRecord(**row)
        )

    def loads(tx: Transaction, serial: str, page: Page) -> Paged[LoadOnRecord]:
        return store.page_of_loads(tx, serial, page).made(lambda row: LoadOnRecord(**row))

    def purchases(tx: Transaction, serial: str, page: Page) -> Paged[PurchaseOnRecord]:
        return purse_lists.page_of_purchases(tx, serial, page).made(
            lambda row: PurchaseOnRecord(**row)
        )

    lists = (
        CardList("rides", "卡片乘车记录 · A card's rides", RidesAnswer, rides),
        CardList("refusals", "卡片被闸机拒绝记录 · A card's refusals", RefusalsAnswer, refusals),
        CardList("loads", "卡片圈存记录 · A card's loads", LoadsAnswer, loads),
        CardList("purchases", "卡片消费记录 · A card's purchases", PurchasesAnswer, purchases),
    )
    return CardView("transit", PURSE_READERS, transit.purse_of, lists)
