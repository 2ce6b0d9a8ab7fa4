"""A card torn out after every byte of every APDU: wholly before or wholly after, and the books
know.

For every transaction of the purse and of the medical purse: the clean dialogue is recorded, then
done again once for each byte of each of its commands and responses, the card losing its power
there. The holder then holds the card to the same terminal once more, and card and platform must
agree to the fen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from tests.agreement.conftest import Town
from tests.conftest import CountTears
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.card_os import Card
from virtual_cards.readers import (
    CardIsAbsent,
    Fault,
    FaultPlan,
    FaultyCard,
    tears_of,
)
from virtual_cards.terminals import (
    Admitted,
    Counter,
    Gate,
    LoadReceipt,
    NotPaid,
    Paid,
    Received,
    Sold,
    TurnedAway,
)

PURSE_FEN = 90_000
FARE_FEN_MAX = 1_000
PIN = "123456"


@dataclass
class Passenger:
    """A card in a town, and the terminals it is held to."""

    town: Town
    card: Card
    card_id: str
    counter: Counter
    entry: Gate
    exit: Gate

    def hold(self, plan: FaultPlan | None = None) -> FaultyCard:
        """Hold the card to the reader, with these faults to come."""
        held = FaultyCard(self.card, plan or FaultPlan())
        self.town.reader.insert(held)
        return held

    def fill_purse(self) -> None:
        """Load the purse when it is nearly empty."""
        if self.card.memory.values()["transit/balance_fen"] < FARE_FEN_MAX:  # type: ignore[operator]
            self.hold()
            self.counter.load(PURSE_FEN)

    def values(self) -> dict[str, object]:
        """Everything the card remembers."""
        return dict(self.card.memory.values())

    def both_sides_agree(self) -> None:
        """The card's balance is that of the books."""
        self.hold()
        on_card_fen = self.counter.read_purse().balance_fen
        assert self.town.desk.transit(self.card_id)["balance_fen"] == on_card_fen


@pytest.fixture(scope="module")
def passenger(found_town: Callable[[], Town]) -> Passenger:
    town = found_town()
    _, card_id, card = town.issue()
    made = Passenger(town, card.card, card_id, town.counter(), town.gate("0201"), town.gate("0207"))
    made.fill_purse()
    return made


def tears_in(passenger: Passenger, act: Callable[[], object]) -> list[Fault]:
    """A tear at every byte of the dialogue of an act that is done once, cleanly."""
    spoken: list[tuple[bytes, bytes]] = []

    class Listening(FaultyCard):
        def transmit(self, command: bytes) -> bytes:
            response = super().transmit(command)
            spoken.append((command, response))
            return response

    passenger.town.reader.insert(Listening(passenger.card, FaultPlan()))
    act()
    return tears_of(spoken)


def torn(passenger: Passenger, tear: Fault, act: Callable[[], object]) -> bool:
    """Do an act with one tear; whether the card had taken it. Never is it in between."""
    before = passenger.values()
    held = passenger.hold(FaultPlan((tear,)))
    with pytest.raises(CardIsAbsent):
        act()
    assert held.happened == [tear]
    after = passenger.values()
    changed = {name for name, value in after.items() if value != before[name]}
    assert not changed or len(changed) > 1, "one write of several was torn off"
    return bool(changed)


def test_rides_survive_a_tear_at_any_byte(passenger: Passenger, count_tears: CountTears) -> None:
    entering = tears_in(passenger, passenger.entry.enter)
    leaving = tears_in(passenger, passenger.exit.leave)
    taken = 0
    for tears, gate, act, back in (
        (entering, passenger.entry, passenger.entry.enter, passenger.exit.leave),
        (leaving, passenger.exit, passenger.exit.leave, passenger.entry.enter),
    ):
        if gate is passenger.exit:
            passenger.hold()
            assert isinstance(passenger.entry.enter(), Admitted)
        for tear in tears:
            passenger.fill_purse()
            happened = torn(passenger, tear, act)
            taken += happened
            passenger.hold()
            again = act()
            assert isinstance(again, Admitted), (tear, again)
            assert again.recovered is happened, tear
            passenger.hold()
            assert isinstance(back(), Admitted)
        passenger.both_sides_agree()
    check = passenger.town.desk.check_books()
    assert (check["balanced"], check["sum_fen"]) == (True, 0)
    count_tears("entry and exit", len(entering) + len(leaving), taken)


