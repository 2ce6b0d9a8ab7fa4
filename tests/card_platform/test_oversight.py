"""Consent and reads, complaints, cases, inspections, bodies: granted, refused, overdue, kept."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.oversight.accountability import model as cases
from card_platform.oversight.complaints import model as complaints
from card_platform.storage.schema import METADATA
from tests.card_platform.city import City, application, document, resident
from tests.card_platform.signing_in import System, name_agent, sign_in_by_card

DAY_S = 86_400
BUREAU = "市教育局"


def _consent(city: City, card_id: str, **changed: Any) -> Any:
    now = datetime.fromisoformat(city.get("/v1/clock", "clerk").json()["now"])
    body = {
        "document_number": resident(1),
        "institution": BUREAU,
        "purpose": "助学金发放",
        "items": ["name", "card_number"],
        "from_at": (now - timedelta(hours=1)).isoformat(),
        "until_at": (now + timedelta(days=30)).isoformat(),
    } | changed
    return city.post(f"/v1/cards/{card_id}/consents", body, "clerk")


def _ask(city: City, number: str, **changed: Any) -> Any:
    body = {
        "institution": BUREAU,
        "purpose": "助学金发放",
        "items": ["name"],
        "basis": "consent",
        "card_number": number,
    } | changed
    return city.post("/v1/holder-queries", body, "department")


def _advance(city: City, days: int) -> None:
    assert city.post("/v1/clock", {"advance_s": days * DAY_S}, "trainer").status_code == 200


def _log(city: City, card_id: str) -> list[dict[str, Any]]:
    reads: list[dict[str, Any]] = city.get(f"/v1/cards/{card_id}/access-log", "clerk").json()[
        "reads"
    ]
    return reads


def test_a_query_within_consent_gets_its_items_and_the_rest_masked(city: City) -> None:
    granted = city.apply()
    assert _ask(city, granted["card_number"]).json()["code"] == "consent-missing"
    assert _consent(city, granted["card_id"]).status_code == 201
    answer = _ask(city, granted["card_number"])
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert (items["name"], items["document_number"]) == (
        "测试甲",
        "50**************" + resident(1)[-2:],
    )
    assert items["phone"] is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"purpose": "广告推送"}, "purpose-outside-consent"),
        ({"items": ["name", "phone"]}, "scope-outside-consent"),
        ({"institution": "某公司"}, "consent-missing"),
        ({"recipient": "某公司"}, "passing-on-forbidden"),
        ({"basis": "legal-duty", "duty": "medical-settlement"}, "legal-duty-unknown"),
    ],
)
def test_a_query_outside_its_consent_is_refused_and_on_record(
    city: City, changed: dict[str, Any], code: str
) -> None:
    granted = city.apply()
    _consent(city, granted["card_id"])
    refused = _ask(city, granted["card_number"], **changed)
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    read = _log(city, granted["card_id"])[0]
    assert (read["refusal"], read["recipient"]) == (code, changed.get("recipient"))


def test_a_consent_ends_by_its_time_and_by_withdrawal(city: City) -> None:
    granted = city.apply()
    consent = _consent(city, granted["card_id"]).json()
    path = f"/v1/consents/{consent['consent_id']}/withdrawal"
    wrong = city.post(path, {"document_number": resident(2)}, "clerk")
    assert wrong.json()["code"] == "document-is-not-the-holders"
    assert city.post(path, {"document_number": resident(1)}, "clerk").status_code == 200
    assert _ask(city, granted["card_number"]).json()["code"] == "time-outside-consent"
    again = city.post(path, {"document_number": resident(1)}, "clerk")
    assert again.json()["code"] == "consent-withdrawn"
    _consent(city, granted["card_id"])
    assert _ask(city, granted["card_number"]).status_code == 200
    _advance(city, 31)
    assert _ask(city, granted["card_number"]).json()["code"] == "time-outside-consent"


def test_a_legal_duty_needs_no_consent_and_the_holder_sees_every_read(city: City) -> None:
    granted = city.apply()
    duty = {"basis": "legal-duty", "duty": "medical-settlement", "institution": "市医疗保障局"}
    assert _ask(city, granted["card_number"], purpose="医保结算", **duty).status_code == 200
    check = {"purpose": "入院登记", "card_number": granted["card_number"], "name": "测试甲"}
    city.post("/v1/identity-checks", check, "clerk")
    reads = _log(city, granted["card_id"])
    assert [(one["purpose"], one["reference"]) for one in reads] == [
        ("入院登记", None),
        ("医保结算", "medical-settlement"),
    ]
    assert _log(city, granted["card_id"])[0]["items"] == "access_log"


def test_no_trace_holds_a_full_name_or_number(
    city: City, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    name, number = "欧阳标记", resident(77)
    form = application()["form"] | {"name": name}
    body = application(form=form, document=document(77))
    granted = city.post("/v1/applications", body, "clerk").json()
    told = [city.post("/v1/applications", body, "clerk").text]
    _consent(city, granted["card_id"], document_number=number)
    for path, sent, role in (
        (
            "identity-checks",
            {"purpose": "x", "card_number": granted["card_number"], "name": name},
            "clerk",
        ),
        ("applications", body | {"entitlement": "tourist"}, "clerk"),
    ):
        told.append(city.post(f"/v1/{path}", sent, role).text)
    told.append(_ask(city, granted["card_number"], items=["document_number"], purpose="y").text)
    assert _ask(city, granted["card_number"], items=["name"]).json()["items"]["name"] == name
    told.append(city.get(f"/v1/cards/{granted['card_id']}/access-log", "clerk").text)
    told.append(caplog.text)

    def everything(tx: Any) -> list[str]:
        return [
            f"{table}: {row}"
            for table in METADATA.tables
            if table not in {"persons"}
            for row in tx.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]

    told += installation.database.read_now(everything)
    assert not [one for one in told if name in one or number in one]


@pytest.mark.parametrize("channel", ["site", "online", "12333", "12345", "bank"])
@pytest.mark.parametrize("kind", ["consultation", "complaint", "report"])
def test_each_kind_by_each_channel_has_a_number_a_state_and_an_answer(
    city: City, kind: str, channel: str
) -> None:
    filed = _file(city, kind=kind, channel=channel)
    number, secret = filed["number"], filed["secret"]
    path = f"/v1/complaints/{number}"
    assert city.post(f"{path}/answer", {"text": "已答复"}, "clerk").status_code == 200
    seen = city.client.post(f"{path}/status", json={"secret": secret})
    assert (seen.json()["state"], seen.json()["answer"]) == ("answered", "已答复")
    wrong = city.client.post(f"{path}/status", json={"secret": "guess"})
    assert wrong.json()["code"] == "complaint-unknown"


def _file(city: City, *, kind: str = "complaint", channel: str = "12345", **more: str) -> Any:
    body = {"kind": kind, "channel": channel, "subject": "用卡", "content": "窗口拒收"} | more
    answer = _try_filing(city, body, {"online": "", "bank": "bank"}.get(channel, "clerk"))
    assert answer.status_code == 201, answer.text
    return answer.json()


def _try_filing(city: City, body: dict[str, Any], caller: str) -> Any:
    """File as that caller; the public without a token, a bank in a session of its key."""
    if not caller:
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        return city.client.post("/v1/complaints", json=body, headers=headers)
    if caller == "bank" and caller not in city.tokens:
        city.tokens[caller] = System(city, "test-bank", "bank", "测试银行").sign_in()["token"]
    return city.post("/v1/complaints", body, caller)


STAFF_CHANNELS = {"site", "12333", "12345"}
CHANNELS_OF = {
    "": {"online"},
    "holder": {"online"},
    "agent": {"online"},
    "clerk": STAFF_CHANNELS,
    "supervisor": STAFF_CHANNELS,
    "bank": {"bank"},
}
"""By which channels each caller files; by that of regions nobody."""


def test_each_channel_has_its_own_takers(city: City) -> None:
    card_id, chip = city.active_card()
    _, agents_chip = city.active_card(2)
    city.tokens["holder"] = sign_in_by_card(city, chip)["token"]
    name_agent(city, card_id, 2)
    city.tokens["agent"] = sign_in_by_card(city, agents_chip, on_card=card_id)["token"]
    body = {"kind": "complaint", "subject": "用卡", "content": "（虚构）"}
    for caller, channel in product(CHANNELS_OF, complaints.Channel):
        answer = _try_filing(city, body | {"channel": channel.value}, caller)
        if channel.value in CHANNELS_OF[caller]:
            assert answer.status_code == 201, (caller, channel, answer.text)
        else:
            told = (answer.status_code, answer.json()["code"])
            assert told == (403, "channel-not-the-callers"), (caller, channel)
    by_channel = city.get("/v1/complaint-statistics", "inspector").json()["by_channel"]
    assert by_channel == {"online": 3, "site": 2, "12333": 2, "12345": 2, "bank": 1}


def test_what_a_bank_files_is_on_record_under_its_name_and_answered_to_its_filer(
    city: City, installation: Installation
) -> None:
    card_id, _ = city.active_card()
    number = city.get(f"/v1/cards/{card_id}").json()["card_number"]
    filed = _file(city, channel="bank", card_number=number)

    def on_record(tx: Any) -> list[tuple[str, ...]]:
        query = (
            'SELECT number, action, card_id, complaint_changes."by"'
            " FROM complaint_changes JOIN complaints USING (number)"
        )
        return [tuple(row) for row in tx.execute(text(query))]

    kept = installation.database.read_now(on_record)
    assert kept == [(filed["number"], "file", card_id, "bank:test-bank")]
    path = f"/v1/complaints/{filed['number']}"
    assert city.get(path, "bank").json()["code"] == "role-forbids"
    assert city.get("/v1/complaints", "bank").json()["code"] == "role-forbids"
    city.post(f"{path}/answer", {"text": "已致电支行核实"}, "clerk")
    seen = city.client.post(f"{path}/status", json={"secret": filed["secret"]}).json()
    assert (seen["channel"], seen["answer"]) == ("bank", "已致电支行核实")


def test_a_complaint_falls_overdue_once_and_feedback_reopens_it(city: City) -> None:
    filed = _file(city)
    path = f"/v1/complaints/{filed['number']}"
    _advance(city, 14)
    assert city.get(path, "clerk").json()["overdue_since"] is None
    _advance(city, 2)
    assert city.get(path, "clerk").json()["overdue_since"] is not None
    assert city.get("/v1/complaint-statistics", "inspector").json()["overdue_waiting"] == 1
    city.post(f"{path}/answer", {"text": "x"}, "clerk")
    said = {"secret": filed["secret"], "satisfied": False}
    assert city.post(f"{path}/feedback", said, "clerk").json()["state"] == "in_hand"
    city.post(f"{path}/answer", {"text": "y"}, "clerk")
    closed = city.post(f"{path}/feedback", said | {"satisfied": True}, "clerk").json()
    assert (closed["state"], closed["satisfied"]) == ("closed", True)
    refused = city.post(f"{path}/answer", {"text": "z"}, "clerk")
    assert (refused.status_code, refused.json()["code"]) == (409, "complaint-state-forbids")


def test_a_complaint_about_another_region_is_passed_on_with_a_notice(city: City) -> None:
    filed = _file(city)
    path = f"/v1/complaints/{filed['number']}"
    own = city.post(f"{path}/passing-on", {"region": "500000"}, "clerk")
    assert own.json()["code"] == "region-is-own"
    city.post(f"{path}/passing-on", {"region": "510000"}, "clerk")
    seen = city.client.post(f"{path}/status", json={"secret": filed["secret"]}).json()
    assert (seen["state"], seen["passed_to"]) == ("passed_on", "510000")
    assert seen["passed_at"] < filed["pass_on_by"]
    assert "510000" in seen["notice"]
    assert seen["passed_late"] is False
    late = f"/v1/complaints/{_file(city)['number']}"
    assert city.get(late, "clerk").json()["passed_late"] is None
    _advance(city, 4)
    told = city.post(f"{late}/passing-on", {"region": "510000"}, "clerk").json()
    assert (told["state"], told["passed_late"]) == ("passed_on", True)
    statistics = city.get("/v1/complaint-statistics", "inspector").json()
    assert (statistics["passed_on"], statistics["passed_late"]) == (2, 1)


def test_every_kind_of_chongqing_is_reported_and_tried_and_others_are_refused(city: City) -> None:
    kinds = city.get("/v1/accountability/kinds", "inspector").json()["kinds"]
    assert len(kinds) == 8
    for kind in kinds:
        report = _file(city, kind="report", channel="12333", conduct=kind["code"])
        case = _open(city, kind["code"], "staff", report_number=report["number"]).json()
        path = f"/v1/accountability/cases/{case['case_id']}"
        ordered = city.post(f"{path}/order", {"text": "改正", "days": 10}, "inspector").json()
        assert (ordered["state"], ordered["kind"]) == ("ordered", kind["code"])
    assert _open(city, "duplicate-card-issued", "institution").json()["code"] == "case-kind-unknown"
    wrong = _open(city, kinds[0]["code"], "staff", report_number=report["number"])
    assert wrong.json()["code"] == "report-unknown"
    _advance(city, 11)
    late = city.get(path, "inspector").json()
    assert (late["state"], late["overdue_since"] is not None) == ("overdue", True)
    overdue = city.get("/v1/accountability/cases?state=overdue&limit=200", "inspector").json()
    assert overdue["cases"][0]["case_id"] == late["case_id"], "the latest first"
    assert len(overdue["cases"]) == 8
    assert city.get("/v1/accountability/cases?state=closed", "inspector").json()["cases"] == []
    for action, state in (("mend", "mended"), ("confirm", "closed")):
        done = city.post(f"{path}/decision", {"action": action, "text": "好"}, "inspector").json()
        assert done["state"] == state
    again = city.post(f"{path}/decision", {"action": "mend", "text": "好"}, "inspector")
    assert again.json()["code"] == "case-state-forbids"


def _open(city: City, kind: str, against: str, **more: str) -> Any:
    body = {"kind": kind, "against": against, "respondent": "某窗口", "facts": "拒收社保卡"} | more
    return city.post("/v1/accountability/cases", body, "inspector")


def test_inspections_bodies_and_the_report_of_all(city: City) -> None:
    asked = {
        "institution": "市社保卡中心",
        "scope": "平台",
        "checks": [{"control": "audit-chain", "result": "failed", "note": "无锚点"}],
        "findings": [{"control": "audit-chain", "text": "配置锚点", "days": 7}],
    }
    told = city.post("/v1/security-inspections", asked, "inspector").json()
    _advance(city, 8)
    path = f"/v1/security-inspections/{told['inspection_id']}"
    assert city.get(path, "inspector").json()["findings"][0]["overdue_since"]
    (listed,) = city.get("/v1/security-inspections", "auditor").json()["inspections"]
    named = (listed["inspection_id"], listed["institution"], listed["findings_open"])
    assert named == (told["inspection_id"], "市社保卡中心", 1)
    mending = f"{path}/findings/1/mending"
    mended = city.post(mending, {"text": "已配置"}, "inspector").json()
    assert mended["findings"][0]["mended_at"]
    assert city.post(mending, {"text": "x"}, "inspector").json()["code"] == "finding-mended"
    none = city.post(f"{path}/findings/9/mending", {"text": "x"}, "inspector")
    assert none.json()["code"] == "finding-unknown"
    controls = city.get("/v1/security-controls", "auditor").json()["controls"]
    assert [one["last_result"] for one in controls if one["last_result"]] == ["failed"]
    body = {"name": "协调组", "level": "county", "division": "500103", "members": ["人社局"]}
    body_id = city.post("/v1/coordination-bodies", body, "inspector").json()["id"]
    progress = {"period": "2026-Q3", "measure": "设备配置", "percent": 80, "text": "进行中"}
    city.post(f"/v1/coordination-bodies/{body_id}/progress", progress, "inspector")
    (drawn,) = city.get("/v1/progress-reports/county", "inspector").json()["bodies"]
    assert (drawn["members"], drawn["progress"]) == (["人社局"], [progress])
    report = city.get("/v1/oversight-report", "inspector").json()
    assert (report["findings"], report["findings_open"]) == (1, 0)
    assert city.get("/v1/oversight-report", "clerk").status_code == 403


@pytest.mark.parametrize(
    ("life", "actions", "step"),
    [
        (complaints.COMPLAINT_LIFE, complaints.ComplaintAction, complaints.next_state),
        (cases.CASE_LIFE, cases.CaseAction, cases.next_state),
    ],
)
def test_what_is_not_in_the_table_is_refused_and_every_state_is_reached(
    life: Any, actions: Any, step: Any
) -> None:
    reached = set()
    for state, action in product(life, actions):
        if action in life[state]:
            reached.add(step(state, action))
        else:
            with pytest.raises(Refusal):
                step(state, action)
    assert set(life) - reached == {next(iter(life))}
