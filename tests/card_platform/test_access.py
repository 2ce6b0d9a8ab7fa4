"""Accounts, signing in by password, card and key, sessions, agents and assistance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select, text

from card_platform.access.model import WRONG_PASSWORDS_MAX
from card_platform.access.store import ACCOUNTS, CHALLENGES, SESSIONS
from card_platform.app import build_app
from card_platform.installation import Installation
from card_platform.oversight.audit.store import AUDIT_RECORDS
from card_platform.storage import Transaction
from card_platform.web.idempotency import IDEMPOTENCY_KEYS
from tests.card_platform.city import City, document
from tests.card_platform.signing_in import (
    System,
    ask,
    card_proof,
    mandate,
    name_agent,
    open_account,
    sign_in,
    sign_in_by_card,
    try_card,
    try_password,
)

IDLE_S = 900
LONGEST_S = 28_800
LOCK_S = 900
NEW = "correct horse battery"


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def later(city: City, seconds: int) -> None:
    assert city.post("/v1/clock", {"advance_s": seconds}, "trainer").status_code == 200


def current(city: City, token: str) -> Any:
    return city.get("/v1/sessions/current", token)


def audited(installation: Installation) -> list[tuple[str, str, str]]:
    """Action, who and detail of the audit."""

    def query(tx: Transaction) -> list[tuple[str, str, str]]:
        columns = AUDIT_RECORDS.c
        found = tx.select(select(columns.action, columns["by"], columns.detail))
        return [(action, by, detail) for action, by, detail in found]

    return installation.database.read_now(query)


def everything_stored(installation: Installation) -> str:
    """All text of the tables in which something of a sign-in could stand."""
    tables = (ACCOUNTS, SESSIONS, CHALLENGES, IDEMPOTENCY_KEYS, AUDIT_RECORDS)

    def query(tx: Transaction) -> str:
        rows = [tuple(row) for each in tables for row in tx.execute(select(each))]
        return repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in rows])

    return installation.database.read_now(query)


def test_a_clerk_signs_in_by_password_works_under_the_own_name_and_signs_out(
    city: City, installation: Installation
) -> None:
    opened = open_account(city)
    granted = sign_in(city, "wang.fang", opened["first_password"])
    session, token = granted["session"], granted["token"]
    assert (session["role"], session["name"]) == ("clerk", "clerk:wang.fang")
    city.tokens["wang"] = token
    card_id, _ = city.active_card()
    lost = city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "oral"}, token)
    assert lost.status_code == 200
    changes = city.get(f"/v1/cards/{card_id}/history", token).json()["changes"]
    assert changes[-1]["by"] == "clerk:wang.fang"
    assert told(city.get("/v1/accounts", token)) == (403, "role-forbids")
    assert city.post("/v1/sessions/current/end", {}, token).json()["ended_at"]
    assert told(current(city, token)) == (401, "session-ended")
    assert told(current(city, token + "0")) == (401, "token-unknown")
    actions = [(action, by) for action, by, _ in audited(installation)]
    assert ("sign-in", "clerk:wang.fang") in actions
    assert ("sign-out", "clerk:wang.fang") in actions


def test_neither_password_nor_token_stands_anywhere_in_the_clear(
    city: City, installation: Installation
) -> None:
    body = {"name": "li.na", "role": "clerk", "site": "网点"}
    opened = city.post("/v1/accounts", body, "operator", key="once").json()
    again = city.post("/v1/accounts", body, "operator", key="once").json()
    assert again == opened
    token = sign_in(city, "li.na", opened["first_password"])["token"]
    change = {"current": opened["first_password"], "new": NEW}
    assert city.post("/v1/accounts/current/password", change, token).status_code == 200
    try_password(city, "s3cret-typed-as-name", NEW)
    stored = everything_stored(installation)
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in stored
    for secret in (opened["first_password"], NEW, token, "s3cret"):
        assert secret not in stored


def test_a_wrong_name_and_a_wrong_password_get_one_answer(city: City) -> None:
    open_account(city)
    unknown, wrong = try_password(city, "nobody", "x"), try_password(city, "wang.fang", "x")
    assert told(wrong) == (401, "sign-in-refused")
    assert unknown.json() == wrong.json()


def test_five_wrong_passwords_lock_an_account_until_the_clock_says_so(
    city: City, installation: Installation
) -> None:
    right = open_account(city)["first_password"]
    for _ in range(WRONG_PASSWORDS_MAX - 1):
        try_password(city, "wang.fang", "wrong")
    sign_in(city, "wang.fang", right)  # a right one starts the count anew
    for _ in range(WRONG_PASSWORDS_MAX):
        assert told(try_password(city, "wang.fang", "wrong")) == (401, "sign-in-refused")
    locked = try_password(city, "wang.fang", right)
    assert told(locked) == (401, "sign-in-refused")
    assert city.get("/v1/accounts").json()["accounts"][0]["locked_until"]
    reasons = [detail for action, _, detail in audited(installation) if "refused" in action]
    assert sum("password-wrong" in each for each in reasons) == 2 * WRONG_PASSWORDS_MAX - 1
    assert sum("account-locked" in each for each in reasons) == 1
    later(city, LOCK_S)
    sign_in(city, "wang.fang", right)


def test_a_new_password_ends_the_other_sessions_and_weak_ones_are_refused(city: City) -> None:
    first = open_account(city)["first_password"]
    token, other = (sign_in(city, "wang.fang", first)["token"] for _ in range(2))
    for weak in ("short", f"{'x' * 12}wang.fang", first):
        answer = city.post("/v1/accounts/current/password", {"current": first, "new": weak}, token)
        assert told(answer) == (422, "password-too-weak")
    wrong = {"current": "wrong", "new": NEW}
    answer = city.post("/v1/accounts/current/password", wrong, token)
    assert told(answer) == (401, "sign-in-refused")
    right = {"current": first, "new": NEW}
    answer = city.post("/v1/accounts/current/password", right, token)
    assert answer.json()["has_first_password"] is False
    assert current(city, token).status_code == 200
    assert told(current(city, other)) == (401, "session-ended")
    assert told(try_password(city, "wang.fang", first)) == (401, "sign-in-refused")
    sign_in(city, "wang.fang", NEW)
    assert told(city.post("/v1/accounts/current/password", right, "clerk")) == (
        409,
        "session-needed",
    )


def test_a_disabled_account_has_no_sessions_and_gets_none(city: City) -> None:
    card_id, chip = city.active_card()
    opened = open_account(city, card_id=card_id)
    account = opened["account"]["account_id"]
    token = sign_in(city, "wang.fang", opened["first_password"])["token"]
    disabled = city.post(f"/v1/accounts/{account}/disabling", {"reason": "left"}, "operator")
    assert disabled.json()["state"] == "disabled"
    assert told(current(city, token)) == (401, "session-ended")
    assert told(try_password(city, "wang.fang", opened["first_password"])) == (
        401,
        "sign-in-refused",
    )
    assert told(try_card(city, chip)) == (401, "sign-in-refused")
    again = city.post(f"/v1/accounts/{account}/disabling", {"reason": "left"}, "operator")
    assert told(again) == (409, "account-state-forbids")
    unknown = city.post("/v1/accounts/account-1/disabling", {"reason": "left"}, "operator")
    assert told(unknown) == (404, "account-unknown")


def test_a_name_and_a_card_belong_to_one_account(city: City) -> None:
    card_id, _ = city.active_card()
    open_account(city, card_id=card_id)
    body: dict[str, str] = {"name": "wang.fang", "role": "auditor", "site": "网点"}
    assert told(city.post("/v1/accounts", body, "operator")) == (409, "account-name-taken")
    body |= {"name": "zhao.min", "card_id": card_id}
    assert told(city.post("/v1/accounts", body, "operator")) == (409, "account-name-taken")
    body |= {"card_id": "card-1"}
    assert told(city.post("/v1/accounts", body, "operator")) == (404, "card-unknown")


def test_a_holder_signs_in_by_card_to_the_own_card_only(city: City) -> None:
    card_id, chip = city.active_card()
    other_id, _ = city.active_card(2)
    granted = sign_in_by_card(city, chip)
    token = granted["token"]
    assert (granted["session"]["role"], granted["session"]["card_id"]) == ("holder", card_id)
    paths = ("", "/history", "/record", "/electronic-card", "/transit", "/medical")
    for path in (*paths, "/consents", "/access-log", "/agents"):
        assert city.get(f"/v1/cards/{card_id}{path}", token).status_code == 200, path
        anothers = city.get(f"/v1/cards/{other_id}{path}", token)
        assert told(anothers) == (403, "card-is-anothers"), path
    for path in ("/activation", "/financial-function"):
        answer = city.post(f"/v1/cards/{card_id}{path}", {}, token)
        assert told(answer) == (403, "role-forbids")


def test_a_challenge_serves_once_and_for_a_minute_and_for_the_card_that_answered(
    city: City, installation: Installation
) -> None:
    _, chip = city.active_card()
    _, other = city.active_card(2)
    proof = card_proof(city, chip)
    assert ask(city, "/v1/sessions", {"card": proof}).status_code == 200
    assert told(ask(city, "/v1/sessions", {"card": proof})) == (401, "challenge-not-usable")
    proof = card_proof(city, chip)
    wrong = proof | {"historical_bytes": other.image["historical_bytes"]}
    assert told(ask(city, "/v1/sessions", {"card": wrong})) == (401, "card-not-genuine")
    assert told(ask(city, "/v1/sessions", {"card": proof})) == (401, "challenge-not-usable")
    wrong = card_proof(city, chip) | {"historical_bytes": "00" * 13}
    assert told(ask(city, "/v1/sessions", {"card": wrong})) == (401, "card-not-genuine")
    proof = card_proof(city, chip)
    later(city, 60)
    assert told(ask(city, "/v1/sessions", {"card": proof})) == (401, "challenge-not-usable")
    refused = [detail for action, _, detail in audited(installation) if "refused" in action]
    assert len(refused) == 5


def test_a_card_that_is_not_active_signs_in_to_nothing_and_ends_its_sessions(city: City) -> None:
    card_id, chip = city.active_card()
    token = sign_in_by_card(city, chip)["token"]
    lost = city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, token)
    assert lost.json()["state"] == "lost"
    assert told(current(city, token)) == (401, "session-ended")
    assert told(try_card(city, chip)) == (409, "card-is-not-active")
    ready = city.produce(city.apply(2)["card_id"])
    assert told(try_card(city, ready)) == (409, "card-is-not-active")


def test_a_card_a_staff_account_names_gives_the_staffs_role_or_the_holders(city: City) -> None:
    card_id, chip = city.active_card()
    open_account(city, "sun.li", "supervisor", card_id=card_id)
    granted = sign_in_by_card(city, chip)
    assert (granted["session"]["role"], granted["session"]["card_id"]) == ("supervisor", None)
    own = sign_in_by_card(city, chip, as_holder=True)
    assert (own["session"]["role"], own["session"]["card_id"]) == ("holder", card_id)
    city.post(f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
    for token in (granted["token"], own["token"]):
        assert told(current(city, token)) == (401, "session-ended")


@pytest.mark.parametrize("kind", ["region", "department", "bank"])
def test_a_system_signs_in_by_key_under_its_own_name_and_not_with_an_old_one(
    city: City, kind: str
) -> None:
    system = System(city, "test-system", kind)
    granted = system.sign_in()
    session = granted["session"]
    assert (session["role"], session["name"]) == (kind, f"{kind}:test-system")
    proof = system.proof()
    assert ask(city, "/v1/sessions", {"system": proof}).status_code == 200
    replayed = ask(city, "/v1/sessions", {"system": proof})
    assert told(replayed) == (401, "challenge-not-usable")
    forged = system.proof() | {"signature": "11" * 64}
    assert told(ask(city, "/v1/sessions", {"system": forged})) == (401, "system-proof-wrong")
    other = System(city, "other-system", kind)
    stolen = system.proof() | {"participant_id": other.participant_id}
    assert told(ask(city, "/v1/sessions", {"system": stolen})) == (401, "challenge-not-usable")
    nobody = {"system": {"participant_id": "nobody", "nonce": "00" * 32}}
    assert told(ask(city, "/v1/session-challenges", nobody)) == (401, "system-proof-wrong")
    nobodys = {"system": stolen | {"participant_id": "nobody"}}
    assert told(ask(city, "/v1/sessions", nobodys)) == (401, "system-proof-wrong")
    assert current(city, granted["token"]).status_code == 200
    system.enrol()  # with a new key
    assert told(current(city, granted["token"])) == (401, "session-ended")


def test_a_department_or_bank_asks_for_a_holder_in_its_own_name_only(city: City) -> None:
    card_id, chip = city.active_card()
    holder = sign_in_by_card(city, chip)["token"]
    now = city.get("/v1/clock").json()["now"]
    consent = {
        "document_number": document()["number"],
        "institution": "测试银行",
        "purpose": "account-opening",
        "items": ["name"],
        "from_at": now,
        "until_at": "2099-01-01T00:00:00+08:00",
    }
    given = city.post(f"/v1/cards/{card_id}/consents", consent, holder)
    assert given.status_code == 201, given.text
    query = {
        "institution": "测试银行",
        "purpose": "account-opening",
        "items": ["name"],
        "basis": "consent",
        "document_number": document()["number"],
    }
    bank = System(city, "test-bank", "bank", "测试银行").sign_in()["token"]
    answer = city.post("/v1/holder-queries", query, bank)
    assert answer.json()["items"]["name"] == "测试甲"
    other = System(city, "other-bank", "bank", "另一银行").sign_in()["token"]
    answer = city.post("/v1/holder-queries", query, other)
    assert told(answer) == (403, "institution-is-anothers")
    reads = city.get(f"/v1/cards/{card_id}/access-log", holder).json()["reads"]
    assert [(each["by"], each["refusal"]) for each in reads[:2]] == [
        ("bank:other-bank", "institution-is-anothers"),
        ("bank:test-bank", None),
    ]
    withdrawal = f"/v1/consents/{given.json()['consent_id']}/withdrawal"
    _, neighbour = city.active_card(2)
    stranger = sign_in_by_card(city, neighbour)["token"]
    body = {"document_number": document()["number"]}
    assert told(city.post(withdrawal, body, stranger)) == (404, "consent-unknown")
    assert city.post(withdrawal, body, holder).json()["withdrawn_at"]


def test_a_holder_complains_about_the_own_card_only(city: City) -> None:
    _, chip = city.active_card()
    other_id, _ = city.active_card(2)
    token = sign_in_by_card(city, chip)["token"]
    filing = {
        "kind": "complaint",
        "channel": "online",
        "subject": "窗口",
        "content": "等候过久",
        "card_number": None,
        "contact": None,
        "conduct": None,
    }
    assert city.post("/v1/complaints", filing, token).status_code == 201
    number = city.get(f"/v1/cards/{other_id}").json()["card_number"]
    answer = city.post("/v1/complaints", filing | {"card_number": number}, token)
    assert told(answer) == (403, "card-is-anothers")
    answer = city.post("/v1/complaints", filing | {"channel": "site"}, token)
    assert told(answer) == (403, "channel-not-the-callers")


def test_an_agent_acts_on_the_mandated_card_until_the_mandate_is_taken_back(city: City) -> None:
    card_id, chip = city.active_card()
    own_id, agents_chip = city.active_card(2)
    assert told(try_card(city, agents_chip, on_card=card_id)) == (403, "agent-has-no-mandate")
    assert told(try_card(city, agents_chip, on_card="card-1")) == (403, "agent-has-no-mandate")
    city.tokens["holder"] = sign_in_by_card(city, chip)["token"]
    named = name_agent(city, card_id, 2)
    assert named["document_number"].count("*") == 14
    granted = sign_in_by_card(city, agents_chip, on_card=card_id)
    token = granted["token"]
    assert (granted["session"]["role"], granted["session"]["card_id"]) == ("agent", card_id)
    assert city.get(f"/v1/cards/{card_id}/transit", token).status_code == 200
    for path in ("/medical", "/consents", "/access-log", "/agents"):
        assert told(city.get(f"/v1/cards/{card_id}{path}", token)) == (403, "role-forbids")
    assert told(city.get(f"/v1/cards/{own_id}", token)) == (403, "card-is-anothers")
    withdrawal = f"/v1/cards/{card_id}/agents/{named['agent_id']}/withdrawal"
    assert city.post(withdrawal, {}, "holder").json()["withdrawn_at"]
    assert told(current(city, token)) == (401, "session-ended")
    assert told(try_card(city, agents_chip, on_card=card_id)) == (403, "agent-has-no-mandate")
    assert told(city.post(withdrawal, {}, "holder")) == (404, "agent-unknown")
    agents = city.get(f"/v1/cards/{card_id}/agents", "holder").json()["agents"]
    assert len(agents) == 1


def test_an_agents_session_ends_with_the_mandates_last_day(city: City) -> None:
    card_id, chip = city.active_card()
    _, agents_chip = city.active_card(2)
    city.tokens["holder"] = sign_in_by_card(city, chip)["token"]
    today = city.get("/v1/clock").json()["now"][:10]
    body = {"agent": mandate(2, valid_until=today)}
    assert city.post(f"/v1/cards/{card_id}/agents", body, "holder").status_code == 201
    sign_in_by_card(city, agents_chip, on_card=card_id)
    later(city, 86_400)
    assert told(try_card(city, agents_chip, on_card=card_id)) == (403, "agent-has-no-mandate")


def test_at_a_counter_the_holder_is_present_to_name_an_agent(city: City) -> None:
    card_id, _ = city.active_card()
    path = f"/v1/cards/{card_id}/agents"
    body: dict[str, Any] = {"agent": mandate(2)}
    assert told(city.post(path, body, "clerk")) == (422, "identity-document-missing")
    answer = city.post(path, body | {"document": document(3)}, "clerk")
    assert told(answer) == (422, "document-is-not-the-holders")
    itself = {"agent": mandate(1), "document": document()}
    assert told(city.post(path, itself, "clerk")) == (422, "mandate-invalid")
    without = {"agent": mandate(2, mandate_number=None), "document": document()}
    assert told(city.post(path, without, "clerk")) == (422, "mandate-missing")
    named = city.post(path, body | {"document": document()}, "clerk")
    assert named.status_code == 201
    withdrawal = f"{path}/{named.json()['agent_id']}/withdrawal"
    assert told(city.post(withdrawal, {}, "clerk")) == (422, "identity-document-missing")
    assert city.post(withdrawal, {"document": document()}, "clerk").status_code == 200


def test_a_session_ends_unused_and_does_not_while_it_is_used(city: City) -> None:
    token = sign_in(city, "wang.fang", open_account(city)["first_password"])["token"]
    for _ in range(3):
        later(city, IDLE_S - 60)
        assert current(city, token).status_code == 200
    later(city, IDLE_S)
    assert told(current(city, token)) == (401, "session-ended")


def test_a_session_used_all_day_ends_at_its_longest_life(city: City) -> None:
    token = sign_in(city, "wang.fang", open_account(city)["first_password"])["token"]
    for _ in range(LONGEST_S // 800 - 1):
        later(city, 800)
        assert current(city, token).status_code == 200
    later(city, 800)
    assert told(current(city, token)) == (401, "session-ended")


def test_while_a_clerk_helps_a_holder_the_session_stays_and_its_longest_life_holds(
    city: City, installation: Installation
) -> None:
    card_id, _ = city.active_card()
    token = sign_in(city, "wang.fang", open_account(city)["first_password"])["token"]
    unknown = city.post("/v1/sessions/current/assistance", {"card_id": "card-1"}, token)
    assert told(unknown) == (404, "card-unknown")
    helped = city.post("/v1/sessions/current/assistance", {"card_id": card_id}, token)
    assert helped.json()["assists_card_id"] == card_id
    later(city, 2 * IDLE_S)
    assert city.get(f"/v1/cards/{card_id}", token).status_code == 200
    ended = city.post("/v1/sessions/current/assistance-end", {}, token)
    assert ended.json()["assists_card_id"] is None
    again = city.post("/v1/sessions/current/assistance-end", {}, token)
    assert told(again) == (409, "session-assists-nobody")
    told_of = [detail for action, _, detail in audited(installation) if action == "assist-holder"]
    assert [each.split()[-1] for each in told_of] == ["begins", "ends"]
    city.post("/v1/sessions/current/assistance", {"card_id": card_id}, token)
    later(city, LONGEST_S)
    assert told(current(city, token)) == (401, "session-ended")
    without = city.post("/v1/sessions/current/assistance", {"card_id": card_id}, "clerk")
    assert told(without) == (409, "session-needed")


def test_after_the_help_idleness_counts_again(city: City) -> None:
    card_id, _ = city.active_card()
    token = sign_in(city, "wang.fang", open_account(city)["first_password"])["token"]
    city.post("/v1/sessions/current/assistance", {"card_id": card_id}, token)
    later(city, 2 * IDLE_S)
    city.post("/v1/sessions/current/assistance-end", {}, token)
    assert current(city, token).status_code == 200
    later(city, IDLE_S)
    assert told(current(city, token)) == (401, "session-ended")


def test_a_sign_in_is_by_one_means(city: City) -> None:
    both: dict[str, Any] = {
        "password": {"name": "nobody", "password": "x"},
        "card": None,
        "system": None,
    }
    assert told(ask(city, "/v1/sessions", {})) == (400, "request-malformed")
    assert told(ask(city, "/v1/sessions", both)) == (401, "sign-in-refused")


def test_challenges_nobody_can_answer_any_more_are_forgotten(
    city: City, installation: Installation
) -> None:
    ask(city, "/v1/session-challenges", {})
    later(city, 61)
    left = installation.database.read_now(
        lambda tx: tx.execute(text("SELECT COUNT(*) FROM session_challenges")).scalar_one()
    )
    assert left == 0


def test_of_many_answers_to_one_challenge_at_once_one_signs_in(city: City) -> None:
    _, chip = city.active_card()
    proof = {"card": card_proof(city, chip)}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: ask(city, "/v1/sessions", proof), range(8)))
    assert sorted(each.status_code for each in answers) == [200, *[401] * 7]


def test_guesses_sent_at_once_are_counted_one_by_one(
    city: City, installation: Installation
) -> None:
    right = open_account(city)["first_password"]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: try_password(city, "wang.fang", "wrong"), range(8)))
    assert told(try_password(city, "wang.fang", right)) == (401, "sign-in-refused")
    reasons = [detail for action, _, detail in audited(installation) if "refused" in action]
    assert sum("password-wrong" in each for each in reasons) == WRONG_PASSWORDS_MAX


def test_a_session_that_ended_at_one_worker_has_ended_at_every_other(
    city: City, installation: Installation
) -> None:
    parts = installation
    tokens = parts.access.tokens
    another = build_app(parts.policy, parts.keys, parts.database, tokens, parts.clock)
    opened = open_account(city)
    token = sign_in(city, "wang.fang", opened["first_password"])["token"]
    with TestClient(another) as client:
        elsewhere = City(client, tokens)
        assert current(elsewhere, token).status_code == 200
        city.post("/v1/sessions/current/end", {}, token)
        assert told(current(elsewhere, token)) == (401, "session-ended")
