"""Electronic cards and their codes: signing, issuing, judging, burning, reports of terminals."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from gmssl_pyx import sm2_key_generate, sm2_sign
from sqlalchemy import func, select

from card_platform.installation import Installation
from card_platform.issuance.ecards.signing_life import (
    SIGNING_LIFE,
    SigningState,
    signing_after,
)
from card_platform.issuance.ecards.store import CODES
from card_platform.issuance.lifecycle import CardState
from card_platform.keys.sm2 import signature_is_right
from tests.card_platform.city import City, Terminal
from tests.card_platform.clinic import Place, hospital_desk
from tests.card_platform.journal_book import JournalBook
from tests.card_platform.phone import Phone, bytes_of, text_of

SITE = "渝中区服务网点"


@pytest.fixture
def holder(city: City) -> tuple[str, Phone]:
    """An active card, signed on a phone."""
    card_id, _ = city.active_card()
    phone = Phone(city)
    assert phone.enrol(card_id).status_code == 201
    return card_id, phone


@pytest.fixture
def hospital(city: City) -> Terminal:
    return hospital_desk(city, "hospital-1")


def checked(city: City, code: str) -> dict[str, Any]:
    body = {"purpose": "hotel", "code": code}
    answer = city.post("/v1/identity-checks", body, "clerk")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def reason(city: City, code: str) -> str | None:
    told: str | None = checked(city, code)["reason"]
    return told


def pass_time(city: City, seconds: int) -> None:
    assert city.post("/v1/clock", {"advance_s": seconds}, "trainer").status_code == 200


def signing(city: City, card_id: str) -> list[tuple[str, str]]:
    told = city.get(f"/v1/cards/{card_id}/electronic-card", "clerk").json()["signings"]
    return [(each["level"], each["state"]) for each in told]


def uses(city: City, card_id: str) -> list[tuple[str, str, bool]]:
    told = city.get(f"/v1/cards/{card_id}/electronic-card", "clerk").json()["uses"]
    return [(each["purpose"], each["finding"], each["offline"]) for each in told]


def settle(city: City, desk: Terminal, code: str, bill: str, amount_fen: int) -> Any:
    body = {"code": code, "bill": bill, "amount_fen": amount_fen}
    return city.post("/v1/medical/code-settlements", body, desk.token)


def credit(city: City, card_id: str, account: int, amount_fen: int) -> None:
    body = {"account": account, "amount_fen": amount_fen}
    answer = city.post(f"/v1/cards/{card_id}/medical-credits", body, "clerk")
    assert answer.status_code == 201


# signing


@pytest.mark.parametrize(("state", "card"), list(itertools.product(SigningState, CardState)))
def test_a_signing_follows_every_state_of_its_card(state: SigningState, card: CardState) -> None:
    after = signing_after(state, card)
    assert after is state or after in SIGNING_LIFE[state].values()
    if state is SigningState.ENDED:
        assert after is SigningState.ENDED
    elif card is CardState.ACTIVE:
        assert after is SigningState.VALID
    elif card in {CardState.CANCELLED, CardState.SUPERSEDED}:
        assert after is SigningState.ENDED
    else:
        assert after is SigningState.SUSPENDED


def test_only_an_active_card_is_signed_by_its_holder_with_a_key_of_the_phone(city: City) -> None:
    waiting = city.apply()["card_id"]
    refused = Phone(city).enrol(waiting)
    assert (refused.status_code, refused.json()["code"]) == (409, "signing-needs-active-card")
    card_id, _ = city.active_card(2)
    path = f"/v1/cards/{card_id}/signings"
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    right = Phone(city).enrolment(number, "real-name", 2)
    others = Phone(city).enrolment(number, "real-name", 2)["proof"]
    of_higher_level = Phone(city).enrolment(number, "real-person", 2)["proof"]
    for changed, status, code in (
        ({"document": Phone(city).enrolment(number, "real-name", 1)["document"]}, 422,
         "document-is-not-the-holders"),
        ({"proof": others}, 422, "device-proof-wrong"),
        ({"proof": of_higher_level}, 422, "device-proof-wrong"),
        ({"public_key": "00" * 64}, 400, "request-malformed"),
    ):  # fmt: skip
        answer = city.post(path, right | changed, "clerk")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert signing(city, card_id) == []
    assert city.post(path, right, "clerk").json()["state"] == "valid"
    assert city.post("/v1/cards/card-0/signings", right, "clerk").status_code == 404


def test_a_new_signing_ends_the_one_before_it_and_the_holder_may_end_it(
    city: City, holder: tuple[str, Phone]
) -> None:
    card_id, former = holder
    shown = former.code()
    new = Phone(city)
    new.enrol(card_id, "real-name")
    assert signing(city, card_id) == [("real-name", "valid"), ("real-person", "ended")]
    assert reason(city, shown) == "code-signing-ended"
    refused = former.ask(former.request())
    assert (refused.status_code, refused.json()["code"]) == (409, "signing-not-valid")
    shown = new.code()
    assert reason(city, shown) is None
    end = {"document": Phone(city).enrolment("A", "real-name")["document"]}
    assert city.post(f"/v1/cards/{card_id}/signing-end", end, "clerk").json()["state"] == "ended"
    assert reason(city, shown) == "code-signing-ended"
    again = city.post(f"/v1/cards/{card_id}/signing-end", end, "clerk")
    assert (again.status_code, again.json()["code"]) == (409, "card-not-signed")
    assert city.get(f"/v1/cards/{card_id}").json()["state"] == "active"


def test_of_phones_that_sign_at_once_one_is_valid(city: City) -> None:
    card_id, _ = city.active_card()
    phones = [Phone(city) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda phone: phone.enrol(card_id).status_code, phones))
    assert answers == [201] * 6
    assert sorted(state for _, state in signing(city, card_id)) == ["ended"] * 5 + ["valid"]


# what happens to the card happens to the signing and its codes, at once


def test_what_stops_the_card_stops_its_codes_and_what_restores_it_restores_them(
    city: City, holder: tuple[str, Phone]
) -> None:
    card_id, phone = holder
    path = f"/v1/cards/{card_id}"
    document = phone.enrolment("A", "real-name")["document"]
    for stop, stopped, resume in (
        (("loss-report", {"kind": "oral"}, "clerk"), "orally_lost",
         ("restoration", {"document": document, "reason": "找到了"}, "clerk")),
        (("loss-report", {"kind": "formal"}, "clerk"), "lost",
         ("restoration", {"document": document, "reason": "找到了"}, "clerk")),
        (("freeze", {"ground": "stolen"}, "supervisor"), "frozen",
         ("freeze-lift", {"decision": "核查"}, "supervisor")),
    ):  # fmt: skip
        shown = phone.code()
        assert reason(city, shown) is None
        city.post(f"{path}/{stop[0]}", stop[1], stop[2])
        told = checked(city, shown)
        assert (told["reason"], told["card_state"]) == ("card-is-not-active", stopped)
        assert "holder" not in told
        assert phone.ask(phone.request()).json()["code"] == "signing-not-valid"
        assert signing(city, card_id) == [("real-person", "suspended")]
        city.post(f"{path}/{resume[0]}", resume[1], resume[2])
        assert reason(city, shown) is None
    ended = {"reason": "death", "evidence": "证明"}
    city.post(f"{path}/cancellation", ended, "supervisor")
    assert reason(city, shown) == "card-is-not-active"
    assert signing(city, card_id) == [("real-person", "ended")]


def test_who_gets_a_new_card_signs_anew(city: City, holder: tuple[str, Phone]) -> None:
    card_id, phone = holder
    shown = phone.code()
    document = phone.enrolment("A", "real-name")["document"]
    body = {"reason": "unreadable", "document": document, "site": SITE}
    new = city.post(f"/v1/cards/{card_id}/exchange", body, "clerk").json()["card_id"]
    assert reason(city, shown) == "card-is-not-active"
    assert signing(city, card_id) == [("real-person", "ended")]
    city.produce(new)
    city.post(f"/v1/cards/{new}/activation", {"document": document}, "clerk")
    assert phone.enrol(new).status_code == 201
    assert reason(city, phone.code()) is None


# asking for codes


def test_a_phone_asks_in_its_own_name_in_time_and_once(
    city: City, holder: tuple[str, Phone]
) -> None:
    _, phone = holder
    asked = phone.request()
    stranger = Phone(city, signing_id=phone.signing_id)
    late = datetime.fromisoformat(asked["at"]) - timedelta(seconds=61)
    early = datetime.fromisoformat(asked["at"]) + timedelta(seconds=70)
    for body, status, code in (
        (stranger.request(), 404, "signing-unknown"),
        (asked | {"purpose": "payment"}, 404, "signing-unknown"),
        (phone.request(signing_id="signing-0"), 404, "signing-unknown"),
        (phone.request(at=late.isoformat()), 422, "code-request-out-of-time"),
        (phone.request(at=early.isoformat()), 422, "code-request-out-of-time"),
        (phone.request(at="2026-13-01T00:00:00Z"), 400, "request-malformed"),
        (phone.request(kind="fusion-code"), 422, "no-fusion-code-here"),
    ):
        answer = phone.ask(body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert phone.ask(asked).status_code == 201
    replayed = phone.ask(asked)
    assert (replayed.status_code, replayed.json()["code"]) == (409, "code-request-replayed")


def test_a_signing_by_name_gets_no_codes_that_move_money(city: City) -> None:
    card_id, _ = city.active_card()
    phone = Phone(city)
    phone.enrol(card_id, "real-name")
    for purpose, status in (
        ("identity", 201),
        ("transit", 201),
        ("medical", 403),
        ("payment", 403),
    ):
        answer = phone.ask(phone.request(purpose))
        assert answer.status_code == status
    assert answer.json()["code"] == "signing-level-too-low"


def test_a_phone_holds_only_so_many_live_codes(city: City, holder: tuple[str, Phone]) -> None:
    _, phone = holder
    for _ in range(20):
        phone.code()
    refused = phone.ask(phone.request())
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-codes")
    pass_time(city, 61)
    phone.code()


# judging codes


def test_a_good_code_tells_what_the_card_would(city: City, holder: tuple[str, Phone]) -> None:
    card_id, phone = holder
    card = city.get(f"/v1/cards/{card_id}").json()
    code = phone.code()
    first, second = checked(city, code), checked(city, code)
    assert first.pop("check_id") != second.pop("check_id")
    assert first == second, "who one is does not wear out"
    assert first == {
        "result": "valid",
        "reason": None,
        "card_state": "active",
        "holder": {
            "card_number": card["card_number"],
            "name": "测试甲",
            "document_number": phone.enrolment("A", "real-name")["document"]["number"],
            "region": "500000",
            "valid_until": first["holder"]["valid_until"],
        },
    }
    log = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()["reads"]
    told = [each["items"] for each in log if each["basis"] == "holder"]
    assert told.count("name document_number card_number") == 2


def test_each_fault_of_a_code_has_its_own_reason_in_both_languages(
    city: City, holder: tuple[str, Phone], hospital: Terminal
) -> None:
    card_id, phone = holder
    credit(city, card_id, 1, 1_000)
    code = phone.code()
    whole = bytes_of(code)
    other_public, other_private = sm2_key_generate()
    body = bytes.fromhex("01640000") + whole[4:40]
    forged = sm2_sign(other_private, other_public, b"onecard-code/1\n" + body)
    assert forged
    used = phone.code("medical")
    assert settle(city, hospital, used, "B1", 100).status_code == 201
    faults = {
        "code-unreadable": "健康码",
        "code-not-genuine": text_of(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:]),
        "code-of-another-region": text_of(body + bytes(64)),
        "code-purpose-differs": phone.code("transit"),
    }
    for expected, text in faults.items():
        told = checked(city, text)
        assert (told["result"], told["reason"]) == ("refused", expected)
        assert told["detail_zh"] != told["detail_en"]
        assert told["detail_zh"]
        assert told["detail_en"]
    again = settle(city, hospital, used, "B2", 100)
    assert (again.status_code, again.json()["code"]) == (422, "code-already-used")
    assert settle(city, hospital, code, "B3", 100).json()["code"] == "code-purpose-differs"
    pass_time(city, 61)
    assert reason(city, code) == "code-expired"


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "hotel"},
        {"purpose": "hotel", "card_number": "A00000001"},
        {"purpose": "hotel", "name": "甲"},
        {"purpose": "hotel", "code": "x", "name": "甲"},
        {"purpose": "hotel", "code": "x", "card_number": "A00000001", "name": "甲"},
    ],
)
def test_a_check_is_by_card_or_by_code_and_not_by_both(city: City, body: dict[str, str]) -> None:
    terminal = city.enrol()
    for caller in ("clerk", terminal.token, terminal.token):  # the second time express
        answer = city.post("/v1/identity-checks", body, caller)
        assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")


def test_terminals_get_the_key_that_signed_the_code(city: City, holder: tuple[str, Phone]) -> None:
    _, phone = holder
    told = city.client.get("/v1/code-keys").json()
    (key,) = told["keys"]
    whole = bytes_of(phone.code())
    assert (key["region"], key["number"]) == (whole[1:4].hex(), whole[4])
    signed = b"onecard-code/1\n" + whole[:40]
    assert signature_is_right(bytes.fromhex(key["public_key"]), signed, whole[40:])
    rules = {each["purpose"]: (each["single_use"], each["offline"]) for each in told["rules"]}
    assert rules == {
        "identity": (False, True),
        "transit": (True, True),
        "medical": (True, False),
        "payment": (True, False),
    }


# settling by code


def test_a_bill_is_settled_from_both_accounts_and_the_rest_is_cash(
    city: City, holder: tuple[str, Phone], hospital: Terminal
) -> None:
    card_id, phone = holder
    credit(city, card_id, 1, 6_000)
    credit(city, card_id, 2, 500)
    settled = settle(city, hospital, phone.code("medical"), "B1", 7_500)
    told = settled.json()
    assert (settled.status_code, told["paid_fen"], told["unpaid_fen"]) == (
        201, {"1": 6_000, "2": 500}, 1_000,
    )  # fmt: skip
    assert city.balances()["operator:hospital-1"] == 6_500
    assert city.get("/v1/ledger/check").json()["balanced"]
    again = settle(city, hospital, phone.code("medical"), "B1", 7_500)
    assert (again.status_code, again.json()["code"]) == (409, "bill-already-settled")
    empty = settle(city, hospital, phone.code("medical"), "B2", 100).json()
    assert (empty["paid_fen"], empty["unpaid_fen"], empty["posting_id"]) == ({}, 100, None)
    bills = city.get(f"/v1/cards/{card_id}/medical").json()["code_settlements"]
    assert [(each["bill"], each["unpaid_fen"]) for each in bills] == [("B2", 100), ("B1", 1_000)]


def test_a_code_settles_at_designated_places_only_and_is_not_burnt_at_others(
    city: City, holder: tuple[str, Phone]
) -> None:
    card_id, phone = holder
    credit(city, card_id, 1, 6_000)
    code = phone.code("medical")

    def refused(desk: Terminal) -> tuple[int, str]:
        answer = settle(city, desk, code, "B1", 1_000)
        return answer.status_code, answer.json()["code"]

    place = Place(city, "pharmacy", None)
    elsewhere = city.enrol("hospital_desk", None)
    for desk in (place.terminal, elsewhere, city.enrol("counter", None)):
        assert refused(desk) == (403, "institution-not-designated")
    assert place.designate().status_code == 201
    place.change("suspend")
    assert refused(place.terminal) == (403, "designation-suspended")
    place.change("end")
    place.designate(from_day="2099-01-01")
    assert refused(place.terminal) == (403, "designation-not-in-force")
    place.change("end")
    place.designate()
    assert settle(city, place.terminal, code, "B1", 1_000).status_code == 201
    assert city.balances()[f"operator:{place.operator}"] == 1_000
    assert refused(elsewhere) == (403, "institution-not-designated")


def test_of_desks_that_use_a_code_at_once_one_is_paid(
    city: City, holder: tuple[str, Phone], hospital: Terminal
) -> None:
    card_id, phone = holder
    credit(city, card_id, 1, 10_000)
    code = phone.code("medical")

    def use(number: int) -> int:
        status: int = settle(city, hospital, code, f"B{number}", 100).status_code
        return status

    with ThreadPoolExecutor(8) as desks:
        answers = sorted(desks.map(use, range(8)))
    assert answers == [201] + [422] * 7
    assert city.balances()["operator:hospital-1"] == 100
    assert uses(city, card_id) == [("medical", "right", False)]


# reports of terminals without a line


def report(city: City, terminal: Terminal, code: str, purpose: str, at: datetime) -> str:
    body = {"code": code, "purpose": purpose, "at": at.isoformat()}
    answer = city.post("/v1/code-uses", body, terminal.token)
    assert answer.status_code == 201, answer.text
    finding: str = answer.json()["finding"]
    return finding


def test_a_use_without_a_line_is_judged_by_its_own_moment(
    city: City, holder: tuple[str, Phone]
) -> None:
    card_id, phone = holder
    gate = city.enrol()
    identity, transit, medical = (phone.code(each) for each in ("identity", "transit", "medical"))
    now = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    later = now + timedelta(seconds=200)
    pass_time(city, 3600)
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    assert report(city, gate, identity, "identity", now) == "right"
    assert report(city, gate, identity, "identity", now) == "right"
    assert report(city, gate, identity, "transit", now) == "code-purpose-differs"
    assert report(city, gate, identity, "identity", later) == "code-expired"
    early = now - timedelta(seconds=90)
    assert report(city, gate, identity, "identity", early) == "code-from-the-future"
    assert report(city, gate, medical, "medical", now) == "code-needs-line"
    assert report(city, gate, transit, "transit", now) == "right"
    assert report(city, gate, transit, "transit", now) == "code-already-used"
    assert report(city, gate, "健康码", "identity", now) == "code-unreadable"
    assert ("transit", "code-already-used", True) in uses(city, card_id)
    assert reason(city, transit) == "card-is-not-active"


def test_a_use_after_the_loss_report_is_found(city: City, holder: tuple[str, Phone]) -> None:
    card_id, phone = holder
    code = phone.code()
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    pass_time(city, 5)
    now = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    assert report(city, city.enrol(), code, "identity", now) == "card-is-not-active"


def test_two_gates_that_took_one_code_are_found_by_their_journals(
    city: City, holder: tuple[str, Phone]
) -> None:
    card_id, phone = holder
    code = phone.code("transit")
    at = city.get("/v1/clock").json()["now"]
    findings = []
    for station in ("0201", "0205"):
        book = JournalBook.of_new_terminal(city, "metro_gate", station)
        book.write("code-use", {"code": code, "purpose": "transit", "at": at})
        (answer,) = book.send(city).json()["answers"]
        assert answer["result"] == "taken"
        findings.append(answer["answer"]["finding"])
        assert book.send(city).json()["answers"] == [answer], "told twice, found once"
    assert findings == ["right", "code-already-used"]
    assert [each[1] for each in uses(city, card_id)] == findings[::-1]


def test_codes_nobody_can_report_any_more_are_forgotten(
    city: City, holder: tuple[str, Phone], installation: Installation
) -> None:
    _, phone = holder
    phone.code()

    def kept() -> int:
        query = select(func.count()).select_from(CODES)
        return int(installation.database.read_now(lambda tx: tx.execute(query).scalar_one()))

    pass_time(city, 29 * 86_400)
    assert kept() == 1
    code = phone.code()
    pass_time(city, 2 * 86_400)
    assert kept() == 1
    assert reason(city, code) == "code-expired"
