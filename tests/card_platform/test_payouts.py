"""Payout files: every fault told, four eyes, each line once, every fen accounted for."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from card_platform.installation import Installation
from card_platform.settlement.payouts.checking import first_fault
from card_platform.settlement.payouts.periods import Kind, text_of
from tests.card_platform.city import City, document, resident
from tests.card_platform.payees import (
    bring,
    brought,
    csv_file,
    decide,
    faults,
    line_of,
    look,
    pain_file,
    states,
)
from tests.card_platform.test_bank_orders import behave, ready_account, wait
from tests.card_platform.test_banks import BANK, change
from tests.card_platform.test_clock import now_of
from tests.card_platform.test_transfers import code

FUND, CLEARING, OWED = "fund:subsidy", f"clearing:{BANK}", f"bank:{BANK}"
DAY_S = 86_400


def money(city: City) -> tuple[int, int, int]:
    """What the fund, the clearing account and the bank stand at; the books balance."""
    assert city.get("/v1/ledger/check").json()["balanced"]
    held = city.balances()
    return tuple(held.get(name, 0) for name in (FUND, CLEARING, OWED))  # type: ignore[return-value]


def require_whole(parts: Installation) -> None:
    assert parts.database.read_now(first_fault) is None


@pytest.mark.parametrize("form", ["csv", "pain.001"])
def test_a_file_waits_for_another_to_decide_and_is_then_paid(
    city: City, installation: Installation, form: str
) -> None:
    for sequence in (1, 2):
        ready_account(city, sequence)
    lines = [line_of(1, "100.00"), line_of(2, "23.45")]
    made = brought(city, pain_file(lines) if form == "pain.001" else csv_file(lines), form)
    assert (made["state"], made["lines"], made["sum_fen"]) == ("waiting", 2, 12_345)
    wait(city, 60)
    assert states(city, made["batch_id"]) == {"L1": ("waiting", None), "L2": ("waiting", None)}
    assert money(city) == (0, 0, 0)
    assert decide(city, made["batch_id"]).json()["state"] == "released"
    wait(city, 1)
    assert look(city, made["batch_id"])["state"] == "executed"
    assert states(city, made["batch_id"]) == {"L1": ("paid", None), "L2": ("paid", None)}
    assert money(city) == (-12_345, 0, 12_345)
    assert code(decide(city, made["batch_id"])) == "payout-batch-state-forbids"
    require_whole(installation)


def test_all_faults_are_told_and_the_good_lines_wait(city: City) -> None:
    for sequence in (1, 2, 3, 4):
        city.active_card(sequence)
    dead, _ = city.active_card(5)
    ending = {"reason": "death", "evidence": "死亡医学证明"}
    assert city.post(f"/v1/cards/{dead}/cancellation", ending, "supervisor").status_code == 200
    wrong = resident(6)[:-1] + ("1" if resident(6)[-1] != "1" else "2")
    lines = [
        line_of(1),
        ("L1", resident(2), "测试乙", "0.001"),
        ("L3", wrong, "测试甲", "1.00"),
        line_of(7),
        line_of(5),
        line_of(1, line_id="again"),
        ("L8", resident(3), "测试甲"),
        line_of(4, other="jialing-bank|6234560000000016|不便领卡"),
        ("", "1", "", "-1.00"),
    ]
    made = brought(city, csv_file([each for each in lines if len(each) > 3], count=9))
    assert made["state"] == "refused", "a line is missing"
    rows = csv_file([each for each in lines if len(each) > 3], "M-2", count=9).split("\r\n")
    rows.insert(8, ",".join(lines[6]))
    made = brought(city, "\r\n".join(rows))
    told = (made["state"], made["lines"], made["faulty_lines"], made["unread_amounts"])
    assert told == ("waiting", 1, 8, 3)
    assert faults(city, made["batch_id"]) == [
        (4, "line_id", "line-id-twice"),
        (4, "amount", "amount-wrong"),
        (4, "name", "name-differs"),
        (5, "document_number", "document-number-wrong"),
        (6, "document_number", "payee-unknown"),
        (7, "document_number", "payee-dead"),
        (8, "", "paid-already"),
        (9, "", "columns-wrong"),
        (10, "account", "other-account-forbidden"),
        (11, "line_id", "line-id-wrong"),
        (11, "document_number", "document-number-wrong"),
        (11, "name", "name-missing"),
        (11, "amount", "amount-wrong"),
    ]
    (first, *_) = look(city, made["batch_id"], "/faults")["faults"]
    assert first["found"] == "L1"
    assert all(first[name] for name in ("expected_zh", "expected_en", "mend_zh", "mend_en"))


def test_files_that_are_none_are_refused_by_name(city: City) -> None:
    assert code(bring(city, "a,b\r\n")) == "payout-file-unreadable"
    assert code(bring(city, csv_file([line_of(1)], programme="lottery"))) == "programme-not-listed"
    late = csv_file([line_of(1)], programme="farm-insurance", period="2026-Q4")
    assert code(bring(city, late)) == "programme-not-listed", "not yet on the list"
    assert code(bring(city, csv_file([line_of(1)], period="2026-13"))) == "payout-file-unreadable"
    entity = pain_file([line_of(1)]).replace("<Document", "<!DOCTYPE a><Document", 1)
    assert code(bring(city, entity, "pain.001")) == "payout-file-unreadable"
    assert code(bring(city, "<Document/>", "pain.001")) == "payout-file-unreadable"
    assert code(bring(city, "<Docu", "pain.001")) == "payout-file-unreadable"
    assert city.get("/v1/payout-batches").json()["batches"] == []


def test_only_the_next_period_may_be_paid_before_it_begins(city: City) -> None:
    ready_account(city)
    today = now_of(city).date()
    programmes: tuple[tuple[str, Kind, int], ...]
    programmes = (
        ("farm-subsidy", "year", 1),
        ("scholarship", "quarter", 4),
        ("pension", "month", 12),
    )
    for programme, kind, of_a_year in programmes:
        this = today.year * of_a_year + (today.month - 1) * of_a_year // 12
        before, latest, ahead = (text_of(kind, this + step) for step in (-1, 1, 2))
        for number, period in enumerate((before, latest)):
            message = f"{kind}-{number}"
            made = brought(
                city, csv_file([line_of(1)], message, programme=programme, period=period)
            )
            assert made["state"] == "waiting", period
        far = bring(city, csv_file([line_of(1)], f"{kind}-9", programme=programme, period=ahead))
        assert (far.status_code, code(far)) == (422, "payout-period-ahead")
        assert latest in far.json()["detail_zh"] and ahead in far.json()["detail_en"]
    assert text_of("month", 2026 * 12 + 11) == "2026-12" and text_of("quarter", 8104) == "2026-Q1"
    assert len(city.get("/v1/payout-batches").json()["batches"]) == 6


def test_a_file_whose_control_figures_differ_is_refused_and_claims_nobody(city: City) -> None:
    ready_account(city)
    made = brought(city, csv_file([line_of(1)], total="99.99"))
    assert (made["state"], made["reason"]) == ("refused", "control-sum-differs")
    assert faults(city, made["batch_id"]) == [(0, "sum", "control-sum-differs")]
    assert code(decide(city, made["batch_id"])) == "payout-batch-state-forbids"
    wait(city, 1)
    assert states(city, made["batch_id"]) == {"L1": ("dropped", "control-sum-differs")}
    assert brought(city, csv_file([line_of(1)], "M-2"))["lines"] == 1


def test_a_cut_off_pain_file_is_refused(city: City) -> None:
    city.active_card(1)
    whole = pain_file([line_of(1), line_of(2)])
    made = brought(city, whole[: whole.index("L2")], "pain.001")
    assert (made["state"], made["reason"]) == ("refused", "file-broken")
    assert faults(city, made["batch_id"]) == [(2, "", "file-broken")]


def test_the_same_file_is_answered_as_before_and_another_with_its_id_is_refused(
    city: City,
) -> None:
    ready_account(city)
    file = csv_file([line_of(1)])
    made = brought(city, file)
    assert brought(city, file)["batch_id"] == made["batch_id"]
    decide(city, made["batch_id"])
    wait(city, 1)
    assert brought(city, file)["state"] == "executed"
    assert code(bring(city, csv_file([line_of(1, "1.00")]))) == "payout-message-id-reused"


def test_a_person_is_paid_once_for_a_programme_and_a_period(city: City) -> None:
    ready_account(city)
    first = brought(city, csv_file([line_of(1)]))
    second = brought(city, csv_file([line_of(1)], "M-2"))
    assert (second["lines"], faults(city, second["batch_id"])) == (0, [(3, "", "paid-already")])
    assert brought(city, csv_file([line_of(1)], "M-3", period="2025"))["lines"] == 1
    assert decide(city, first["batch_id"], "drop").json()["state"] == "dropped"
    wait(city, 1)
    assert brought(city, csv_file([line_of(1)], "M-4"))["lines"] == 1, "a dropped line is free"


def test_who_must_not_be_paid_is_stopped_by_name_and_paid_when_mended(
    city: City, installation: Installation
) -> None:
    cards = {sequence: ready_account(city, sequence) for sequence in (1, 2, 3, 4, 6)}
    cards[5], _ = city.active_card(5)
    made = brought(city, csv_file([line_of(each) for each in range(1, 7)]))
    batch_id = made["batch_id"]
    ending = {"reason": "death", "evidence": "死亡医学证明"}
    city.post(f"/v1/cards/{cards[1]}/cancellation", ending, "supervisor")
    ending = {"reason": "emigration", "evidence": "户口注销证明"}
    city.post(f"/v1/cards/{cards[2]}/cancellation", ending, "supervisor")
    city.post(f"/v1/cards/{cards[3]}/freeze", {"ground": "stolen"}, "supervisor")
    city.post(f"/v1/cards/{cards[4]}/loss-report", {"kind": "formal"}, "clerk")
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {
        "L1": ("stopped", "holder-dead"),
        "L2": ("stopped", "card-cancelled"),
        "L3": ("stopped", "card-frozen"),
        "L4": ("paid", None),
        "L5": ("stopped", "account-not-loaded"),
        "L6": ("paid", None),
    }
    assert money(city) == (-20_000, 0, 20_000)
    city.post(f"/v1/cards/{cards[3]}/freeze-lift", {"decision": "解除"}, "supervisor")
    lines = {
        each["reason"]: each["line"] for each in look(city, batch_id, "/exceptions")["exceptions"]
    }
    again = {"decision": "reissue", "reason": "已解除冻结"}
    for reason, after in (("card-frozen", "paid"), ("holder-dead", "stopped")):
        path = f"/v1/payout-batches/{batch_id}/exceptions/{lines[reason]}/decision"
        assert city.post(path, again, "supervisor").json()["state"] == "due"
        assert code(city.post(path, again, "supervisor")) == "payout-line-state-forbids"
        wait(city, 1)
        assert after in {state for state, _ in states(city, batch_id).values()}
    assert states(city, batch_id)["L3"] == ("paid", None)
    assert states(city, batch_id)["L1"] == ("stopped", "holder-dead")
    assert money(city) == (-30_000, 0, 30_000)
    require_whole(installation)


def test_refused_and_returned_money_goes_back_and_is_issued_again(
    city: City, installation: Installation
) -> None:
    ready_account(city, 1)
    behave(city, refuse_percent=100)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("refused", "account-closed")}
    assert money(city) == (0, 0, 0)
    behave(city, return_percent=100, return_after_days=3)
    path = f"/v1/payout-batches/{batch_id}/exceptions/3/decision"
    again = {"decision": "reissue", "reason": "账户已更正"}
    assert city.post(path, again, "supervisor").status_code == 200
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("paid", None)}
    assert money(city) == (-10_000, 0, 10_000)
    wait(city, 3 * DAY_S)
    assert states(city, batch_id) == {"L1": ("returned", "account-name-differs")}
    assert money(city) == (0, 0, 0)
    behave(city)
    assert city.post(path, again, "supervisor").status_code == 200
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("paid", None)}
    assert money(city) == (-10_000, 0, 10_000)
    files = look(city, batch_id, "/files")["files"]
    assert [(each["sum_fen"], each["back_fen"]) for each in files] == [
        (10_000, 10_000), (10_000, 10_000), (10_000, 0),
    ]  # fmt: skip
    require_whole(installation)


@pytest.mark.parametrize(
    "conduct", [{"down": True}, {"slow_s": 3600}, {"lose_percent": 100}], ids=str
)
def test_whatever_the_bank_does_the_money_is_ordered_once(
    city: City, conduct: dict[str, object]
) -> None:
    ready_account(city, 1)
    behave(city, **conduct)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("sent", None)}
    assert money(city) == (-10_000, 10_000, 0)
    behave(city, **{name: value for name, value in conduct.items() if name == "slow_s"})
    for _ in range(3):
        wait(city, 3600)
    assert states(city, batch_id) == {"L1": ("paid", None)}
    assert money(city) == (-10_000, 0, 10_000)


def test_a_frozen_fund_holds_the_batch_until_it_is_released_again(city: City) -> None:
    ready_account(city, 1)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    freeze = {"name": FUND, "action": "freeze", "reason": "核查"}
    assert city.post("/v1/ledger/account-changes", freeze, "supervisor").status_code == 200
    decide(city, batch_id)
    wait(city, 1)
    held = look(city, batch_id)
    assert (held["state"], held["reason"]) == ("held", "account-frozen")
    city.post("/v1/ledger/account-changes", freeze | {"action": "lift"}, "supervisor")
    assert decide(city, batch_id).json()["state"] == "released"
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("paid", None)}


def test_an_account_closed_by_the_holder_is_no_way_to_pay(city: City) -> None:
    card_id = ready_account(city, 1)
    batch_id = brought(city, csv_file([line_of(1)]))["batch_id"]
    assert change(city, card_id, "close", document=document(1)).status_code == 200
    decide(city, batch_id)
    wait(city, 1)
    assert states(city, batch_id) == {"L1": ("stopped", "account-not-loaded")}


def test_the_status_file_tells_every_line(city: City) -> None:
    ready_account(city, 1)
    city.active_card(2)
    batch_id = brought(city, csv_file([line_of(1), line_of(2), line_of(3)]))["batch_id"]
    decide(city, batch_id)
    wait(city, 1)
    told = look(city, batch_id, "/status-file")
    assert told["format"] == "pain.002.001.10"
    root = ElementTree.fromstring(told["file"])  # noqa: S314 - our own
    space = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"}
    lines = {
        each.findtext("p:OrgnlEndToEndId", "", space): (
            each.findtext("p:TxSts", "", space),
            each.findtext("p:StsRsnInf/p:Rsn/p:Prtry", "", space),
        )
        for each in root.iterfind(".//p:TxInfAndSts", space)
    }
    assert lines == {
        "line-5": ("RJCT", "payee-unknown"),
        "L1": ("ACSC", ""),
        "L2": ("PDNG", "account-not-loaded"),
    }
    assert root.findtext(".//p:GrpSts", "", space) == "PART"


def test_the_list_of_programmes_is_public_and_dated(city: City) -> None:
    told = {
        each["code"]: each for each in city.client.get("/v1/payout-programmes").json()["programmes"]
    }
    assert (told["pension"]["duty"], told["pension"]["certified"]) == ("must", True)
    assert told["migrant-wages"]["duty"] == "may"
    assert not told["farm-insurance"]["in_force"]
