"""Lists by pages: one way everywhere, the same list by small pages as at once."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.card_platform.billing import Utility
from tests.card_platform.busy_card import fill_card
from tests.card_platform.card_maker import fill_production
from tests.card_platform.city import City, document, resident
from tests.card_platform.clinic import hospital, insure
from tests.card_platform.listings import bind_function, compile_item, publish_item, scheme, site
from tests.card_platform.payees import brought, csv_file, decide, line_of
from tests.card_platform.premises import fill as money
from tests.card_platform.premises import premises
from tests.card_platform.signing_in import System, mandate, open_account
from tests.card_platform.test_bank_orders import DAY_S, behave, order, ready_account, wait
from tests.card_platform.test_banks import BANK
from tests.card_platform.test_closings import month_on
from tests.card_platform.test_reconciliation import compared
from virtual_cards.keys import sm2

LISTS = {
    "/v1/cards/{card_id}/history": ("clerk", "changes"),
    "/v1/cards/{card_id}/consents": ("clerk", "consents"),
    "/v1/cards/{card_id}/access-log": ("clerk", "reads"),
    "/v1/cards/{card_id}/agents": ("clerk", "agents"),
    "/v1/accounts": ("auditor", "accounts"),
    "/v1/complaints": ("clerk", "complaints"),
    "/v1/complaints-from-regions": ("clerk", "complaints"),
    "/v1/services-from-regions": ("auditor", "services"),
    "/v1/paper-requests": ("inspector", "requests"),
    "/v1/terminal-health": ("operator", "terminals"),
    "/v1/bank-contracts": ("bank", "contracts"),
    "/v1/bank-orders": ("auditor", "orders"),
    "/v1/bank-statements": ("auditor", "statements"),
    "/v1/bank-statements/{bank}/{day}/differences": ("operator", "differences"),
    "/v1/bank-differences": ("supervisor", "differences"),
    "/v1/bank-days-not-compared": ("operator", "days"),
    "/v1/payout-batches": ("auditor", "batches"),
    "/v1/payout-batches/{batch_id}/faults": ("operator", "faults"),
    "/v1/payout-batches/{batch_id}/lines": ("supervisor", "lines"),
    "/v1/payout-batches/{batch_id}/exceptions": ("auditor", "exceptions"),
    "/v1/payout-batches/{batch_id}/other-accounts": ("auditor", "other_accounts"),
    "/v1/payout-batches/{batch_id}/files": ("auditor", "files"),
    "/v1/clearing/days": ("auditor", "days"),
    "/v1/clearing/differences": ("operator", "sheets"),
    "/v1/transit/fare-differences": ("supervisor", "differences"),
    "/v1/transit/fare-refunds": ("auditor", "refunds"),
    "/v1/cards/{card_id}/transit/fare-refunds": ("clerk", "refunds"),
    "/v1/ledger/accounts": ("operator", "accounts"),
    "/v1/ledger/closings": ("operator", "closings"),
    "/v1/ledger/closings/{period}/balances": ("auditor", "balances"),
    "/v1/exchange/links": ("operator", "links"),
    "/v1/catalogue": ("", "items"),
    "/v1/catalogue-items": ("department", "items"),
    "/v1/catalogue-items/{item_id}/history": ("department", "changes"),
    "/v1/sites": ("", "sites"),
    "/v1/card-schemes": ("department", "schemes"),
    "/v1/cards/{card_id}/scheme-functions": ("clerk", "functions"),
    "/v1/stopped-queries": ("inspector", "queries"),
    "/v1/webhooks": ("operator", "webhooks"),
    "/v1/cards/{card_id}/transit/rides": ("clerk", "rides"),
    "/v1/cards/{card_id}/transit/refusals": ("operator", "refusals"),
    "/v1/cards/{card_id}/transit/loads": ("clerk", "loads"),
    "/v1/cards/{card_id}/transit/purchases": ("clerk", "purchases"),
    "/v1/cards/{card_id}/medical/loads": ("clerk", "loads"),
    "/v1/cards/{card_id}/medical/payments": ("clerk", "payments"),
    "/v1/cards/{card_id}/medical/code-settlements": ("clerk", "code_settlements"),
    "/v1/cards/{card_id}/medical-visits": ("clerk", "visits"),
    "/v1/employment/matters": ("supervisor", "matters"),
    "/v1/cards/{card_id}/employment-matters": ("clerk", "matters"),
    "/v1/cards/{card_id}/medical-settlements": ("clerk", "settlements"),
    "/v1/cards/{card_id}/medical-filings": ("clerk", "filings"),
    "/v1/medical/designations": ("", "designations"),
    "/v1/medical/clearings": ("auditor", "statements"),
    "/v1/medical/stays-elsewhere": ("auditor", "stays"),
    "/v1/medical/held-bills": ("auditor", "bills"),
    "/v1/utilities/{utility}/bills": ("department", "bills"),
    "/v1/cards/{card_id}/bill-payments": ("clerk", "payments"),
    "/v1/offers": ("", "offers"),
    "/v1/cards/{card_id}/offer-acts": ("clerk", "acts"),
    "/v1/cards/{card_id}/electronic-card/signings": ("clerk", "signings"),
    "/v1/cards/{card_id}/electronic-card/uses": ("operator", "uses"),
    "/v1/cards/{card_id}/record/loss-reports": ("clerk", "loss_reports"),
    "/v1/cards/{card_id}/record/freezes": ("supervisor", "freezes"),
    "/v1/licences/{licence_id}/changes": ("inspector", "changes"),
    "/v1/risk/alerts": ("auditor", "alerts"),
    "/v1/risk/cases": ("auditor", "cases"),
    "/v1/risk/rule-versions": ("supervisor", "versions"),
    "/v1/cards/{card_id}/risk-cases": ("clerk", "cases"),
    "/v1/cards/{card_id}/credit-file": ("clerk", "entries"),
    "/v1/emergencies": ("operator", "emergencies"),
    "/v1/terminals/{terminal_number}/certificates": ("operator", "certificates"),
    "/v1/accountability/cases": ("inspector", "cases"),
    "/v1/security-inspections": ("auditor", "inspections"),
    "/v1/online-applications": ("clerk", "applications"),
    "/v1/production-orders": ("production", "orders"),
    "/v1/production-orders/{order_id}/images": ("production", "images"),
    "/v1/deliveries": ("clerk", "deliveries"),
    "/v1/deliveries/{delivery_id}/cards": ("clerk", "cards"),
}
"""Every list that can grow: who may read it, and the field of the answer it is in."""
KEY = "A" * 128


def page(city: City, path: str, caller: str, **asked: str | int) -> Any:
    token = city.tokens.get(caller, "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return city.client.get(path, params=asked, headers=headers)


def fill(city: City) -> dict[str, str]:
    """Three of everything; the ids that stand in paths."""
    ids = fill_card(city)
    card_id = ids["card_id"]
    card_number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    for number in range(3):
        credit = {"account": 1, "amount_fen": 100}
        city.post(f"/v1/cards/{card_id}/medical-credits", credit, "clerk")
        mandated = {"agent": mandate(number + 2), "document": document()}
        named = city.post(f"/v1/cards/{card_id}/agents", mandated, "clerk")
        assert named.status_code == 201, named.text
        open_account(city, f"staff-{2 - number}")
        webhook = {"url": f"http://127.0.0.1:9/{number}", "kinds": ["tap"]}
        assert city.post("/v1/webhooks", webhook, "operator").status_code == 201
        consent = {
            "document_number": document()["number"],
            "institution": f"测试机构{number}",
            "purpose": "测试",
            "items": ["name"],
            "from_at": "2020-01-01T00:00:00+08:00",
            "until_at": "2099-01-01T00:00:00+08:00",
        }
        answer = city.post(f"/v1/cards/{card_id}/consents", consent, "clerk")
        assert answer.status_code == 201, answer.text
        check = {"purpose": "service-counter", "card_number": card_number, "name": "测试甲"}
        assert city.post("/v1/identity-checks", check, "clerk").status_code == 200
        city.get(f"/v1/cards/{card_id}/access-log", "clerk")
        asked = {"kind": "insurance-record", "card_number": card_number, "name": "测试甲"}
        assert city.post("/v1/employment/matters", asked, "clerk").status_code == 201
        filing = {
            "kind": "complaint", "channel": "site", "subject": "测试", "content": "测试内容",
            "card_number": None, "contact": None, "conduct": None,
        }  # fmt: skip
        assert city.post("/v1/complaints", filing, "clerk").status_code == 201
        inspect(city)
        participant: dict[str, Any] = {
            "participant_id": f"51000{number}",
            "kind": "department",
            "name_zh": "测试部门",
            "public_key": KEY,
            "subjects": [],
            "url": None,
        }
        assert city.post("/v1/exchange/participants", participant, "operator").status_code == 201
        made = city.post("/v1/sites", site(name_zh=f"测试网点{number}"), "operator")
        assert made.status_code == 201, made.text
        uses = [f"测试用途{number}"]
        told = scheme(name_zh=f"测试证{number}", uses=uses, owner="civil-affairs", document="1号")
        city.post("/v1/card-schemes", told, "department")
        compile_item(city, name_zh=f"测试事项{number}", uses=uses)
    in_production = fill_production(city)
    terminal_number = certified(city)
    treat(city, card_id)
    for _ in range(3):
        premises(city, "session", {"price_fen": 0}).do("uses", card_id)
    utility = Utility(city)
    money(city, card_id, 30_000)
    for bill in utility.bring(*(utility.bill() for _ in range(3))):
        assert utility.pay(card_id, bill).status_code == 201
    suspect(city, card_id)
    item_id = ""
    for number in range(3, 6):
        uses = [f"测试用途{number}"]
        item_id = publish_item(city, name_zh=f"测试事项{number}", uses=uses)
        bind_function(city, ids["card_id"], name_zh=f"国家证{number}", uses=uses)
    period = closed_months(city)[-1]
    for number in range(3):
        assert order(city, ready_account(city, 20 + number), 1).status_code == 201
    batch_id = payouts_of(city, [20, 21, 22])
    charge_otherwise(city)
    clear_days(city)
    day = reconcile(city)
    choose_banks(city)  # last: months later a session has ended
    return {
        **ids,
        **in_production,
        "terminal_number": terminal_number,
        "utility": utility.code,
        "item_id": item_id,
        "period": period,
        "batch_id": batch_id,
        "bank": BANK,
        "day": day,
    }


def inspect(city: City) -> None:
    """A case and a security inspection."""
    case = {"kind": "card-refused", "against": "staff", "respondent": "x", "facts": "测试"}
    check = {"control": "audit-chain", "result": "failed", "note": "x"}
    inspection = {"institution": "x", "scope": "y", "checks": [check], "findings": []}
    for path, body in (("accountability/cases", case), ("security-inspections", inspection)):
        answer = city.post(f"/v1/{path}", body, "inspector")
        assert answer.status_code == 201, answer.text


def certified(city: City) -> str:
    """A terminal with three certificates."""
    key = sm2.generate()[0].hex()
    terminal = city.enrol("counter", None, public_key=key)
    for _ in range(2):
        path = f"/v1/terminals/{terminal.number}/certificates"
        assert city.post(path, {"public_key": key}, "operator").status_code == 201
    return terminal.number


def payouts_of(city: City, payees: list[int]) -> str:
    """Three batches; one with three faults, and three lines the bank refused twice."""
    for number in (1, 2):
        brought(city, csv_file([line_of(payees[0])], f"M-{number}", period="2025"))
    nobody = [line_of(number) for number in (200, 201, 202)]
    batch_id = str(brought(city, csv_file([*map(line_of, payees), *nobody], "M-3"))["batch_id"])
    behave(city, refuse_percent=100)
    assert decide(city, batch_id).status_code == 200
    wait(city, 1)
    for line in (3, 4, 5):
        again = {"decision": "reissue", "reason": "重发"}
        path = f"/v1/payout-batches/{batch_id}/exceptions/{line}/decision"
        assert city.post(path, again, "supervisor").status_code == 200
        wait(city, 1)
    behave(city)
    return batch_id


def treat(city: City, card_id: str) -> None:
    """Three filings, and three visits to designated hospitals."""
    insure(city, card_id)
    today = city.get("/v1/clock").json()["now"][:10]
    for region in ("510000", "310000", "640000"):
        body = {"kind": "long-term", "region": region, "from_day": today, "document": document()}
        filed = city.post(f"/v1/cards/{card_id}/medical-filings", body, "clerk")
        assert filed.status_code == 201, filed.text
        hospital(city).settled(card_id)


def suspect(city: City, card_id: str) -> None:
    """Three cases that were confirmed, alerts, alarms and versions of the rules."""
    for number in range(3):
        body = {"typology": "card-lent", "card_id": card_id, "facts": "测试"}
        case_id = city.post("/v1/risk/cases", body, "supervisor").json()["case_id"]
        at = f"/v1/risk/cases/{case_id}"
        city.post(f"{at}/assignment", {"to": "inspector"}, "inspector")
        decided = city.post(f"{at}/decision", {"action": "confirm", "text": "x"}, "inspector")
        assert decided.status_code == 200, decided.text
        alarm = {"kind": f"leak-{number}", "reason": "测试"}
        assert city.post("/v1/emergencies", alarm, "operator").status_code == 201
        numbers = [{"name": "card-lent.raise_percent", "value": number}]
        version = {"numbers": numbers, "reason": "测试"}
        assert city.post("/v1/risk/rule-versions", version, "supervisor").status_code == 201
        code = json.dumps({"outcome": "certificate-wrong"})
        now = city.get("/v1/clock", "clerk").json()["now"][:19] + "+08:00"
        line = (
            f'{{"id":"T{number}","kind":"card.authentication","at":"{now}","received_at":"{now}",'
            f'"region":"CQ","card":"F{number}","device":"d{number}","detail":{code}}}'
        )
        sent = {"lines": line + "\n" + line.replace(f'"T{number}"', f'"U{number}"')}
        assert city.post("/v1/risk/events", sent, "operator").json()["taken"] == 2


def charge_otherwise(city: City) -> None:
    """Three rides that cost more than the line's fare."""
    _, chip = city.active_card(40)
    chip.balance_fen = 10_000
    bus = city.enrol("bus_validator", None, bus_line="B104")
    for _ in range(3):
        tap = chip.tap(bus.number, "single", "B104", amount_fen=300)
        assert city.post("/v1/transit/taps", tap, bus.token).status_code == 201


