"""The tables of the life cycles: whatever they lack is refused, and the page in docs is theirs."""

from __future__ import annotations

import random
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from card_platform.issuance.diagrams import PAGE, life_cycle_page
from card_platform.issuance.functions import functions_after
from card_platform.issuance.lifecycle import (
    ELECTRONIC_STATE,
    ENDED_STATES,
    FINANCIAL_LIFE,
    FROZEN_STATES,
    LIFECYCLE,
    PIN_LIFE,
    REVOKED_STATES,
    SOCIAL_SECURITY_LIFE,
    CardAction,
    CardState,
    FunctionAction,
    FunctionState,
    PinAction,
    PinState,
    next_in,
)
from card_platform.issuance.refusals import CardStateForbids
from card_platform.issuance.registers import CardFunctions
from tests.card_platform.city import City, document

Table = Mapping[Any, Mapping[Any, StrEnum]]
SEED = 20_261_122
STEPS = 60


@pytest.mark.parametrize(
    ("table", "states", "actions"),
    [
        (LIFECYCLE, CardState, CardAction),
        (PIN_LIFE, PinState, PinAction),
        (SOCIAL_SECURITY_LIFE, FunctionState, FunctionAction),
        (FINANCIAL_LIFE, FunctionState, FunctionAction),
    ],
    ids=["card", "PIN", "social security", "financial"],
)
def test_every_pair_is_a_row_or_refused_and_every_state_is_reached(
    table: Table, states: type[StrEnum], actions: type[StrEnum]
) -> None:
    assert set(table) == set(states)
    for state in states:
        for action in actions:
            if action in table[state]:
                assert next_in(table, state, action) is table[state][action]
            else:
                with pytest.raises(CardStateForbids):
                    next_in(table, state, action)
    reached, waiting = set(), [next(iter(states))]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += table[state].values()
    assert reached == set(states)


def test_only_an_active_card_works_and_an_ended_one_stays_ended() -> None:
    assert {s for s in CardState if ELECTRONIC_STATE[s] == "active"} == {CardState.ACTIVE}
    assert {s for s in CardState if not LIFECYCLE[s]} == ENDED_STATES
    assert {s for s in CardState if ELECTRONIC_STATE[s] == "frozen"} == FROZEN_STATES
    worked = {CardState.APPLIED, CardState.IN_PRODUCTION, CardState.READY, CardState.ACTIVE}
    assert set(CardState) - REVOKED_STATES == worked
    held = CardFunctions(PinState.SET, FunctionState.CLOSED, FunctionState.OPEN)
    for state in CardState:
        moved = functions_after(held, state)
        assert (moved.financial is FunctionState.OPEN) is (state is CardState.ACTIVE)
        assert (moved.social_security is FunctionState.OPEN) is (state is CardState.ACTIVE)


def test_the_page_of_life_cycles_is_drawn_from_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == life_cycle_page(), (
        "run python -m card_platform.issuance.diagrams"
    )


def test_a_random_life_goes_by_the_table_and_a_refused_step_changes_nothing(city: City) -> None:
    print(f"seed {SEED}")
    chosen = random.Random(SEED)
    shown = {"document": document()}
    requests: dict[CardAction, tuple[str, Any, str]] = {
        CardAction.PERSONALISE: ("personalisation", {}, "production"),
        CardAction.ACTIVATE: ("activation", shown, "clerk"),
        CardAction.REPORT_LOSS_ORALLY: ("loss-report", {"kind": "oral"}, "clerk"),
        CardAction.REPORT_LOSS: ("loss-report", {"kind": "formal"}, "clerk"),
        CardAction.RESTORE: ("restoration", shown | {"reason": "找到了"}, "clerk"),
        CardAction.FREEZE: ("freeze", {"ground": "stolen"}, "supervisor"),
        CardAction.LIFT_FREEZE: ("freeze-lift", {"decision": "解除"}, "supervisor"),
    }
    card_id, _ = city.active_card()
    state = CardState.ACTIVE
    for _ in range(STEPS):
        action = chosen.choice(list(requests))
        what, body, caller = requests[action]
        before = _seen(city, card_id)
        answer = city.post(f"/v1/cards/{card_id}/{what}", body, caller)
        if action in LIFECYCLE[state]:
            state = LIFECYCLE[state][action]
            assert answer.json()["state"] == state
        else:
            assert answer.json()["code"] == "card-state-forbids"
            assert _seen(city, card_id) == before


def _seen(city: City, card_id: str) -> list[Any]:
    parts = ("", "/history", "/record", "/transit")
    return [city.get(f"/v1/cards/{card_id}{part}").json() for part in parts]
