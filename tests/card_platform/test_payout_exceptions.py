"""Other accounts than the card's (YD-14b), and who may decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import Installation, open_installation
from card_platform.settings import Settings
from card_platform.settlement.payouts.refusals import DecisionIsOnesOwn
from card_platform.use_cases import build_use_cases
from tests.card_platform.city import City, application, document
from tests.card_platform.payees import brought, csv_file, decide, faults, line_of, look, states
from tests.card_platform.test_bank_orders import wait
from tests.card_platform.test_transfers import code

BANK = "huangpu-bank"
OTHER = f"{BANK}|6234560000000024|行动不便由家属代领"


@pytest.fixture
def shanghai(settings: Settings) -> Iterator[tuple[City, Installation]]:
    parts = open_installation(replace(settings, region="SH"))
    app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
    with TestClient(app) as client:
        yield City(client, parts.access.tokens), parts
    parts.database.close()


def holder(city: City, sequence: int) -> None:
    """Somebody with a card in use and no account."""
    body = application(sequence, region="310000")
    body["entitlement"] = city.client.get("/v1/guide").json()["entitlements"][0]
    card_id = city.post("/v1/applications", body, "clerk").json()["card_id"]
    city.produce(card_id)
    shown = {"document": document(sequence)}
    assert city.post(f"/v1/cards/{card_id}/activation", shown, "clerk").status_code == 200


def test_another_account_is_paid_once_its_exception_is_approved(
    shanghai: tuple[City, Installation],
) -> None:
    city, parts = shanghai
    bank = parts.policy.banks[0].code
    other = OTHER.replace(BANK, bank)
    for sequence in (1, 2, 3, 4):
        holder(city, sequence)
    lines = [
        line_of(1, other=other),
        line_of(2, other=other),
        line_of(3, other=other.rpartition("|")[0] + "|"),
        line_of(4, other=other.replace(bank, "no-such-bank")),
    ]
    batch_id = brought(city, csv_file(lines))["batch_id"]
    assert faults(city, batch_id) == [
        (5, "exception_reason", "exception-reason-missing"),
        (6, "bank", "other-bank-wrong"),
    ]
    told = look(city, batch_id, "/other-accounts")["other_accounts"]
    assert [(each["line"], each["account"], each["approved_by"]) for each in told] == [
        (3, "0024", None),
        (4, "0024", None),
    ]
    path = f"/v1/payout-batches/{batch_id}/other-accounts"
    approval = {"reason": "已核实"}
    assert city.post(f"{path}/3/approval", approval, "operator").status_code == 403
    approved = city.post(f"{path}/3/approval", approval, "supervisor").json()
    assert approved["approved_by"] == "supervisor"
    assert code(city.post(f"{path}/3/approval", approval, "supervisor")) == (
        "payout-line-state-forbids"
    )
    assert code(city.post(f"{path}/9/approval", approval, "supervisor")) == "payout-batch-unknown"
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {
        "L1": ("paid", None),
        "L2": ("stopped", "exception-not-approved"),
    }
    city.post(f"{path}/4/approval", approval, "supervisor")
    again = {"decision": "reissue", "reason": "已批准"}
    city.post(f"/v1/payout-batches/{batch_id}/exceptions/4/decision", again, "supervisor")
    wait(city, 1)
    assert states(city, batch_id)["L2"] == ("paid", None)


def test_who_brought_a_file_decides_on_nothing_of_it(
    city: City, installation: Installation
) -> None:
    city.active_card()
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    number = int(batch_id.partition("-")[2])
    parts = installation
    payouts = build_use_cases(parts.policy, parts.keys, parts.clock).payouts
    by = look(city, batch_id)["uploaded_by"]
    with pytest.raises(DecisionIsOnesOwn):
        parts.database.write_now(
            lambda tx: payouts.decide(tx, number, "release", reason="-", by=by)
        )
    answer = city.post(
        f"/v1/payout-batches/{batch_id}/decision",
        {"decision": "release", "reason": "-"},
        "operator",
    )
    assert code(answer) == "role-forbids"
    assert code(decide(city, "payout-99")) == "payout-batch-unknown"
    assert code(decide(city, "99")) == "payout-batch-unknown"
    assert look(city, batch_id)["state"] == "waiting"


def test_a_line_that_is_given_up_is_closed(city: City) -> None:
    city.active_card()
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    path = f"/v1/payout-batches/{batch_id}/exceptions/3/decision"
    closed = city.post(path, {"decision": "close", "reason": "不再发放"}, "supervisor").json()
    assert (closed["state"], closed["decided_by"]) == ("closed", "supervisor")
    again = city.post(path, {"decision": "reissue", "reason": "-"}, "supervisor")
    assert code(again) == "payout-line-state-forbids"
    assert states(city, batch_id) == {"L1": ("closed", "account-not-loaded")}