def clear_days(city: City) -> None:
    """The three days before yesterday."""
    today = datetime.fromisoformat(city.get("/v1/clock", "clerk").json()["now"]).date()
    for before in (4, 3, 2):
        day = {"day": (today - timedelta(days=before)).isoformat()}
        assert city.post("/v1/clearing/days", day, "operator").status_code == 201


def reconcile(city: City) -> str:
    """Three days of a bank with three lines each that nobody here ordered; the last of them."""
    today = datetime.fromisoformat(city.get("/v1/clock", "clerk").json()["now"]).date()
    days = [(today - timedelta(days=before)).isoformat() for before in (3, 2, 1)]
    for day in days:
        assert compared(city, day, extra=3)["left"] >= 3
    leave_bank_days(city, ready_account(city, 23))
    return days[-1]


def leave_bank_days(city: City, card_id: str) -> None:
    """Three days on which a bank booked something and brought no file."""
    for number in range(3):
        paid = order(city, card_id, number, client_id=f"open-{number}")
        assert paid.status_code == 201, paid.text
        wait(city, DAY_S)


def choose_banks(city: City) -> None:
    """Three contracts with one bank, which signs in."""
    card_id, _ = city.active_card(9)
    shown = {"document": document(9)}
    for number in range(3):
        for change in ({"action": "open", "bank": "jialing-bank"}, {"action": "close"}):
            answer = city.post(f"/v1/cards/{card_id}/financial-function", change | shown, "clerk")
            assert answer.status_code == 200, (number, answer.text)
    city.tokens["bank"] = System(city, "jialing-bank", "bank").sign_in()["token"]


