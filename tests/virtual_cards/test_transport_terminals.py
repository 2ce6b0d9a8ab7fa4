"""Bus validators, station desks and gates on a card with a day state: what a ride costs, and when a
card is not taken.
"""

from __future__ import annotations

import pytest

from tests.virtual_cards.desks import (
    HOLDER,
    HSM,
    Clock,
    Place,
    balance_fen,
    certify,
    made_card,
    parameters,
    tac_is_right,
)
from virtual_cards.applets.certificates import CertificateKind
from virtual_cards.card_os import Card
from virtual_cards.issuer import card_image
from virtual_cards.personalisation import load_card
from virtual_cards.readers import CardIsAbsent, Fault, FaultPlan, FaultyCard
from virtual_cards.terminals import (
    Admitted,
    BusLineIsUnknown,
    BusValidator,
    Gate,
    StationDesk,
    Tap,
    TerminalParameters,
    TurnedAway,
)
from virtual_cards.terminals.day_state import DayState
from virtual_cards.terminals.reports import Reduction


class Town:
    """A gate at either end of a line, two buses and a station desk, all at one reader."""

    def __init__(self, told: TerminalParameters | None = None) -> None:
        self.place = Place()
        self.clock: Clock = self.place.clock
        reader, module, default = self.place.kit
        kit = reader, module, told or default
        self.gates = {each: Gate(*kit, station=each, clock=self.clock) for each in ("0201", "0205")}
        self.buses = {
            each: BusValidator(*kit, bus_line=each, clock=self.clock) for each in ("8001", "8002")
        }
        self.desk = StationDesk(*kit, clock=self.clock)

    def hold(self, card: Card) -> None:
        self.place.hold(card)

    def ride(self) -> Tap:
        """A ride by metro of twenty minutes."""
        assert isinstance(self.gates["0201"].enter(), Admitted)
        self.clock.wait(minutes=20)
        left = self.gates["0205"].leave()
        assert isinstance(left, Admitted), left
        return left.tap

    def board(self, line: str = "8001") -> Tap:
        aboard = self.buses[line].board()
        assert isinstance(aboard, Admitted), aboard
        assert tac_is_right(aboard.tap)
        return aboard.tap


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def card(town: Town) -> Card:
    card = made_card(5_000)
    town.hold(card)
    return card


def day_state(card: Card) -> DayState:
    records = card.memory.values()["transit/19"]
    assert isinstance(records, tuple)
    state = DayState.parse(records[0])
    assert state is not None
    return state


def test_a_bus_ride_costs_the_fare_of_the_line(town: Town, card: Card) -> None:
    tap = town.board()
    assert (tap.kind, tap.station, tap.entry_station) == ("single", "8001", None)
    assert (tap.amount_fen, tap.balance_after_fen, tap.reduction) == (200, 4_800, None)
    journeys = card.memory.values()["transit/1E"]
    assert isinstance(journeys, tuple)
    assert journeys[0].hex().upper() == (
        "06" + "0000500000000001" + "02" + "8001" + "8001" + "FFFF" + "00" + "000000C8" + "000012C0"
        "20260504081500" + "5000" + "50000001FFFFFFFF" + "000000000000"
    )
    assert card.memory.values()["transit/1A"] == made_card().memory.values()["transit/1A"]


def test_a_transfer_within_the_hour_costs_less(town: Town, card: Card) -> None:
    town.board()
    town.clock.wait(minutes=60)
    second = town.board("8002")
    assert (second.amount_fen, second.reduction) == (200, Reduction("transfer", 100))
    town.clock.wait(minutes=60, seconds=1)
    assert town.board("8002").reduction is None
    state = day_state(card)
    assert (state.rides, state.spent_fen, state.saved_fen) == (3, 200 + 200 + 300, 100)


def test_from_metro_to_bus_and_back_is_a_transfer(town: Town, card: Card) -> None:
    ride = town.ride()
    assert (ride.amount_fen, ride.reduction) == (400, None)
    town.clock.wait(minutes=10)
    assert town.board().reduction == Reduction("transfer", 100)
    back = town.ride()
    assert back.reduction == Reduction("transfer", 100), "it began just after the bus"
    assert balance_fen(card) == 5_000 - 400 - 100 - 300


def test_from_metro_to_metro_is_no_transfer(town: Town, card: Card) -> None:
    assert [town.ride().reduction for _ in range(2)] == [None, None]
    assert balance_fen(card) == 4_200


def test_the_cap_of_the_day_ends_with_the_day(town: Town, card: Card) -> None:
    paid = [town.board("8002").amount_fen for _ in range(6)]
    assert paid == [300, 200, 200, 200, 100, 0]
    assert sum(paid) == 1_000
    town.clock.wait(hours=24)
    town.buses["8002"].use_parameters(parameters(revocation_list_age_max_s=None))
    assert town.board("8002").amount_fen == 300
    assert day_state(card).rides == 1


