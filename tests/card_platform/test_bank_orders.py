"""Orders to banks: once only, and every fen accounted for whatever the bank does."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.settlement.bank_orders.refusals import OrderDecisionIsOnesOwn
from card_platform.storage import Transaction
from card_platform.use_cases import build_use_cases
from tests.card_platform.city import City, document
from tests.card_platform.test_banks import ACCOUNT, BANK, change, sign_in
from tests.card_platform.test_transfers import code

PAYER = "operator:labour-agency"
CLEARING, OWED = f"clearing:{BANK}", f"bank:{BANK}"
UNDER_WAY = {"held", "ordered", "unknown", "accepted"}
"""The money is on the clearing account."""
DAY_S = 86_400


def ready_account(city: City, sequence: int = 1, bank: str = BANK) -> str:
    """A card with a bank account that is loaded, and an operator that pays."""
    city.post("/v1/ledger/accounts", {"name": PAYER}, "operator")
    card_id, _ = city.active_card(sequence)
    shown = {"document": document(sequence)}
    assert change(city, card_id, "open", bank=bank, **shown).status_code == 200
    contract = city.get(f"/v1/cards/{card_id}/bank-contract", "clerk").json()["contract_id"]
    loading = f"/v1/bank-contracts/{contract}/loading"
    assert city.post(loading, ACCOUNT, sign_in(city, bank)).status_code == 200
    return card_id


def order(city: City, card_id: str, number: int, amount_fen: int = 100, **more: Any) -> Any:
    body = {"client_id": f"o-{card_id[-6:]}-{number}", "card_id": card_id, "source": PAYER}
    whole = {**body, "amount_fen": amount_fen, "purpose": "劳务费", **more}
    return city.post("/v1/bank-orders", whole, "operator")


def behave(city: City, **conduct: Any) -> None:
    answer = city.post(f"/v1/simulated-banks/{BANK}/conduct", conduct, "trainer")
    assert answer.status_code == 200, answer.text


def wait(city: City, seconds: int) -> None:
    assert city.post("/v1/clock", {"advance_s": seconds}, "trainer").status_code == 200


def states(city: City) -> Counter[str]:
    """Every order's state; whatever it is, the clearing account holds what is under way."""
    orders = city.get("/v1/bank-orders?limit=200", "auditor").json()["orders"]
    under_way = sum(each["amount_fen"] for each in orders if each["state"] in UNDER_WAY)
    settled = sum(each["amount_fen"] for each in orders if each["state"] == "settled")
    held = city.balances()
    told = {name: held.get(name, 0) for name in (PAYER, CLEARING, OWED)}
    assert told == {PAYER: -(under_way + settled), CLEARING: under_way, OWED: settled}
    assert city.get("/v1/ledger/check").json()["balanced"]
    return Counter(each["state"] for each in orders)


def test_an_order_settles_and_the_money_is_owed_to_the_bank(city: City) -> None:
    card_id = ready_account(city)
    made = order(city, card_id, 1, 12_345)
    assert (made.status_code, made.json()["state"]) == (201, "ordered")
    assert states(city) == {"ordered": 1}
    wait(city, 1)
    assert states(city) == {"settled": 1}
    again = order(city, card_id, 1, 12_345).json()
    assert (again["order_id"], again["state"]) == (made.json()["order_id"], "settled")
    assert code(order(city, card_id, 1, 12_346)) == "bank-order-id-reused"
    wait(city, DAY_S)
    assert states(city) == {"settled": 1}


def test_what_cannot_be_ordered_is_refused_by_name(city: City) -> None:
    card_id = ready_account(city)
    other_id, _ = city.active_card(2)
    assert code(order(city, other_id, 1)) == "bank-account-not-loaded"
    assert code(order(city, "card-" + "0" * 28, 1)) == "card-unknown"
    assert code(order(city, card_id, 1, 0)) == "amount-not-positive"
    assert code(order(city, card_id, 1, source="operator:none")) == "account-unknown"
    city.post("/v1/ledger/accounts", {"name": "personal:a"}, "operator")
    assert code(order(city, card_id, 1, source="personal:a")) == "insufficient-balance"
    assert states(city) == {}
    change(city, card_id, "close")
    assert code(order(city, card_id, 1)) == "bank-account-not-loaded"
    assert code(city.get("/v1/bank-orders/none", "auditor")) == "bank-order-unknown"
    nobodys = city.post("/v1/simulated-banks/no-bank/conduct", {}, "trainer")
    assert code(nobodys) == "bank-unknown"