def closed_months(city: City) -> list[str]:
    """Three months with accounts that moved."""
    for name in ("fund:a", "fund:b", "fund:c"):
        assert city.post("/v1/ledger/accounts", {"name": name}, "operator").status_code == 201
    months = []
    for number in range(3):
        for credit in ("fund:b", "fund:c"):
            names = {"client_id": f"{credit}-{number}", "debit": "fund:a", "credit": credit}
            body = names | {"amount_fen": 100, "purpose": "测试"}
            assert city.post("/v1/ledger/transfers", body, "operator").status_code == 201
        months.append(month_on(city))
        closed = city.post("/v1/ledger/closings", {"period": months[-1]}, "supervisor")
        assert closed.status_code == 201, closed.text
    return months


def test_every_list_is_the_same_by_small_pages_and_refuses_a_wrong_cursor(city: City) -> None:
    ids = fill(city)  # the longest part: filled once for all that is asked of it
    read_by_small_pages(city, ids)
    refuse_wrong_cursors(city, ids)
    tell_accounts_by_name_and_agents_the_latest_first(city, ids)


def read_by_small_pages(city: City, ids: dict[str, str]) -> None:
    short = []
    for path, (caller, field) in LISTS.items():
        at = path.format(**ids)
        whole = page(city, at, caller, limit=200).json()
        if field != "reads":
            assert whole["next"] is None
        if len(whole[field]) < 3:
            short.append(path)
        gathered: list[Any] = []
        after: dict[str, str] = {}
        for _ in range(60):
            answer = page(city, at, caller, limit=2, **after)
            assert answer.status_code == 200, answer.text
            assert len(answer.json()[field]) <= 2
            gathered += answer.json()[field]
            if answer.json()["next"] is None:
                break
            after = {"after": answer.json()["next"]}
        if field == "reads":
            # Looking at the log is a read too, so there are new ones in front.
            assert gathered[-len(whole[field]) :] == whole[field] or len(gathered) >= 6
        else:
            assert gathered == whole[field], path
    unfilled = {
        "/v1/complaints-from-regions",
        "/v1/services-from-regions",
        "/v1/paper-requests",
        "/v1/stopped-queries",
        "/v1/payout-batches/{batch_id}/other-accounts",
        "/v1/medical/clearings",
        "/v1/medical/stays-elsewhere",
        "/v1/medical/held-bills",
        "/v1/clearing/differences",
    }
    assert set(short) <= unfilled


