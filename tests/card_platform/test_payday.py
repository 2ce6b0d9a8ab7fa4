"""A payout to an account that was changed just before waits for a person; lines that are paid are
events of detection's stream.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from card_platform.installation import Installation
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.watch import Watch
from tests.card_platform.city import City, document
from tests.card_platform.payees import PROGRAMME, brought, csv_file, decide, line_of, states
from tests.card_platform.test_bank_orders import behave, order, ready_account, wait
from tests.card_platform.test_bank_orders import states as order_states
from tests.card_platform.test_banks import ACCOUNT, BANK, RURAL, change, sign_in
from tests.card_platform.test_clock import advance, now_of
from tests.card_platform.test_risk import _event, _send
from tests.card_platform.test_transfers import code

DAY_S = 86_400
HELD = ("stopped", "account-changed-lately")


def _tell_change(city: City, number: int, card: str, ago: timedelta, channel: str) -> None:
    at = now_of(city) - ago
    detail = {"purpose": "payout", "channel": channel}
    told = _event(number, "account.changed", at, card=card, account="6230-虚构", detail=detail)
    assert _send(city, [told]).json()["taken"] == 1


def _change_bank_account(city: City, card_id: str, sequence: int) -> None:
    """The holder closes the account of the card and opens one again, at a counter."""
    shown = {"document": document(sequence)}
    assert change(city, card_id, "close", **shown).status_code == 200
    assert change(city, card_id, "open", bank=BANK, **shown).status_code == 200
    contract = city.get(f"/v1/cards/{card_id}/bank-contract", "clerk").json()["contract_id"]
    loading = f"/v1/bank-contracts/{contract}/loading"
    assert city.post(loading, ACCOUNT, sign_in(city, BANK)).status_code == 200


def _decide_on(city: City, batch_id: str, line: int, decision: str, by: str = "supervisor") -> Any:
    path = f"/v1/payout-batches/{batch_id}/exceptions/{line}/decision"
    return city.post(path, {"decision": decision, "reason": "已向本人核实"}, by)


def test_a_line_waits_whose_account_was_changed_shortly_before(city: City) -> None:
    cards = {sequence: ready_account(city, sequence) for sequence in range(1, 7)}
    advance(city, 5 * DAY_S)  # their first accounts are no changes, however young
    days = timedelta(days=1)
    _tell_change(city, 1, cards[2], 2 * days, "online")
    _tell_change(city, 2, cards[3], 4 * days, "online")  # longer ago than the rules hold
    _tell_change(city, 3, cards[4], 2 * days, "counter")  # a face was seen, and not today
    _tell_change(city, 4, "Z99999999", days, "online")  # nobody's here
    _change_bank_account(city, cards[5], 5)
    _tell_change(city, 5, cards[6], 2 * days, "online")
    lines = [line_of(sequence) for sequence in cards]
    batch_id = brought(city, csv_file(lines))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    paid = ("paid", None)
    expected = {"L1": paid, "L2": HELD, "L3": paid, "L4": paid, "L5": HELD, "L6": HELD}
    assert states(city, batch_id) == expected

    assert code(_decide_on(city, batch_id, 4, "reissue", "operator")) == "role-forbids"
    assert _decide_on(city, batch_id, 4, "reissue").json()["state"] == "due"
    assert _decide_on(city, batch_id, 8, "close").json()["state"] == "closed"
    wait(city, 1)
    closed = ("closed", "account-changed-lately")
    expected = {"L1": paid, "L2": paid, "L3": paid, "L4": paid, "L5": HELD, "L6": closed}
    assert states(city, batch_id) == expected  # on the fifth nobody decided


def test_a_single_order_is_held_by_the_same_rules_as_a_line(city: City) -> None:
    cards = {sequence: ready_account(city, sequence) for sequence in range(1, 6)}
    advance(city, 5 * DAY_S)
    days = timedelta(days=1)
    _tell_change(city, 1, cards[2], 2 * days, "online")
    _tell_change(city, 2, cards[3], 4 * days, "online")
    _tell_change(city, 3, cards[4], 2 * days, "online")
    _change_bank_account(city, cards[5], 5)
    made = {each: order(city, card_id, 1).json() for each, card_id in cards.items()}
    held = ("held", "account-changed-lately", None)
    told = {each: (one["state"], one["reason"]) for each, one in made.items()}
    assert [each for each, one in told.items() if one == held[:2]] == [2, 4, 5]
    assert order(city, cards[2], 1).json() == made[2], "the same again is answered as it stands"
    wait(city, 5 * DAY_S)  # time alone releases nothing
    assert order_states(city) == {"held": 3, "settled": 2}

    def decide_on(sequence: int, decision: str, by: str = "supervisor") -> Any:
        path = f"/v1/bank-orders/{made[sequence]['order_id']}/decision"
        return city.post(path, {"decision": decision, "reason": "已向本人核实"}, by)

    assert code(decide_on(2, "release", "operator")) == "role-forbids"
    assert code(decide_on(1, "release")) == "bank-order-state-forbids"
    city.post(f"/v1/cards/{cards[4]}/freeze", {"ground": "stolen"}, "supervisor")
    assert code(decide_on(4, "release")) == "payee-frozen"
    assert change(city, cards[5], "close", document=document(5)).status_code == 200
    assert code(decide_on(5, "release")) == "bank-account-not-loaded"
    assert decide_on(2, "release").json()["state"] == "ordered"
    assert decide_on(4, "drop").json()["state"] == "dropped"
    assert code(decide_on(4, "drop")) == "bank-order-state-forbids"
    wait(city, 1)
    assert order_states(city) == {"held": 1, "settled": 3, "dropped": 1}


def test_the_days_are_numbers_of_the_rules(city: City) -> None:
    card_id = ready_account(city, 1)
    body = {
        "numbers": [{"name": "account-changed-before-payday.hold_online_days", "value": 0}],
        "reason": "试点期间不拦截",
    }
    _tell_change(city, 9, card_id, timedelta(days=40), "counter")
    wait(city, 1)
    version = city.post("/v1/risk/rule-versions", body, "inspector").json()["version"]
    for step in ("back-test", "switching-on"):
        told = city.post(f"/v1/risk/rule-versions/{version}/{step}", {}, "supervisor")
        assert told.status_code == 200, told.text
    _tell_change(city, 1, card_id, timedelta(hours=1), "online")
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("paid", None)}


def test_paid_lines_are_events_and_those_the_bank_refused_are_not(
    city: City, installation: Installation
) -> None:
    for sequence in (1, 2):
        ready_account(city, sequence)
    city.active_card(3)  # without an account: stopped, and no event
    batch_id = brought(city, csv_file([line_of(1), line_of(2), line_of(3)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    for _ in range(2):  # the second look finds nothing new
        assert city.post("/v1/risk/detection/runs", {}, "inspector").json()["more"] is False
    events = _paid_events(installation)
    assert [each["id"].rpartition("-")[2] for each in events] == ["3", "4"]
    assert {each["amount_fen"] for each in events} == {10_000}
    assert {each["detail"]["programme"] for each in events} == {PROGRAMME}
    assert all("period" not in each["detail"] for each in events)  # a year is no month
    assert len({each["person"] for each in events}) == 2


def test_a_bank_that_never_answers_keeps_nobody_elses_lines_out_of_the_stream(
    city: City, installation: Installation
) -> None:
    ready_account(city, 1)
    for sequence in (2, 3):
        ready_account(city, sequence, RURAL)
    behave(city, down=True)
    first = brought(city, csv_file([line_of(1), line_of(2)]))["batch_id"]
    second = brought(city, csv_file([line_of(3)], "M-2", period="2025"))["batch_id"]
    for batch_id in (first, second):
        decide(city, batch_id)
    wait(city, DAY_S)
    _watch_anew(installation)
    number = {each: each.partition("-")[2] for each in (first, second)}
    later = [f"payout-line-{number[first]}-4", f"payout-line-{number[second]}-3"]
    assert [each["id"] for each in _paid_events(installation)] == later
    _watch_anew(installation)  # one that was restarted goes on there
    assert len(_paid_events(installation)) == 2

    behave(city)
    wait(city, 3 * DAY_S)
    _watch_anew(installation)
    found = _paid_events(installation)
    assert [each["id"] for each in found] == [*later, f"payout-line-{number[first]}-3"]
    assert found[0]["received_at"] < found[2]["received_at"], "learnt of when it was settled"
    assert found[0]["at"][:10] == found[2]["at"][:10], "paid when it was ordered"


def test_a_line_that_was_issued_again_is_one_payment(
    city: City, installation: Installation
) -> None:
    ready_account(city, 1)
    ready_account(city, 2, RURAL)
    behave(city, refuse_percent=100)
    batch_id = brought(city, csv_file([line_of(1), line_of(2)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    behave(city, down=True)
    assert _decide_on(city, batch_id, 3, "reissue").status_code == 200
    wait(city, 1)  # it is in another file, which its bank does not take
    assert states(city, batch_id)["L1"][0] != "paid"
    _watch_anew(installation)
    of_batch = f"payout-line-{batch_id.partition('-')[2]}"
    assert [each["id"] for each in _paid_events(installation)] == [f"{of_batch}-4"]
    behave(city, return_percent=100, return_after_days=1)
    wait(city, DAY_S)
    _watch_anew(installation)
    wait(city, 2 * DAY_S)
    assert states(city, batch_id)["L1"][0] == "returned"
    behave(city)
    assert _decide_on(city, batch_id, 3, "reissue").status_code == 200
    wait(city, 1)
    assert states(city, batch_id)["L1"] == ("paid", None)
    _watch_anew(installation)
    events = _paid_events(installation)
    assert [each["id"] for each in events] == [f"{of_batch}-4", f"{of_batch}-3"]
    alerts = city.get("/v1/risk/alerts", "auditor").json()["alerts"]
    assert not [each for each in alerts if each["typology"] == "double-payout"]


def _paid_events(installation: Installation) -> list[Any]:
    kept = installation.database.read_now(lambda tx: store.folded(tx, 0, 1_000, 1_000))
    return [json.loads(body) for _, body in kept if '"payout.paid"' in body]


def _watch_anew(installation: Installation) -> None:
    """What a process that was just started does until nothing is left."""
    watch = Watch(installation.policy.region.code, ())
    now = installation.clock.now()
    while installation.database.write_now(lambda tx: watch.look(tx, now)):
        pass
