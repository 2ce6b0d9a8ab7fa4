"""The life of a card: the table, and that what it lacks changes nothing."""

from __future__ import annotations

import itertools

import pytest

from card_platform.issuance.lifecycle import LIFECYCLE, CardAction, CardState, next_state
from card_platform.issuance.refusals import CardStateForbids
from tests.card_platform.city import City, document


@pytest.mark.parametrize(("state", "action"), list(itertools.product(CardState, CardAction)))
def test_every_pair_is_a_row_of_the_table_or_is_refused(
    state: CardState, action: CardAction
) -> None:
    if action in LIFECYCLE[state]:
        assert next_state(state, action) is LIFECYCLE[state][action]
        return
    with pytest.raises(CardStateForbids) as refused:
        next_state(state, action)
    allowed = refused.value.facts["allowed"]
    assert allowed == (", ".join(sorted(LIFECYCLE[state])) or "-")


def test_a_refused_step_changes_nothing_and_names_what_is_allowed(city: City) -> None:
    card_id = city.apply()["card_id"]
    before = city.get(f"/v1/cards/{card_id}").json()
    answer = city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert answer.status_code == 409
    assert answer.json()["code"] == "card-state-forbids"
    assert "cancel, personalise" in answer.json()["detail_en"]
    assert city.get(f"/v1/cards/{card_id}").json() == before
    assert len(city.get(f"/v1/cards/{card_id}/history").json()["changes"]) == 1


def test_a_loss_report_reaches_electronic_card_and_gates_at_once_and_restore_takes_it_back(
    city: City,
) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()

    def seen() -> tuple[str, str, list[str], int]:
        card = city.get(f"/v1/cards/{card_id}").json()
        told = city.get("/v1/transit/terminal-parameters", gate.token).json()["revocation_list"]
        state = card["electronic_card"]["state"]
        return card["state"], state, told["application_serials"], told["version"]

    assert seen() == ("active", "active", [], 0)
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert seen() == ("lost", "suspended", [chip.serial], 1)
    body = {"document": document(), "reason": "找到了"}
    assert city.post(f"/v1/cards/{card_id}/restoration", body, "clerk").status_code == 200
    assert seen() == ("active", "active", [], 2)


def test_only_the_holder_restores_a_card(city: City) -> None:
    card_id, _ = city.active_card()
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    body = {"document": document(7), "reason": "捡到"}
    answer = city.post(f"/v1/cards/{card_id}/restoration", body, "clerk")
    assert (answer.status_code, answer.json()["code"]) == (422, "document-is-not-the-holders")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "lost"


def test_freeze_and_cancel_revoke_the_purse_and_a_cancelled_holder_may_apply_again(
    city: City,
) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()
    city.post(f"/v1/cards/{card_id}/freeze", {"ground": "used-by-another"}, "supervisor")
    listed = city.get("/v1/transit/terminal-parameters", gate.token).json()["revocation_list"]
    assert listed["application_serials"] == [chip.serial]
    city.post(f"/v1/cards/{card_id}/freeze-lift", {"decision": "查清"}, "supervisor")
    body = {"reason": "emigration", "evidence": "户籍注销证明"}
    assert city.post(f"/v1/cards/{card_id}/cancellation", body, "supervisor").status_code == 200
    card = city.get(f"/v1/cards/{card_id}").json()
    assert (card["state"], card["electronic_card"]["state"]) == ("cancelled", "cancelled")
    assert city.apply()["card_id"] != card_id


def test_activation_wants_the_holders_valid_document(city: City) -> None:
    card_id = city.apply()["card_id"]
    city.produce(card_id)
    path = f"/v1/cards/{card_id}/activation"
    other = city.post(path, {"document": document(2)}, "clerk")
    assert (other.status_code, other.json()["code"]) == (422, "document-is-not-the-holders")
    expired = city.post(path, {"document": document(valid_until="2020-01-01")}, "clerk")
    assert (expired.status_code, expired.json()["code"]) == (422, "identity-document-invalid")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "ready"


def test_a_chip_with_other_historical_bytes_is_not_taken_in(city: City) -> None:
    card_id = city.apply()["card_id"]
    city.post(f"/v1/cards/{card_id}/personalisation", {}, "production")
    report = {"historical_bytes": "00814A4446866050000000FFFF"}
    answer = city.post(f"/v1/cards/{card_id}/production-report", report, "production")
    assert (answer.status_code, answer.json()["code"]) == (409, "historical-bytes-differ")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "in_production"


def test_an_unknown_card_is_not_found(city: City) -> None:
    for path in ("/v1/cards/none", "/v1/cards/none/history", "/v1/cards/none/transit"):
        answer = city.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "card-unknown")