def refuse_wrong_cursors(city: City, ids: dict[str, str]) -> None:
    of_sites = page(city, "/v1/sites", "", limit=1).json()["next"]
    of_history = page(city, LISTS_PATH.format(**ids), "clerk", limit=1).json()["next"]
    for path, (caller, _) in LISTS.items():
        at = path.format(**ids)
        for wrong in ("", "x", "!!!!", "WyJhIl0", "AAAA", of_sites, of_history, "\x00", "9" * 300):
            if wrong in (of_sites, of_history) and page(city, at, caller, after=wrong).is_success:
                assert at == ("/v1/sites" if wrong == of_sites else LISTS_PATH.format(**ids))
                continue
            answer = page(city, at, caller, after=wrong)
            assert (answer.status_code, answer.json()["code"]) == (400, "cursor-wrong"), (at, wrong)


LISTS_PATH = "/v1/cards/{card_id}/history"


def tell_accounts_by_name_and_agents_the_latest_first(city: City, ids: dict[str, str]) -> None:
    at = f"/v1/cards/{ids['card_id']}/agents"
    names = [each["name"] for each in page(city, "/v1/accounts", "operator").json()["accounts"]]
    assert names == ["staff-0", "staff-1", "staff-2"]
    agents = page(city, at, "clerk").json()["agents"]
    last_characters = [each["document_number"][-2:] for each in agents]
    assert last_characters == [resident(number)[-2:] for number in (4, 3, 2)]