def test_the_cap_of_the_month_holds_over_its_days_and_ends_with_it() -> None:
    town = Town(parameters(monthly_cap_fen=1_500, revocation_list_age_max_s=None))
    card = made_card(5_000)
    town.hold(card)
    first = [town.ride().amount_fen for _ in range(3)]
    assert first == [400, 400, 200], "the cap of the day"
    town.clock.wait(hours=24)
    second = [town.ride() for _ in range(2)]
    assert [each.amount_fen for each in second] == [400, 100]
    assert second[1].reduction == Reduction("monthly-cap", 300)
    state = day_state(card)
    assert (state.month, state.month_spent_fen, state.spent_fen) == ("202605", 1_500, 500)
    town.clock.wait(days=29)
    assert town.ride().amount_fen == 400
    assert (day_state(card).month, day_state(card).month_spent_fen) == ("202606", 400)


def test_a_day_state_from_before_months_were_kept_counts_from_nothing() -> None:
    town = Town(parameters(monthly_cap_fen=500))
    image = card_image(HSM, HOLDER, balance_fen=5_000)
    old = (
        "19013D01" + "20260504" + "01" + "0000012C" + "00000000" + "20260504070000" + "01" + "0205"
    )
    image["transit"]["files"]["19"] = {"01": old.ljust(128, "0")}
    town.hold(load_card(image).card)
    assert [town.ride().amount_fen for _ in range(2)] == [400, 100]


@pytest.mark.parametrize(
    ("file_17", "amount_fen"),
    [
        ("0001" + "02", 0),
        ("0001" + "05" + "2026", 100),
        ("0001" + "05" + "2025", 200),
        ("0001" + "00", 200),
        ("0001" + "05" + "FFFF", 100),
    ],
    ids=["senior", "child", "a child no longer", "neither", "no year"],
)
def test_the_type_of_a_card_lowers_the_fare(file_17: str, amount_fen: int) -> None:
    ages = [
        {"kind": "senior", "card_type": "02", "reduction_percent": 100},
        {"kind": "child", "card_type": "05", "reduction_percent": 50},
    ]
    town = Town(parameters(age_concessions=ages))
    image = card_image(HSM, HOLDER, balance_fen=5_000)
    image["transit"]["files"]["17"] = ("00000156" + "5000" + "5000" + file_17).ljust(120, "0")
    town.hold(load_card(image).card)
    tap = town.board()
    reduction = None if amount_fen == 200 else Reduction("age", 200 - amount_fen)
    assert (tap.amount_fen, tap.reduction) == (amount_fen, reduction)


def test_a_card_without_an_entry_is_let_out_at_the_desk_for_the_fare_of_that() -> None:
    town = Town(parameters(missing_entry_fare_fen=800))
    card = made_card(5_000)
    town.hold(card)
    refused = town.gates["0205"].leave()
    assert isinstance(refused, TurnedAway)
    assert refused.reason == "missing-entry"
    nowhere = town.desk.let_out()
    assert isinstance(nowhere, TurnedAway)
    assert nowhere.reason == "missing-entry"
    kit = town.place.reader, town.place.module, town.desk.parameters
    desk = StationDesk(*kit, station="0205", clock=town.clock)
    out = desk.let_out()
    assert isinstance(out, Admitted), out
    assert (out.tap.kind, out.tap.station, out.tap.entry_station) == ("missing-entry", "0205", None)
    assert (out.tap.amount_fen, balance_fen(card)) == (800, 4_200)
    assert tac_is_right(out.tap)
    assert isinstance(town.gates["0201"].enter(), Admitted)
    inside = desk.let_out()
    assert isinstance(inside, TurnedAway)
    assert inside.reason == "missing-exit"
    town.hold(made_card(799))
    poor = desk.let_out()
    assert isinstance(poor, TurnedAway)
    assert poor.reason == "insufficient-balance"


@pytest.mark.parametrize(
    ("kinds", "until", "amount_fen"),
    [
        (["disability"], "20301231", 100),
        (["disability", "veteran"], "20301231", 0),
        (["disability"], "20260503", 200),
    ],
    ids=["half", "the better of two", "expired yesterday"],
)
def test_a_certificate_lowers_the_fare(
    town: Town, card: Card, kinds: list[str], until: str, amount_fen: int
) -> None:
    for kind in kinds:
        certify(card, CertificateKind[kind.upper()], until)
    tap = town.board()
    assert tap.amount_fen == amount_fen
    assert (tap.reduction is None) == (amount_fen == 200)


def test_a_certificate_counts_at_the_gate_too(town: Town, card: Card) -> None:
    certify(card, CertificateKind.DISABILITY)
    assert town.ride().reduction == Reduction("concession", 200)