def test_loads_survive_a_tear_at_any_byte(
    found_town: Callable[[], Town], count_tears: CountTears
) -> None:
    town = found_town()
    _, card_id, card = town.issue()
    passenger = Passenger(
        town, card.card, card_id, town.counter(), town.gate("0201"), town.gate("0207")
    )
    loading = tears_in(passenger, lambda: passenger.counter.load(100))
    taken = 0
    for number, tear in enumerate(loading):
        happened = torn(passenger, tear, lambda: passenger.counter.load(100))
        taken += happened
        passenger.hold()
        receipt = passenger.counter.load(100)
        assert receipt.recovered is happened, tear
        assert receipt.balance_after_fen == 100 * (number + 2)
        passenger.both_sides_agree()
    count_tears("load", len(loading), taken)


def test_purchases_survive_a_tear_at_any_byte(
    found_town: Callable[[], Town], count_tears: CountTears
) -> None:
    town = found_town()
    _, card_id, card = town.issue()
    passenger = Passenger(
        town, card.card, card_id, town.counter(), town.gate("0201"), town.gate("0207")
    )
    till, bus, desk = town.till(), town.bus("B104"), town.station_desk()
    bills = iter(range(10_000))
    tears_done = taken = 0

    def enter() -> None:
        passenger.fill_purse()
        passenger.hold()
        assert isinstance(passenger.entry.enter(), Admitted)

    def sell(bill: int) -> Sold | TurnedAway:
        return till.sell(str(bill), 1)

    def board(_bill: int) -> Admitted | TurnedAway:
        return bus.board()

    def adjust(_bill: int) -> Admitted | TurnedAway:
        return desk.end_ride()

    acts: tuple[tuple[str, Callable[[], None], Callable[[int], object]], ...] = (
        ("purchase", passenger.fill_purse, sell),
        ("bus", passenger.fill_purse, board),
        ("adjustment", enter, adjust),
    )
    for name, prepare, act in acts:
        prepare()
        bill = next(bills)
        tears = tears_in(passenger, partial(act, bill))
        for tear in tears:
            prepare()
            bill = next(bills)
            happened = torn(passenger, tear, partial(act, bill))
            taken += happened
            passenger.hold()
            again = act(bill)
            assert isinstance(again, Admitted | Sold), (name, tear, again)
            assert again.recovered is happened, (name, tear)
        tears_done += len(tears)
        passenger.both_sides_agree()
    check = town.desk.check_books()
    assert (check["balanced"], check["sum_fen"]) == (True, 0)
    count_tears("purchase, bus and adjustment", tears_done, taken)


def test_the_medical_purse_survives_a_tear_at_any_byte(
    found_town: Callable[[], Town], count_tears: CountTears
) -> None:
    town = found_town()
    _, card_id, card = town.issue()
    town.desk.grant_medical_credit(card_id, 1, 1_000_000)
    passenger = Passenger(
        town, card.card, card_id, town.counter(), town.gate("0201"), town.gate("0207")
    )
    hospital = town.hospital()
    account = Account.CURRENT_YEAR
    passenger.hold()
    passenger.counter.load_medical(account, 50_000, PIN)
    patient = hospital.register()
    assert isinstance(patient, Received)
    bills = iter(range(10_000))

    def load(_bill: int) -> LoadReceipt:
        return passenger.counter.load_medical(account, 3, PIN)

    def pay(bill: int) -> Paid | NotPaid:
        return hospital.pay(patient.holder, str(bill), account, 7, PIN)

    tears_done = taken = 0
    for act in (load, pay):
        bill = next(bills)
        tears = tears_in(passenger, partial(act, bill))
        for tear in tears:
            bill = next(bills)
            happened = torn(passenger, tear, partial(act, bill))
            taken += happened
            passenger.hold()
            again = act(bill)
            assert isinstance(again, LoadReceipt | Paid), (tear, again)
            assert again.recovered is happened, tear
        tears_done += len(tears)
        on_card_fen = hospital.balance_fen(patient.holder, account)
        assert town.desk.medical(card_id)["balance_fen"]["1"] == on_card_fen
    check = town.desk.check_books()
    assert (check["balanced"], check["sum_fen"]) == (True, 0)
    count_tears("medical load and payment", tears_done, taken)
