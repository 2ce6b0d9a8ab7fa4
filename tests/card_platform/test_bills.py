"""Bills for water, power and gas: brought once, found and paid by card or code, given back."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import msgspec
import pytest

from card_platform.regions import load_region
from card_platform.regions.pack import PACKS, PackIsFaulty, read_pack
from tests.card_platform.billing import GAS, POWER, WATER, Utility, wanted
from tests.card_platform.city import City, document
from tests.card_platform.phone import Phone
from tests.card_platform.premises import fill
from tests.card_platform.signing_in import System, sign_in_by_card


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def money(city: City, card_id: str) -> int:
    return int(city.get(f"/v1/cards/{card_id}/personal-money", "clerk").json()["balance_fen"])


@pytest.mark.parametrize(
    ("utility", "account", "expected"),
    [
        (WATER, "1000000008", True),
        (WATER, "1000000009", False),
        (WATER, "100000000", False),
        (WATER, "１000000008", False),
        (POWER, "5000000000042", True),
        (POWER, "5100000000042", False),
        (GAS, "RQ10000008", True),
        (GAS, "RQ10000009", False),
    ],
)
def test_an_account_number_is_written_as_its_utility_says(
    utility: str, account: str, expected: bool
) -> None:
    found = load_region("CQ").utility(utility)
    assert found is not None
    assert found.has_account(account) is expected


def test_the_check_digit_is_that_of_iso_iec_7812() -> None:
    """79927398713 is the widely printed example of the rule; any other last digit is wrong."""
    water = load_region("CQ").utility(WATER)
    assert water is not None
    printed = msgspec.structs.replace(water, account_pattern="[0-9]{11}")
    good = [digit for digit in range(10) if printed.has_account(f"7992739871{digit}")]
    assert good == [3]


def test_a_late_fee_grows_by_the_day_up_to_its_cap_and_never_by_part_of_a_fen() -> None:
    gas = load_region("CQ").utility(GAS)
    assert gas is not None
    due = date(2026, 1, 31)
    days = {0: 0, 1: 29, 2: 59, 10: 299, 166: 4_979, 167: 4_999, 9_999: 4_999}
    told = {n: gas.late_fee(9_999, due, date.fromordinal(due.toordinal() + n)) for n in days}
    assert told == days
    assert gas.late_fee(9_999, due, date(2025, 1, 1)) == 0


def test_a_pack_with_faulty_utilities_tells_every_fault(tmp_path: Any) -> None:
    text = (PACKS / "chongqing.toml").read_text(encoding="utf-8")
    text = text.replace('code = "jialing-gas"', 'code = "jialing-water"')
    text = text.replace('"50[0-9]{11}"', '"50[0-9"')
    first = text.index('unit = "thousandths"')
    text = text[:first] + text[first:].replace('"thousandths"', '"percent"', 1)
    (tmp_path / "faulty.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackIsFaulty) as refused:
        read_pack(tmp_path / "faulty.toml")
    for place in ("[2].code", "[1].account_pattern", "[0].late_fee_per_day.unit"):
        assert f"utilities{place}" in str(refused.value)


def test_bills_are_brought_once_by_their_own_number_with_all_faults_told(city: City) -> None:
    told = city.client.get("/v1/utilities").json()["utilities"]
    assert [(each["kind"], each["late_fee_per_day_thousandths"]) for each in told] == [
        ("water", 5),
        ("power", 1),
        ("gas", 3),
    ]
    water = Utility(city)
    first, second = water.bill(), water.bill()
    brought = water.bring(second, first)
    assert [each["number"] for each in brought] == [second["number"], first["number"]]
    assert {each["state"] for each in brought} == {"issued"}
    assert water.bring(first, second) == brought[::-1]
    third = water.bill(amount_fen=1)
    faulty = [third, water.bill(account="1000000009"), first | {"amount_fen": 9}, third]
    refused = water.ask("bills", {"bills": faulty})
    assert code_of(refused) == (400, "request-malformed")
    assert [each["path"] for each in refused.json()["faults"]] == [
        "bills[1].account",
        "bills[3].number",
        "bills[2].number",
    ]
    shapeless = water.ask("bills", {"bills": [first | {"period": "2026-13", "due_on": "soon"}]})
    paths = [each["path"] for each in shapeless.json()["faults"]]
    assert paths == ["bills[0].period", "bills[0].due_on"]
    listed = city.get(f"/v1/utilities/{WATER}/bills?state=issued", "department").json()["bills"]
    assert {each["number"] for each in listed} == {first["number"], second["number"]}
    nobody = city.post("/v1/utilities/no-such/bills", {"bills": [first]}, "department")
    assert code_of(nobody) == (404, "utility-unknown")
    power = Utility(city, POWER)
    same_number = power.bill(number=first["number"])
    assert power.bring(same_number)[0]["bill_id"] != brought[0]["bill_id"]
    own = System(city, "water-system", "department", "嘉陵自来水（虚构）").sign_in()["token"]
    assert water.ask("bills", {"bills": [third]}, own).status_code == 201
    assert code_of(power.ask("bills", {"bills": [third]}, own)) == (403, "utility-is-anothers")
    assert code_of(power.step(first["number"], "withdraw", own)) == (403, "utility-is-anothers")
    others = city.get(f"/v1/utilities/{POWER}/bills", own)
    assert code_of(others) == (403, "utility-is-anothers")
    assert water.step(third["number"], "withdraw", own).json()["state"] == "withdrawn"
    assert code_of(water.step(third["number"], "withdraw")) == (409, "bill-state-forbids")
    assert code_of(water.step(first["number"], "refund")) == (409, "bill-state-forbids")
    assert code_of(water.step("NO-SUCH", "refund")) == (404, "bill-unknown")


def test_a_card_finds_and_pays_bills_and_the_utility_gives_one_back(city: City) -> None:
    card_id, _ = city.active_card()
    water, gas = Utility(city), Utility(city, GAS)
    late = water.bill(due_on="2020-01-01", amount_fen=999, period="2019-12")
    water.bring(water.bill(), late, water.bill())
    (withdrawn,) = water.bring(water.bill())
    assert water.step(withdrawn["number"], "withdraw").is_success
    shown = water.shown(card_id)
    found = water.find(shown).json()
    assert [each["late_fee_fen"] for each in found["bills"]] == [999, 0, 0]
    assert found["total_fen"] == 999 * 2 + 20_000
    assert code_of(water.find(shown, account="1000000009")) == (422, "account-number-wrong")
    assert gas.find(shown).json() == {"bills": [], "total_fen": 0}
    bills = found["bills"]
    assert code_of(water.pay(shown, *bills)) == (422, "insufficient-balance")
    assert len(water.find(shown).json()["bills"]) == 3
    fill(city, card_id, 30_000)
    assert code_of(water.pay(shown, *bills, total_fen=20_999)) == (409, "bills-total-differs")
    assert code_of(gas.pay(shown, *bills)) == (404, "bill-unknown")
    assert code_of(water.pay(shown, withdrawn)) == (409, "bill-state-forbids")
    nameless = water.pay({"means": "card", "token": shown["token"]}, *bills)
    assert code_of(nameless) == (400, "request-malformed")
    assert code_of(water.pay({**shown, "name": "测试乙"}, *bills)) == (422, "name-differs")
    paid = water.pay(shown, *bills[:2]).json()
    assert (paid["means"], paid["total_fen"]) == ("card", 999 * 2 + 10_000)
    assert [each["state"] for each in paid["bills"]] == ["paid", "paid"]
    assert {each["payment_id"] for each in paid["bills"]} == {paid["payment_id"]}
    assert code_of(water.pay(shown, bills[0])) == (409, "bill-state-forbids")
    at_window = water.ask("bill-payments", {**shown, **wanted(bills[2])}, "clerk")
    assert at_window.status_code == 201, at_window.text
    assert (money(city, card_id), city.balances()[f"operator:{WATER}"]) == (8_002, 21_998)
    assert code_of(water.step(bills[0]["number"], "withdraw")) == (409, "bill-state-forbids")
    back = water.step(bills[0]["number"], "refund").json()
    assert (back["state"], back["late_fee_fen"]) == ("refunded", 999)
    assert code_of(water.step(bills[0]["number"], "refund")) == (409, "bill-state-forbids")
    assert (money(city, card_id), city.balances()[f"operator:{WATER}"]) == (10_000, 20_000)
    own = city.get(f"/v1/cards/{card_id}/bill-payments", "clerk").json()["payments"]
    assert [len(each["bills"]) for each in own] == [1, 2]
    assert sorted(each["state"] for each in own[1]["bills"]) == ["paid", "refunded"]
    assert city.get("/v1/ledger/check").json()["balanced"]
    events = city.get("/v1/outcomes?kinds=change-bill", "auditor").json()
    assert all(water.account not in each["detail"] for each in events["outcomes"])


def test_a_holder_pays_from_home_or_through_a_clerk_who_sees_the_document(city: City) -> None:
    card_id, chip = city.active_card()
    fill(city, card_id, 10_000)
    gas = Utility(city, GAS)
    home = sign_in_by_card(city, chip)["token"]
    gas.bring(gas.bill(amount_fen=700))
    asked = {"utility": GAS, "account": gas.account}
    open_bills = city.post(f"/v1/cards/{card_id}/open-bills", asked, home).json()["bills"]
    body = {"utility": GAS, **wanted(*open_bills)}
    from_home = city.post(f"/v1/cards/{card_id}/bill-payments", body, home)
    assert (from_home.status_code, from_home.json()["means"]) == (201, "holder")
    assert len(city.get(f"/v1/cards/{card_id}/bill-payments", home).json()["payments"]) == 1
    assert money(city, card_id) == 9_300
    bare = city.post(f"/v1/cards/{card_id}/open-bills", asked, "clerk")
    assert code_of(bare) == (422, "identity-document-missing")
    of_another = {**body, "document": document(2)}
    wrong = city.post(f"/v1/cards/{card_id}/bill-payments", of_another, "clerk")
    assert code_of(wrong) == (422, "document-is-not-the-holders")
    helped = {**asked, "document": document()}
    assert city.post(f"/v1/cards/{card_id}/open-bills", helped, "clerk").json()["bills"] == []


def test_card_electronic_card_and_code_pay_alike_and_a_stopped_card_pays_nothing(
    city: City,
) -> None:
    card_id, chip = city.active_card()
    home = sign_in_by_card(city, chip)["token"]
    fill(city, card_id, 100_000)
    phone = Phone(city)
    assert phone.enrol(card_id).status_code == 201
    power = Utility(city, POWER)
    bills = power.bring(*(power.bill() for _ in range(5)))
    electronic = city.get(f"/v1/cards/{card_id}").json()["electronic_card"]["electronic_card_id"]
    by_electronic = {"means": "electronic-card", "token": electronic}
    identity = {"means": "code", "token": phone.code("identity")}
    own_code = {"means": "code", "token": phone.code("payment")}
    assert len(power.find(identity).json()["bills"]) == 5
    assert code_of(power.find(own_code)) == (422, "code-purpose-differs")
    shown = power.shown(card_id)
    receipts = [
        power.pay(means, bill)
        for means, bill in zip((shown, by_electronic, own_code), bills, strict=False)
    ]
    assert [each.status_code for each in receipts] == [201] * 3, [each.text for each in receipts]
    same = {(each.json()["card_number"], each.json()["total_fen"]) for each in receipts}
    assert len(same) == 1
    assert code_of(power.pay(own_code, bills[4])) == (422, "code-already-used")
    shown_only = {"means": "code", "token": phone.code("identity")}
    assert code_of(power.pay(shown_only, bills[4])) == (422, "code-purpose-differs")
    waiting = {"means": "code", "token": phone.code("payment")}
    frozen = city.post(f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
    assert frozen.is_success
    for means in (shown, by_electronic, waiting):
        assert code_of(power.pay(means, bills[4])) == (422, "card-is-not-active"), means
    assert code_of(power.find(shown)) == (422, "card-is-not-active")
    body = {"utility": POWER, **wanted(bills[4])}
    from_home = city.post(f"/v1/cards/{card_id}/bill-payments", body, home)
    assert from_home.status_code >= 400, from_home.text
    assert city.balances()[f"operator:{POWER}"] == 30_000


def test_two_who_race_for_a_bill_pay_it_once_and_the_books_sum_to_zero(city: City) -> None:
    """Payers, bills and sets at random; the auditor rebuilds what every account must hold."""
    seed = 20_260_101
    chance = random.Random(seed)
    cards = [city.active_card(sequence)[0] for sequence in range(1, 5)]
    for person, card_id in enumerate(cards, start=1):
        fill(city, card_id, 60_000, person)
    water = Utility(city)
    bills = water.bring(*(water.bill(amount_fen=chance.randint(1, 9_999)) for _ in range(8)))
    shown = [water.shown(card_id) for card_id in cards]
    tries = [(chance.randrange(4), chance.sample(bills, chance.randint(1, 3))) for _ in range(16)]
    tries += [(payer, bills[:1]) for payer in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: water.pay(shown[one[0]], *one[1]), tries))
    refused = {code_of(each) for each in answers if each.status_code != 201}
    assert refused == {(409, "bill-state-forbids")}, (seed, refused)
    times: Counter[str] = Counter()
    spent = [0, 0, 0, 0]
    for (payer, _), answer in zip(tries, answers, strict=True):
        if answer.status_code == 201:
            spent[payer] += answer.json()["total_fen"]
            times.update(each["bill_id"] for each in answer.json()["bills"])
    assert times[bills[0]["bill_id"]] == 1, seed
    assert set(times.values()) == {1}, seed
    assert [money(city, card_id) for card_id in cards] == [60_000 - each for each in spent], seed
    assert city.balances()[f"operator:{WATER}"] == sum(spent), seed
    assert city.get("/v1/ledger/check").json()["balanced"]