def test_a_card_without_a_day_state_pays_in_full(town: Town) -> None:
    image = card_image(HSM, HOLDER, balance_fen=5_000) | {"version": 1}
    del image["social_security"]
    town.hold(load_card(image).card)
    assert [town.board("8002").amount_fen for _ in range(5)] == [300] * 5


@pytest.mark.parametrize(("minutes", "pays_again"), [(1, False), (5, False), (6, True)])
def test_a_lost_answer_is_recovered_only_for_the_same_ride(
    town: Town, card: Card, minutes: int, pays_again: bool
) -> None:
    lost = Fault(kind="tear", header="8054", phase="response", byte=0)
    town.place.reader.insert(FaultyCard(card, FaultPlan((lost,))))
    with pytest.raises(CardIsAbsent):
        town.buses["8001"].board()
    assert balance_fen(card) == 4_800
    town.hold(card)
    town.clock.wait(minutes=minutes)
    again = town.buses["8001"].board()
    assert isinstance(again, Admitted)
    assert again.recovered is not pays_again
    taps = [each for each in town.buses["8001"].journal.unsent if isinstance(each, Tap)]
    assert [each.offline_sequence for each in taps] == list(range(1 + pays_again))
    assert all(tac_is_right(each) for each in taps)
    assert balance_fen(card) == (4_800 if not pays_again else 4_700)


def test_a_missing_exit_is_settled_at_the_station_desk(town: Town, card: Card) -> None:
    town.gates["0201"].enter()
    stopped = town.gates["0205"].enter()
    assert isinstance(stopped, TurnedAway)
    assert stopped.reason == "missing-exit"
    settled = town.desk.end_ride()
    assert isinstance(settled, Admitted)
    assert (settled.tap.kind, settled.tap.amount_fen) == ("adjustment", 700)
    assert (settled.tap.station, settled.tap.entry_station) == ("0201", "0201")
    assert balance_fen(card) == 4_300
    assert isinstance(town.gates["0205"].enter(), Admitted)
    assert isinstance(town.gates["0201"].leave(), Admitted)
    nothing = town.desk.end_ride()
    assert isinstance(nothing, TurnedAway)
    assert nothing.reason == "missing-entry"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"revocation_list": {"serials": [HOLDER.application_serial.hex()]}},
         "card-on-revocation-list"),
        ({"revocation_list": {"issued_at": "2026-05-03T08:14:59+08:00"}},
         "revocation-list-too-old"),
    ],
)  # fmt: skip
def test_the_revocation_list_decides_while_it_is_young(
    told: dict[str, dict[str, object]], reason: str
) -> None:
    changes = told["revocation_list"]
    listed = {
        "version": 8,
        "issued_at": changes.get("issued_at", "2026-05-03T08:15:00+08:00"),
        "application_serials": changes.get("serials", []),
    }
    town = Town(parameters(revocation_list=listed))
    card = made_card()
    town.hold(card)
    before = card.memory.values()
    for outcome in (town.buses["8001"].board(), town.gates["0201"].enter(), town.desk.end_ride()):
        assert isinstance(outcome, TurnedAway)
        assert (outcome.reason, outcome.refusal.revocation_list_version) == (reason, 8)
    assert card.memory.values() == before


def test_an_expired_card_and_an_empty_one_stay_outside(town: Town, card: Card) -> None:
    town.clock.wait(days=3650)
    expired = Town()
    expired.place.clock.now = town.clock.now
    expired.hold(card)
    fresh = parameters(revocation_list_age_max_s=None)
    expired.buses["8001"].use_parameters(fresh)
    outcome = expired.buses["8001"].board()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "card-expired"
    poor = Town()
    poor.hold(made_card(199))
    outcome = poor.buses["8001"].board()
    assert isinstance(outcome, TurnedAway)
    assert outcome.reason == "insufficient-balance"


def test_a_bus_needs_a_line_it_knows(town: Town) -> None:
    reader, module, told = town.place.kit
    with pytest.raises(BusLineIsUnknown, match="no bus line 8009; the parameters have 8001, 8002"):
        BusValidator(reader, module, told, bus_line="8009", clock=town.clock)


def test_a_withdrawn_certificate_takes_nothing_off_whatever_the_card_says(
    town: Town, card: Card
) -> None:
    certify(card, CertificateKind.DISABILITY)
    assert town.board().reduction is not None
    bus = town.buses["8001"]
    serial = town.board().application_serial
    town.clock.wait(minutes=61)
    listed = [{"application_serial": serial.lower(), "kind": "veteran"}]
    bus.use_parameters(parameters(withdrawn_certificates=listed))
    assert town.board().reduction is not None
    town.clock.wait(minutes=61)
    listed.append({"application_serial": serial.lower(), "kind": "disability"})
    bus.use_parameters(parameters(withdrawn_certificates=listed))
    assert town.board().reduction is None
