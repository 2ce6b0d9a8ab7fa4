"""Risk: events of those who see them, cases, the credit file, alarms (NM-23a, NM-24, NX-14b)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from scenarios.phrases import then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import World

CASES = "/v1/risk/cases"
MULE_PAYERS = 5


@dataclass
class Watchers:
    """Those who report events in one scenario: ids are given once."""

    numbers: count[int] = field(default_factory=count)
    emergency: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def watchers() -> Watchers:
    """Nobody reported yet."""
    return Watchers()


def event_line(world: World, watchers: Watchers, kind: str, at: datetime, **told: Any) -> str:
    moment = at.replace(microsecond=0).isoformat()
    name = f"{world.recorder.scenario[:20]}-{world.seed}-{next(watchers.numbers)}"
    event = {"id": name, "kind": kind, "at": moment, "received_at": moment, "region": "CQ"}
    return json.dumps(event | told, ensure_ascii=False)


def send_lines(world: World, role: Any, lines: list[str]) -> None:
    told = world.desk.post(role, "/v1/risk/events", {"lines": "\n".join(lines)})
    world.recorder.fact("上送事件", "events sent", str(told["taken"]))
    assert (told["taken"], told["refused"]) == (len(lines), [])


def number_read(world: World, name: str) -> str:
    """The card's number, as whoever holds it in a reader reads it."""
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        return counter.read_card().card_number


def _case(world: World, name: str) -> dict[str, Any]:
    path = f"/v1/cards/{world.holder(name).card_id}/risk-cases"
    cases: list[dict[str, Any]] = world.desk.get("clerk", path)["cases"]
    assert cases, f"{name} has no case"
    return cases[0]


def _step(world: World, name: str, step: str, body: dict[str, Any], role: Any) -> None:
    path = f"{CASES}/{_case(world, name)['case_id']}/{step}"
    world.try_at_platform(lambda: world.desk.post(role, path, body))


@when(
    "居民“{name}”的卡先后在宾馆出示，照片比对为“{scores}”，宾馆上送记录",
    "the card of resident “{name}” is shown at hotels, photos match “{scores}”, and they report it",
)
def shown_at_hotels(world: World, watchers: Watchers, name: str, scores: str) -> None:
    card = number_read(world, name)
    lines = []
    matches = [int(each) for each in scores.split("、")]
    for place, match in enumerate(matches):
        at = world.now() - timedelta(days=2 * (len(matches) - place))
        detail = {"purpose": "hotel", "photo_match": match, "outcome": "ok"}
        told = {"card": card, "face": "physical", "device": f"hotel-{place}", "detail": detail}
        lines.append(event_line(world, watchers, "identity.check", at, **told))
    send_lines(world, "operator", lines)


@when(
    "居民“{name}”登记“{agent}”代办后，“{agent}”持卡在窗口办事，照片比对为“{scores}”",
    "resident “{name}” has “{agent}” act, who shows the card at desks; photos match “{scores}”",
)
def agent_shows_card(
    world: World,
    watchers: Watchers,
    name: str,
    agent: str,
    scores: str,
) -> None:
    card = number_read(world, name)
    at = world.now() - timedelta(days=20)
    detail: dict[str, Any] = {"agent": agent, "scope": "all"}
    lines = [event_line(world, watchers, "agent.authorised", at, card=card, detail=detail)]
    for place, match in enumerate(scores.split("、")):
        detail = {"purpose": "counter", "photo_match": int(match), "outcome": "ok"}
        told = {"card": card, "face": "physical", "device": "counter", "detail": detail}
        at = world.now() - timedelta(days=9 - place)
        lines.append(event_line(world, watchers, "identity.check", at, **told))
    send_lines(world, "department", lines)


@when(
    "有关部门上送居民“{name}”的待遇“{fraud}”的发放记录",
    "a department reports payouts to resident “{name}” that show “{fraud}”",
)
def report_payouts(world: World, watchers: Watchers, name: str, fraud: str) -> None:
    card, now = number_read(world, name), world.now()
    periods = [f"{now:%Y-%m}"] * 2
    lines = []
    if code_of(fraud) == "dead-payee":
        died = now - timedelta(days=70)
        lines.append(event_line(world, watchers, "person.died", died, card=card))
        periods[0] = f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    for place, period in enumerate(periods):
        at = now - timedelta(days=2 - place)
        detail = {"programme": "pension", "period": period, "account": f"b{place}"}
        told = {"card": card, "amount_fen": 180_000, "detail": detail}
        lines.append(event_line(world, watchers, "payout.paid", at, **told))
    send_lines(world, "department", lines)


