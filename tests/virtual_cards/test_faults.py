"""Every kind of fault happens where the plan says, and money is where the terminal says it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.virtual_cards.desks import (
    NOW,
    Place,
    balance_fen,
    dead_line,
    made_card,
    medical_tac_is_right,
    parameters,
    tac_is_right,
)
from virtual_cards.card_os import Card
from virtual_cards.readers import (
    CardIsAbsent,
    Fault,
    FaultPlan,
    FaultPlanIsFaulty,
    FaultyCard,
    JumpingClock,
)
from virtual_cards.terminals import Admitted, Gate, HospitalDesk, Received, Settlement, Sold, Till
from virtual_cards.terminals.medical_desk import NotPaid
from virtual_cards.terminals.outcomes import TurnedAway

GET_BALANCE = bytes.fromhex("805C030204")
SELECT_PURSE = bytes.fromhex("00A4040008A000000632010105")
PIN = "123456"


def till_at(place: Place) -> Till:
    return Till(*place.kit, clock=place.clock)


def faulty(card: Card, *faults: Fault) -> FaultyCard:
    plan = FaultPlan(faults)
    plan.check()
    return FaultyCard(card, plan)


def test_a_stalled_card_answers_late_and_the_same() -> None:
    card, place = made_card(), Place()
    stalled = faulty(card, Fault(kind="stall", header="8054", seconds=0.01))
    place.hold(stalled)
    assert isinstance(till_at(place).sell("1", 100), Sold)
    assert [fault.kind for fault in stalled.happened] == ["stall"]


def test_a_mute_card_is_absent_and_has_not_acted() -> None:
    card, place = made_card(), Place()
    place.hold(faulty(card, Fault(kind="mute", header="8054", seconds=0.01)))
    with pytest.raises(CardIsAbsent):
        till_at(place).sell("1", 100)
    assert balance_fen(card) == 5_000


def test_a_fault_of_another_command_or_occurrence_does_not_happen() -> None:
    card = made_card()
    held = faulty(card, Fault(kind="corrupt", header="805C", occurrence=2))
    held.reset()
    held.transmit(SELECT_PURSE)
    assert held.transmit(GET_BALANCE)[-2:].hex() in {"9000", "6104"}
    assert held.happened == []
    held.transmit(GET_BALANCE)
    assert len(held.happened) == 1


def test_a_wrong_mac_to_the_card_moves_nothing() -> None:
    card, place = made_card(), Place()
    place.hold(faulty(card, Fault(kind="wrong-mac", header="8054", phase="command")))
    till = till_at(place)
    turned = till.sell("1", 100)
    assert isinstance(turned, TurnedAway)
    assert turned.reason == "card-not-genuine"
    assert balance_fen(card) == 5_000
    place.hold(card)
    sold = till.sell("1", 100)
    assert isinstance(sold, Sold)
    assert not sold.recovered
    assert balance_fen(card) == 4_900


def test_a_command_without_data_has_no_mac_to_be_wrong() -> None:
    card = made_card()
    held = faulty(card, Fault(kind="wrong-mac", header="805C", phase="command"))
    held.reset()
    held.transmit(SELECT_PURSE)
    assert held.transmit(GET_BALANCE)[-2:].hex() in {"9000", "6104"}


@pytest.mark.parametrize("byte", [*range(4, 10)], ids=lambda byte: f"byte {byte}")
def test_a_card_whose_answer_was_corrupted_after_it_paid_pays_once(byte: int) -> None:
    """The contactless face answers a debit with TAC, MAC2 and status in one go."""
    card, place = made_card(), Place()
    assert card.contactless is not None
    fault = Fault(kind="corrupt", header="8054", phase="response", byte=byte, mask=0x40)
    place.hold(faulty(card.contactless, fault))
    till = till_at(place)
    turned = till.sell("1", 100)
    assert isinstance(turned, TurnedAway)
    assert balance_fen(card) == 4_900, "the card has paid"
    place.hold(card.contactless)
    sold = till.sell("1", 100)
    assert isinstance(sold, Sold)
    assert sold.recovered
    assert tac_is_right(sold.purchase)
    assert balance_fen(card) == 4_900


def test_a_medical_payment_whose_answer_was_corrupted_is_paid_once() -> None:
    card, place = made_card(medical_fen=3_000), Place()
    assert card.contactless is not None
    fault = Fault(kind="wrong-mac", header="B02C", phase="response")
    place.hold(faulty(card.contactless, fault))
    reader, module, told = place.kit
    with dead_line() as line:
        desk = HospitalDesk(reader, module, told, line, clock=place.clock)
        patient = desk.register()
        assert isinstance(patient, Received)
        assert isinstance(desk.settle(patient.holder, "1", 500, PIN), NotPaid)
        place.hold(card.contactless)
        settled = desk.settle(patient.holder, "1", 500, PIN)
    assert isinstance(settled, Settlement)
    (paid,) = settled.payments
    assert paid.recovered
    assert medical_tac_is_right(paid.payment)


def test_a_clock_that_jumps_writes_the_time_it_shows_and_ages_the_list() -> None:
    card, place = made_card(), Place()
    clock = JumpingClock(place.clock)
    day_s = 86_400.0
    jumping = FaultyCard(
        card,
        FaultPlan((Fault(kind="clock-jump", header="00A4", seconds=-day_s),)),
        on_clock_jump=clock.jump,
    )
    place.hold(jumping)
    gate = Gate(*place.kit, station="0201", clock=clock)
    entered = gate.enter()
    assert isinstance(entered, Admitted)
    assert entered.tap.date == f"{NOW - timedelta(days=1):%Y%m%d}"
    clock.jump(3 * day_s)  # two days ahead now: the list is older than a day
    gate.use_parameters(parameters())
    left = gate.leave()
    assert isinstance(left, TurnedAway)
    assert left.reason == "revocation-list-too-old"


def test_a_plan_is_drawn_alike_from_one_seed() -> None:
    commands = [SELECT_PURSE, GET_BALANCE]
    assert FaultPlan.draw(7, commands, 20) == FaultPlan.draw(7, commands, 20)
    assert FaultPlan.draw(7, commands, 20) != FaultPlan.draw(8, commands, 20)
    with pytest.raises(FaultPlanIsFaulty, match="seconds: found 1000000000"):
        FaultPlan((Fault(kind="mute", seconds=1e9),)).check()
