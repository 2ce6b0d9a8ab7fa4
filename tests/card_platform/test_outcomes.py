"""Outcomes: nobody misses one, nobody reads what is not theirs, webhooks get each in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import card_platform.app
from card_platform.outcomes.model import GRANTED, WEBHOOKS_MAX, Kind
from card_platform.storage import Event
from scenarios.platform_process import PlatformProcess
from scenarios.residents import make_residents
from scenarios.service_desk import Access, PlatformRefused, ServiceDesk
from tests.card_platform.city import City, document
from tests.card_platform.receiver import Receiver

assert card_platform.app.EVENT_HANDLERS
SECOND = timedelta(seconds=1)


def seal(city: City) -> None:
    assert city.post("/v1/clock", {"advance_s": 1}, "trainer").status_code == 200


def read(city: City, caller: str, after: int = 0, **asked: int) -> tuple[list[Any], int]:
    more = "".join(f"&{name}={value}" for name, value in asked.items())
    answer = city.get(f"/v1/outcomes?after={after}{more}", caller)
    assert answer.status_code == 200, answer.text
    return answer.json()["outcomes"], answer.json()["next"]


def test_every_kind_is_an_event_of_the_platform() -> None:
    def below(kind: type[Event]) -> Iterator[type[Event]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    actions = {each.action for each in below(Event) if hasattr(each, "action")}
    assert {kind.value for kind in Kind} <= actions
    assert set().union(*GRANTED.values()) == set(Kind)


def test_a_reader_sees_its_kinds_in_order_and_goes_on_where_it_stopped(city: City) -> None:
    card_id, chip = city.active_card()
    city.load(chip, city.enrol("counter", None), 500)
    city.post(f"/v1/cards/{card_id}/loss-report", {"kind": "formal"}, "clerk")
    body = {"document": document(), "reason": "卡片已在张三家中找到"}
    city.post(f"/v1/cards/{card_id}/restoration", body, "clerk")
    seal(city)
    whole, end = read(city, "auditor")
    numbers = [each["number"] for each in whole]
    assert numbers == sorted(numbers)
    assert end >= numbers[-1]
    assert read(city, "auditor", end) == ([], end)
    told = [(each["kind"], each["detail"]) for each in read(city, "clerk")[0]]
    assert ("change-state", "restore, lost -> active") in told
    assert not any("张三" in detail for _, detail in told), "reasons stay inside"
    for role, kinds in GRANTED.items():
        granted, _ = read(city, role)
        assert granted == [each for each in whole if each["kind"] in kinds]
    gathered: list[Any] = []
    after = 0
    for _ in range(100):
        part, after = read(city, "auditor", after, limit=2)
        gathered += part
        if not part:
            break
    assert gathered == whole
    assert city.get("/v1/outcomes", "trainer").status_code == 403
    for wrong in ("after=-1", "after=x", "limit=0", "wait_s=26", f"after={2**70}"):
        assert city.get(f"/v1/outcomes?{wrong}", "clerk").status_code == 400


def test_a_role_makes_sees_and_ends_its_own_webhooks(city: City) -> None:
    body = {"url": "http://127.0.0.1:9/x", "kinds": ["tap", "change-state"]}
    made = city.post("/v1/webhooks", body, "operator", key="once").json()
    assert len(made["secret"]) == 64
    assert city.post("/v1/webhooks", body, "operator", key="once").json() == made
    webhook_id = made["webhook"]["webhook_id"]
    listed = city.get("/v1/webhooks", "operator")
    assert [each["webhook_id"] for each in listed.json()["webhooks"]] == [webhook_id]
    assert made["secret"] not in listed.text
    assert city.get("/v1/webhooks", "department").json()["webhooks"] == []
    one = f"/v1/webhooks/{webhook_id}"
    assert city.post(f"{one}/end", {}, "department").json()["code"] == "webhook-unknown"
    assert city.post(f"{one}/resumption", {}, "operator").json()["code"] == "webhook-state-forbids"
    assert city.post(f"{one}/end", {}, "operator").json()["state"] == "ended"
    assert city.post(f"{one}/end", {}, "operator").status_code == 409
    refused = city.post("/v1/webhooks", body, "department")
    assert refused.json()["code"] == "outcome-kind-not-granted"
    for wrong in ("ftp://x/", "http://", "https://a b/", "http://me:pw@x/", "x" * 600):
        answer = city.post("/v1/webhooks", body | {"url": wrong}, "operator")
        assert answer.json()["code"] == "request-malformed", wrong
    assert city.post("/v1/webhooks", body | {"kinds": []}, "operator").status_code == 400
    many = [city.post("/v1/webhooks", body, "operator") for _ in range(WEBHOOKS_MAX + 1)]
    assert {each.status_code for each in many[:-1]} == {201}
    assert many[-1].json()["code"] == "webhooks-too-many"


@dataclass
class Town:
    platform: PlatformProcess
    desk: ServiceDesk

    def restart(self, *, kill: bool = False) -> None:
        self.desk.__exit__(None, None, None)
        if kill:
            self.platform.kill()
        else:
            self.platform.stop()
        self.platform.start()
        self.desk = ServiceDesk(Access.read(self.platform.access_file))

    def decide(self, card_id: str, count: int) -> None:
        """A card is frozen and freed again and again, and what was decided is sealed."""
        for number in range(count):
            step, body = ("freeze", {"ground": "stolen"})
            if number % 2:
                step, body = ("freeze-lift", {"decision": "查明"})
            self.desk.serve_card(card_id, step, body, "supervisor")
        self.desk.advance_clock(SECOND)

    def webhook(self) -> dict[str, Any]:
        (webhook,) = self.desk.get("operator", "/v1/webhooks")["webhooks"]
        return dict(webhook)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgresql")
    with PlatformProcess(tmp_path / "data", url, clock="virtual") as platform:
        town = Town(platform, ServiceDesk(Access.read(platform.access_file)))
        yield town
        town.desk.__exit__(None, None, None)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver().start()
    yield receiver
    if receiver._server is not None:
        receiver.kill()


def subscribe(town: Town, receiver: Receiver) -> str:
    body = {"url": receiver.url, "kinds": ["change-state"]}
    made = town.desk.post("operator", "/v1/webhooks", body)
    receiver.secret = made["secret"]
    return str(made["webhook"]["webhook_id"])


def stream(town: Town) -> list[dict[str, Any]]:
    found = town.desk.get("operator", "/v1/outcomes?limit=200")["outcomes"]
    return [each for each in found if each["kind"] == "change-state"]


def test_a_receiver_that_is_killed_gets_each_outcome_in_order(
    town: Town, receiver: Receiver
) -> None:
    resident = make_residents(1, 7)[0]
    card_id, _ = town.desk.issue(resident.form(), resident.document())
    town.desk.advance_clock(SECOND)
    before = len(stream(town))
    subscribe(town, receiver)

    town.decide(card_id, 4)
    receiver.wait_for(4)
    receiver.kill()
    town.decide(card_id, 4)
    receiver.start()
    receiver.wait_for(8)
    receiver.answers = 503
    town.decide(card_id, 2)
    town.restart(kill=True)
    receiver.answers = 200
    town.restart()
    town.decide(card_id, 2)
    came = [each["outcome"] for each in receiver.wait_for(12)]
    assert came == stream(town)[before:]
    assert receiver.forged == 0


def test_a_webhook_that_fails_for_a_day_is_paused_and_goes_on_when_resumed(
    town: Town, receiver: Receiver
) -> None:
    resident = make_residents(1, 8)[0]
    card_id, _ = town.desk.issue(resident.form(), resident.document())
    town.desk.advance_clock(SECOND)
    webhook_id = subscribe(town, receiver)
    receiver.answers = 500
    town.decide(card_id, 2)
    wait_until(lambda: town.webhook()["failing_since"] is not None)
    assert town.webhook()["last_fault"] == "the receiver answered 500"
    assert town.webhook()["waiting"] == 2
    town.desk.advance_clock(timedelta(days=1))
    wait_until(lambda: town.webhook()["state"] == "paused")
    receiver.answers = 200
    town.desk.post("operator", f"/v1/webhooks/{webhook_id}/resumption", {})
    receiver.wait_for(2)
    wait_until(lambda: town.webhook()["waiting"] == 0)
    town.desk.post("operator", f"/v1/webhooks/{webhook_id}/end", {})
    with pytest.raises(PlatformRefused, match="webhook-state-forbids"):
        town.desk.post("operator", f"/v1/webhooks/{webhook_id}/resumption", {})


def test_a_reader_waits_for_the_next_outcome(town: Town) -> None:
    resident = make_residents(1, 9)[0]
    card_id, _ = town.desk.issue(resident.form(), resident.document())
    town.desk.advance_clock(SECOND)
    end = town.desk.get("operator", "/v1/outcomes?limit=200")["next"]
    told: list[dict[str, Any]] = []

    def wait() -> None:
        with ServiceDesk(town.desk.access) as other:
            told.append(other.get("operator", f"/v1/outcomes?after={end}&wait_s=25"))

    reader = threading.Thread(target=wait)
    reader.start()
    town.decide(card_id, 1)
    reader.join()
    assert [each["detail"] for each in told[0]["outcomes"]] == ["freeze, active -> frozen"]


def test_a_reader_beside_many_writers_misses_nothing(town: Town) -> None:
    people = make_residents(8, 10)
    access = town.desk.access
    cards = [town.desk.issue(each.form(), each.document())[0] for each in people]

    def decide(card_id: str) -> None:
        with ServiceDesk(access) as desk:
            for number in range(12):
                step, body = ("freeze", {"ground": "stolen"})
                if number % 2:
                    step, body = ("freeze-lift", {"decision": "查明"})
                desk.serve_card(card_id, step, body, "supervisor")

    writers = [threading.Thread(target=decide, args=(each,)) for each in cards]
    for each in writers:
        each.start()
    followed: list[dict[str, Any]] = []
    after, calm = 0, 0
    while calm < 3:
        town.desk.advance_clock(SECOND)
        answer = town.desk.get("operator", f"/v1/outcomes?after={after}&limit=200")
        followed += answer["outcomes"]
        after = answer["next"]
        calm = calm + 1 if not answer["outcomes"] and not any(w.is_alive() for w in writers) else 0
    for each in writers:
        each.join()
    whole: list[dict[str, Any]] = []
    after = 0
    while part := town.desk.get("operator", f"/v1/outcomes?after={after}&limit=200")["outcomes"]:
        whole += part
        after = part[-1]["number"]
    assert followed == whole
    frozen = [each for each in whole if each["detail"].startswith("freeze,")]
    assert len(frozen) == 8 * 6


def wait_until(holds: Any) -> None:
    paused = threading.Event()
    for _ in range(600):
        if holds():
            return
        paused.wait(0.1)
    raise AssertionError("it never came")