@pytest.mark.parametrize("limit", [0, -1, 201, "x", 10**30])
def test_a_page_has_one_to_two_hundred_entries(city: City, limit: int | str) -> None:
    answer = page(city, "/v1/sites", "", limit=limit)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")


def test_complaints_are_listed_by_state_and_kind(city: City) -> None:
    numbers = []
    for kind in ("complaint", "consultation", "complaint"):
        filing = {
            "kind": kind, "channel": "site", "subject": "测试", "content": "测试内容",
            "card_number": None, "contact": "13800000000", "conduct": None,
        }  # fmt: skip
        numbers.append(city.post("/v1/complaints", filing, "clerk").json()["number"])
    city.post(f"/v1/complaints/{numbers[2]}/taking", {}, "clerk")

    def listed(**asked: str) -> set[str]:
        found = page(city, "/v1/complaints", "inspector", **asked)
        assert found.status_code == 200, found.text
        assert "13800000000" not in found.text
        return {each["number"] for each in found.json()["complaints"]}

    assert listed() == set(numbers)
    assert listed(kind="complaint") == {numbers[0], numbers[2]}
    assert listed(state="in_hand") == {numbers[2]}
    assert listed(state="filed", kind="complaint") == {numbers[0]}
    assert page(city, "/v1/complaints", "inspector", state="lost").status_code == 400
    assert page(city, "/v1/complaints", "operator").status_code == 403


def test_the_document_knows_the_same_lists(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    paged = set()
    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            if parameter["name"] == "limit":
                assert (parameter["schema"]["minimum"], parameter["schema"]["maximum"]) == (1, 200)
                paged.add(re.sub(":str", "", path))
    assert paged == set(LISTS) | {"/v1/outcomes"}