def test_two_cards_that_race_with_one_client_id_get_one_order(city: City) -> None:
    cards = [ready_account(city), ready_account(city, 2)]
    for number in range(5):
        with ThreadPoolExecutor(2) as both:
            ids = {"client_id": f"race-{number}"}
            answers = list(both.map(lambda card, ids=ids: order(city, card, 0, **ids), cards))
        assert sorted(each.status_code for each in answers) == [201, 409]
        assert {code(each) for each in answers if each.status_code == 409} == {
            "bank-order-id-reused"
        }
    assert states(city) == {"ordered": 5}


def test_while_the_bank_is_down_orders_wait_and_go_later(city: City) -> None:
    card_id = ready_account(city)
    behave(city, down=True)
    order(city, card_id, 1)
    wait(city, 1)
    wait(city, 3600)
    assert states(city) == {"ordered": 1}
    behave(city)
    wait(city, 3600)
    assert states(city) == {"settled": 1}


def test_a_slow_bank_accepts_first(city: City) -> None:
    card_id = ready_account(city)
    behave(city, slow_s=3600)
    order(city, card_id, 1)
    wait(city, 1)
    assert states(city) == {"accepted": 1}
    wait(city, 600)
    assert states(city) == {"accepted": 1}
    wait(city, 3600)
    assert states(city) == {"settled": 1}


def test_refused_money_goes_back_with_the_banks_reason(city: City) -> None:
    card_id = ready_account(city)
    behave(city, refuse_percent=100, refuse_reason="account-closed")
    order_id = order(city, card_id, 1).json()["order_id"]
    wait(city, 1)
    assert states(city) == {"refused": 1}
    told = city.get(f"/v1/bank-orders/{order_id}", "supervisor").json()
    assert (told["reason"], told["due_at"]) == ("account-closed", None)


def test_money_comes_back_days_after_it_was_settled(city: City) -> None:
    card_id = ready_account(city)
    behave(city, return_percent=100, return_after_days=3)
    order(city, card_id, 1)
    wait(city, 1)
    assert states(city) == {"settled": 1}
    wait(city, 2 * DAY_S)
    assert states(city) == {"settled": 1}
    wait(city, DAY_S)
    assert states(city) == {"returned": 1}
    wait(city, DAY_S)
    assert states(city) == {"returned": 1}


def test_an_order_whose_answer_was_lost_is_asked_about_and_not_sent_twice(city: City) -> None:
    card_id = ready_account(city)
    behave(city, lose_percent=100)
    order(city, card_id, 1)
    wait(city, 1)
    assert states(city) == {"unknown": 1}
    wait(city, 60)
    assert states(city) == {"settled": 1}


@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        (1, {"refused": 4, "returned": 3, "settled": 5}),
        (2, {"refused": 7, "returned": 1, "settled": 4}),
    ],
)
def test_a_seed_repeats_what_a_bank_refuses_and_returns(
    city: City, seed: int, expected: dict[str, int]
) -> None:
    card_id = ready_account(city)
    behave(city, seed=seed, refuse_percent=30, return_percent=30, lose_percent=30, slow_s=60)
    for number in range(12):
        body = {"client_id": f"same-{number}"}
        assert order(city, card_id, number, number + 1, **body).status_code == 201
    wait(city, 1)
    states(city)
    for _ in range(3):
        wait(city, 600)
        states(city)
    wait(city, 4 * DAY_S)
    assert states(city) == expected


def test_a_fund_pays_nobody_by_order_and_a_frozen_card_is_paid_nothing(city: City) -> None:
    card_id = ready_account(city)
    for source in ("fund:pension", "medical-fund", "fund:unheard-of"):
        assert code(order(city, card_id, 1, source=source)) == "fund-pays-by-payouts"
    assert code(order(city, card_id, 1, source="no-kind:x")) == "account-unknown"
    city.post(f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
    assert code(order(city, card_id, 1)) == "payee-frozen"
    city.post(f"/v1/cards/{card_id}/freeze-lift", {"decision": "查无此事"}, "supervisor")
    assert order(city, card_id, 1).status_code == 201
    city.post(f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
    assert order(city, card_id, 1).status_code == 201, "the same again is answered as it stands"
    assert len(city.get("/v1/bank-orders", "auditor").json()["orders"]) == 1


def test_who_placed_an_order_does_not_decide_on_it(city: City, installation: Installation) -> None:
    card_id = ready_account(city)
    told = order(city, card_id, 1).json()
    parts = installation
    orders = build_use_cases(parts.policy, parts.keys, parts.clock).bank_orders
    placed_by = parts.database.write_now(lambda tx: orders.look(tx, told["order_id"]).ordered_by)

    def decide(tx: Transaction) -> None:
        orders.decide(tx, told["order_id"], "drop", reason="-", by=placed_by)

    with pytest.raises(OrderDecisionIsOnesOwn):
        parts.database.write_now(decide)
    assert states(city) == {"ordered": 1}