@when(
    "有关部门上送多人汇入账户“{account}”、随即取现的流水",
    "a department reports that many pay into account “{account}” and all is drawn at once",
)
def report_mule(world: World, watchers: Watchers, account: str) -> None:
    lines = []
    for payer in range(MULE_PAYERS):
        at = world.now() - timedelta(hours=3 * (MULE_PAYERS - payer))
        into = {"to_account": account, "channel": "online"}
        out = {"channel": "cash-machine", "cash": True}
        for source, detail, minutes in ((f"b{payer}", into, 0), (account, out, 20)):
            moment = at + timedelta(minutes=minutes)
            told = {"account": source, "amount_fen": 500_000, "detail": detail}
            lines.append(event_line(world, watchers, "transfer", moment, **told))
    send_lines(world, "department", lines)


@when(
    "运营单位上送{cards:d}张伪造卡在不同闸机认证失败的记录",
    "the operator reports {cards:d} forged cards that failed at different gates",
)
def report_forged(world: World, watchers: Watchers, cards: int) -> None:
    lines = []
    for number in range(2 * cards):
        at = world.now() - timedelta(minutes=60 - number)
        told = {"card": f"FORGED-{number // 2}", "device": f"gate-{number}"}
        detail = {"outcome": "certificate-wrong"}
        lines.append(event_line(world, watchers, "card.authentication", at, **told, detail=detail))
    send_lines(world, "operator", lines)


@when("平台筛查风险", "the platform screens for risk")
def screen(world: World) -> None:
    world.let_time_pass(timedelta(seconds=1))


@then(
    "居民“{name}”名下有一件“{typology}”风险案件，状态为“{state}”",
    "resident “{name}” has a case of “{typology}”, and it is “{state}”",
)
def has_case(world: World, name: str, typology: str, state: str) -> None:
    case = _case(world, name)
    world.recorder.fact("风险案件", "case", case["case_id"])
    assert (case["typology"], case["state"]) == (code_of(typology), code_of(state))


@then("居民“{name}”名下没有风险案件", "resident “{name}” has no case")
def has_no_case(world: World, name: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/risk-cases"
    assert world.desk.get("clerk", path)["cases"] == []


@then(
    "平台有账户“{account}”的“{typology}”告警，列明作为证据的流水",
    "the platform has an alert of “{typology}” about account “{account}” with its evidence",
)
def has_alert(world: World, account: str, typology: str) -> None:
    path = f"/v1/risk/alerts?typology={code_of(typology)}"
    alerts = world.desk.get("inspector", path)["alerts"]
    alert = next(each for each in alerts if each["subject"] == account)
    world.recorder.fact("告警", "alert", alert["id"])
    told = world.desk.get("inspector", f"/v1/risk/alerts/{alert['id']}")
    assert len(told["events"]) == len(alert["evidence"]) >= MULE_PAYERS


@when("监督检查人员接办居民“{name}”的案件", "the inspector takes the case of resident “{name}”")
def take_case(world: World, name: str) -> None:
    _step(world, name, "assignment", {"to": "inspector"}, "inspector")


@when(
    "“{role}”因案冻结居民“{name}”的卡，事由是“{ground}”",
    "“{role}” freezes the card of resident “{name}” for the case because of “{ground}”",
)
def freeze(world: World, role: str, name: str, ground: str) -> None:
    _step(world, name, "freeze", {"ground": code_of(ground)}, code_of(role))


@when("监督检查人员认定居民“{name}”违规用卡", "the inspector confirms the violation of “{name}”")
def confirm(world: World, name: str) -> None:
    body = {"action": "confirm", "text": "经核查属实（虚构）"}
    _step(world, name, "decision", body, "inspector")


@when("监督检查人员排除居民“{name}”的嫌疑", "the inspector dismisses the case of “{name}”")
def dismiss(world: World, name: str) -> None:
    body = {"action": "dismiss", "text": "经核查不属实（虚构）"}
    _step(world, name, "decision", body, "inspector")


@then(
    "居民“{name}”收到认定通知，可在{days:d}天内申诉",
    "resident “{name}” is told of the decision and may appeal within {days:d} days",
)
def is_told(world: World, name: str, days: int) -> None:
    case = _case(world, name)
    world.recorder.fact("通知", "notice", case["notice"])
    until = datetime.fromisoformat(case["appeal_until"])
    assert case["notice"]
    assert abs(until - world.now() - timedelta(days=days)) < timedelta(minutes=10)


@when("居民“{name}”对认定提出申诉", "resident “{name}” appeals against the decision")
def appeal(world: World, name: str) -> None:
    holder, case = world.holder(name), _case(world, name)
    path = f"/v1/cards/{holder.card_id}/risk-cases/{case['case_id']}/appeal"
    world.try_at_platform(lambda: world.desk.post("clerk", path, {"text": "不服（虚构）"}))


@when(
    "“{role}”决定居民“{name}”的申诉“{outcome}”",
    "“{role}” decides the appeal of resident “{name}”: “{outcome}”",
)
def decide_appeal(world: World, role: str, name: str, outcome: str) -> None:
    body = {"action": code_of(outcome), "text": "复核（虚构）"}
    _step(world, name, "appeal-decision", body, code_of(role))


@then(
    "居民“{name}”的诚信档案有一条“{conduct}”记录，状态为“{state}”，保存{years:d}年",
    "the credit file of resident “{name}” has “{conduct}”, “{state}”, kept {years:d} years",
)
def file_has(world: World, name: str, conduct: str, state: str, years: int) -> None:
    (entry,) = _file(world, name)
    world.recorder.fact("诚信档案", "credit file", f"{entry['article']}: {entry['expires_at']}")
    assert (entry["conduct"], entry["state"]) == (code_of(conduct), code_of(state))
    entered, expires = (datetime.fromisoformat(entry[n]) for n in ("entered_at", "expires_at"))
    assert expires.year - entered.year == years


@then("居民“{name}”的诚信档案没有记录", "the credit file of resident “{name}” is empty")
def file_is_empty(world: World, name: str) -> None:
    assert _file(world, name) == []


def _file(world: World, name: str) -> list[dict[str, Any]]:
    path = f"/v1/cards/{world.holder(name).card_id}/credit-file"
    entries: list[dict[str, Any]] = world.desk.get("clerk", path)["entries"]
    return entries


@when(
    "“{role}”为“{purpose}”查询居民“{name}”的诚信档案",
    "“{role}” queries the credit file of resident “{name}” for “{purpose}”",
)
def query_file(world: World, role: str, purpose: str, name: str) -> None:
    body = {"card_number": world.holder(name).card_number, "purpose": purpose}
    path = "/v1/credit-file-queries"
    told = world.try_at_platform(lambda: world.desk.post(code_of(role), path, body))  # type: ignore[arg-type]
    if told is not None:
        world.recorder.fact("查得记录", "entries told", str(len(told["entries"])))


@then(
    "居民“{name}”的访问记录中有{count:d}次对诚信档案的查询，其中{refused:d}次被拒绝",
    "the access log of “{name}” has {count:d} queries of the credit file, {refused:d} refused",
)
def log_has(world: World, name: str, count: int, refused: int) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/access-log"
    reads = [
        each
        for each in world.desk.get("clerk", path)["reads"]
        if "credit_file" in each["items"] and each["basis"] != "holder"
    ]
    assert (len(reads), sum(1 for each in reads if each["refusal"])) == (count, refused)


@then(
    "平台发出“{kind}”警报，应急事件状态为“{state}”",
    "the platform raises an alarm of “{kind}”, and its emergency is “{state}”",
)
def alarm_is_raised(world: World, watchers: Watchers, kind: str, state: str) -> None:
    listed = world.desk.get("auditor", "/v1/emergencies")["emergencies"]
    watchers.emergency = next(each for each in listed if each["kind"] == code_of(kind))
    world.recorder.fact("应急事件", "emergency", watchers.emergency["emergency_id"])
    assert watchers.emergency["state"] == code_of(state)


@when("“{role}”对应急事件“{action}”", "“{role}” works on the emergency: “{action}”")
def work_on_emergency(world: World, watchers: Watchers, role: str, action: str) -> None:
    path = f"/v1/emergencies/{watchers.emergency['emergency_id']}/steps"
    body = {"action": code_of(action), "done": f"{action}（虚构）"}
    world.try_at_platform(lambda: world.desk.post(code_of(role), path, body))  # type: ignore[arg-type]


@then(
    "应急事件状态为“{state}”，处置记录共{steps:d}步",
    "the emergency is “{state}”, with {steps:d} steps on record",
)
def emergency_is(world: World, watchers: Watchers, state: str, steps: int) -> None:
    path = f"/v1/emergencies/{watchers.emergency['emergency_id']}"
    told = world.desk.get("inspector", path)
    assert (told["state"], len(told["steps"])) == (code_of(state), steps)
    assert all(each["done"] for each in told["steps"])
