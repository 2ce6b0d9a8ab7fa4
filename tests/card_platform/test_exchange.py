"""The exchange between two running regions, and with departments, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from card_platform.vocabulary.identifier import new_identifier
from scenarios.exchange_partners import DepartmentSystem
from scenarios.service_desk import PlatformRefused
from tests.card_platform.city import application, document, resident
from tests.card_platform.joint_item import WORDS, JointItem
from tests.card_platform.neighbours import Neighbour, one_process, two_regions, wait_for

NAME = "测试甲"


@pytest.fixture(
    scope="module",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql), "one-process"],
)
def regions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Neighbour, Neighbour]]:
    folder = tmp_path_factory.mktemp("regions")
    if request.param == "one-process":
        both = one_process(folder)
    else:
        both = two_regions(folder, request, request.param)
    with both as linked:
        yield linked


@pytest.fixture(scope="module")
def persons() -> Iterator[int]:
    return iter(range(1, 400))


def check(
    at: Neighbour, card: dict[str, Any], region: Neighbour, field: str, **more: str
) -> dict[str, Any]:
    body = {
        "region": region.code,
        "field": field,
        "card_number": card["card_number"],
        "name": NAME,
        "purpose": "counter",
    }
    return at.desk.post("clerk", "/v1/foreign-card-checks", body | more)


def test_the_number_of_a_neighbours_card_must_be_that_of_the_chip_that_was_authenticated(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card, other = (sichuan.active_card(next(persons)) for _ in range(2))
    own, copied = (each["historical_bytes"] for each in (card, other))
    for chip in (own, own.lower()):
        told = check(chongqing, card, sichuan, "medical", historical_bytes=chip)
        assert (told["result"], told["agreement"]) == ("valid", "sichuan-chongqing")
    for chip in (copied, "FF" * 13):
        told = check(chongqing, card, sichuan, "medical", historical_bytes=chip)
        assert (told["result"], told["reason"]) == ("refused", "card-number-is-not-the-chips")
        assert told["card_state"] is None
    reads = sichuan.desk.get("clerk", f"/v1/cards/{card['card_id']}/access-log")["reads"]
    refused = [each for each in reads if each["refusal"] == "card-number-is-not-the-chips"]
    assert len(refused) == 2
    with pytest.raises(PlatformRefused) as malformed:
        check(chongqing, card, sichuan, "medical", historical_bytes="0081")
    assert malformed.value.code == "request-malformed"


def revoked(at: Neighbour) -> list[str]:
    terminal = at.desk.enrol_terminal("counter", None)
    told = at.desk.ask("GET", "/v1/transit/terminal-parameters", terminal["token"])
    return list(told["revocation_list"]["application_serials"])


def test_a_neighbours_card_is_served_in_what_was_agreed_and_refused_elsewhere(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(next(persons))
    told = check(chongqing, card, sichuan, "social-security")
    assert (told["result"], told["agreement"]) == ("valid", "sichuan-chongqing")
    with pytest.raises(PlatformRefused) as refused:
        check(chongqing, card, sichuan, "elder-care")
    assert refused.value.code == "no-agreement-covers"
    told = check(chongqing, card | {"card_number": "X99999999"}, sichuan, "medical")
    assert (told["result"], told["reason"]) == ("refused", "card-unknown")


def test_a_freeze_in_one_region_binds_in_the_other_until_it_is_lifted(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(next(persons))
    sichuan.desk.post("supervisor", f"/v1/cards/{card['card_id']}/freeze", {"ground": "stolen"})

    def is_refused() -> bool:
        return bool(check(chongqing, card, sichuan, "medical")["card_state"] == "frozen")

    wait_for(lambda: card["application_serial"] in revoked(chongqing))
    assert is_refused()
    decision = {"decision": "核实无误"}
    sichuan.desk.post("supervisor", f"/v1/cards/{card['card_id']}/freeze-lift", decision)
    wait_for(lambda: card["application_serial"] not in revoked(chongqing))
    assert check(chongqing, card, sichuan, "medical")["result"] == "valid"


def take_in(at: Neighbour, of: Neighbour, site: str, service: str, **more: Any) -> dict[str, Any]:
    body = {"site_id": site, "region": of.code, "service": service, "request": {}} | more
    taken = at.desk.post("clerk", "/v1/joint-services", body)
    return at.joint_service(taken["request_id"])


def test_all_ten_services_for_the_neighbours_card_are_decided_by_the_neighbour(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    site = chongqing.joint_service_point()
    person = next(persons)
    papers = {"document": document(person)}
    wanted = application(person, region=sichuan.code)
    told = take_in(chongqing, sichuan, site, "apply", request=wanted)
    assert (told["state"], told["answer"]["card_state"]) == ("done", "applied"), told
    number, card_id = told["answer"]["card_number"], told["answer"]["card_id"]
    links = sichuan.desk.get("operator", "/v1/exchange/links")["links"]
    assert links[0]["taken"] > 0

    def served(service: str, **request: Any) -> dict[str, Any]:
        nonlocal number, card_id
        told = take_in(
            chongqing, sichuan, site, service, card_number=number, request=request or papers
        )
        if service == "cancel":
            assert (told["state"], told["answer"]) == ("waiting", None)
            assert sichuan.decide(told["number_there"], "grant")["state"] == "granted"
            told = chongqing.joint_service(told["request_id"], "waiting")
        assert told["state"] == "done", told
        answer: dict[str, Any] = told["answer"]
        number, card_id = answer["card_number"], answer["card_id"]
        return answer

    def produced() -> str:
        image = sichuan.desk.personalisation_image(card_id)
        sichuan.desk.report_production(card_id, bytes.fromhex(image["historical_bytes"]))
        return str(image["historical_bytes"])

    chip = produced()
    assert served("activate")["card_state"] == "active"
    assert served("look-up")["social_security"] == "open"
    report = {"card_number": number, "request": papers}
    told = take_in(chongqing, sichuan, site, "reset-pin", **report)
    assert told["problem"]["code"] == "pin-reset-not-commanded", "no chip was told"
    assert served("look-up")["pin"] == "initial"
    reset = papers | {"historical_bytes": chip, "challenge": "01" * 8, "new_pin": "246810"}
    asked = {"site_id": site, "region": sichuan.code, "card_number": number, "reset": reset}
    for change, refused in (
        ({"reset": reset | {"historical_bytes": "FF" * 13}}, "other-side-refuses"),
        ({"reset": reset | {"document": document(person + 200)}}, "other-side-refuses"),
        ({"card_number": "X99999999"}, "other-side-refuses"),
        ({"site_id": "site-x"}, "site-is-no-joint-service-point"),
        ({"region": chongqing.code}, "region-is-own"),
        ({"region": "330000"}, "no-agreement-covers"),
    ):
        with pytest.raises(PlatformRefused) as no_command:
            chongqing.desk.post("clerk", "/v1/joint-pin-resets", asked | change)
        assert no_command.value.code == refused, change
    made = chongqing.desk.post("clerk", "/v1/joint-pin-resets", asked)["command"]
    at_home = sichuan.desk.serve_card(card_id, "pin-reset", reset)["command"]
    assert made == at_home, "the issuing region makes it, for this chip and challenge"
    assert served("reset-pin")["pin"] == "set"
    assert served("change-data", **papers, phone="02312345")["exchange_needed"] is False
    assert served("report-loss", kind="oral")["card_state"] == "orally_lost"
    assert served("restore", **papers, reason="已找到")["card_state"] == "active"
    served("exchange", **papers, reason="unreadable", site="渝中区服务网点")
    produced()
    served("activate")
    served("report-loss", kind="formal")
    served("replace", **papers, site="渝中区服务网点")
    produced()
    assert served("cancel", reason="emigration", evidence="护照")["card_state"] == "cancelled"


def test_an_item_of_a_joint_list_stands_in_each_sides_catalogue_and_no_side_changes_it_alone(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    item = JointItem.compiled(chongqing)
    item.stands(sichuan, "compiled", "500000", "510000")
    assert item.refused(sichuan, "approval", chongqing) == "authority-not-competent"
    for step in ("publication", "filing"):
        assert item.refused(sichuan, step, chongqing) == "item-of-another-region", step
    itself = "joint-side-decides-itself"
    assert item.refused(chongqing, "approval", sichuan) == itself, "not on paper either"
    item.act(chongqing, "approval", chongqing)
    item.act(sichuan, "approval", sichuan)
    item.stands(chongqing, "approved")
    assert not item.listed(chongqing)
    item.act(chongqing, "publication", chongqing)
    item.stands(sichuan, "published")
    assert item.listed(sichuan) == item.listed(chongqing)
    assert item.refused(sichuan, "approval", sichuan) == "catalogue-state-forbids"

    item.act(chongqing, "adjustment", chongqing, content=WORDS | {"time_limit_days": 9})
    item.act(chongqing, "approval", chongqing)
    item.stands(sichuan, "compiled", "510000", version=2)
    for each in regions:
        assert item.listed(each)["content"]["time_limit_days"] == 0, "the old one holds until then"
    item.act(sichuan, "approval", sichuan)
    item.stands(chongqing, "approved", version=2)
    item.act(chongqing, "publication", chongqing)
    wait_for(lambda: item.listed(sichuan)["content"]["time_limit_days"] == 9)

    item.act(chongqing, "withdrawal", chongqing)
    assert item.refused(chongqing, "withdrawal", chongqing) == "party-has-decided"
    assert item.refused(chongqing, "withdrawal", sichuan) == itself
    item.stands(sichuan, "published", "510000", version=2)
    assert all(map(item.listed, regions)), "one side alone withdraws nothing"
    item.act(sichuan, "withdrawal", sichuan)
    item.stands(chongqing, "withdrawn", version=2)
    item.stands(sichuan, "withdrawn", version=2)
    assert not any(map(item.listed, regions))
    assert item.steps(chongqing) == item.steps(sichuan)
    assert " ".join(action for _, action, _, _ in item.steps(sichuan)) == (
        "compile approve approve publish adjust compile approve approve publish supersede"
        " withdraw withdraw"
    )


def test_a_region_tells_of_its_own_items_and_decides_for_its_own_sides_only(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, _ = regions
    item = JointItem.compiled(chongqing, WORDS | {"name_zh": "川渝景区年卡"})
    told = item.told(chongqing)
    stranger = DepartmentSystem(chongqing.desk, "640000", "另一地区")
    stranger.enrol(("joint-item", "joint-item-decision"), "region")
    change = {"version": 2, "action": "compile", "state_from": None, "state_to": "compiled"}
    change |= {"at": "2026-01-01T00:00:00.000+08:00", "by": "x", "area": "500000"}
    change |= {"authority": "x", "document": None, "reason": None}
    body = {name: told[name] for name in ("item_id", "area", "content", "effective_from", "pilots")}
    body |= {"filed_at": None, "state": "compiled", "change": change}
    decision = {"item_id": item.item_id, "version": 1, "step": "approve"}
    decision |= {"decision": {"area": "510000", "authority": "x"}}
    for subject, letter in (("joint-item", body), ("joint-item-decision", decision)):
        heard = stranger.tell(subject, "joint-catalogue", letter)
        assert heard["problem"]["code"] == "area-is-not-the-senders", subject
    heard = stranger.tell("joint-item", "joint-catalogue", body | {"area": "640000"})
    assert heard["problem"]["code"] == "area-is-not-the-senders", "it is another's already"
    assert item.told(chongqing) == told


def cancelling(
    at: Neighbour, of: Neighbour, card: dict[str, Any], reason: str = "emigration"
) -> dict[str, Any]:
    site = at.joint_service_point(f"注销窗口 {new_identifier('site')}")
    request = {"reason": reason, "evidence": "护照"}
    return take_in(at, of, site, "cancel", card_number=card["card_number"], request=request)


def test_cancelling_the_neighbours_card_waits_for_a_supervisor_there(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(next(persons))
    told = cancelling(chongqing, sichuan, card)
    number = told["number_there"]
    assert (told["state"], told["decided_at"]) == ("waiting", None)
    assert sichuan.desk.card(card["card_id"])["state"] == "active"
    waiting = list(sichuan.desk.gather("auditor", "/v1/services-from-regions", "services"))
    mine = next(each for each in waiting if each["number"] == number)
    assert (mine["region"], mine["region_number"]) == (chongqing.code, told["request_id"])
    assert (mine["service"], mine["state"]) == ("cancel", "waiting")
    assert not {"request", "evidence"} & set(mine)
    path = f"/v1/services-from-regions/{number}"
    assert sichuan.desk.get("supervisor", path)["request"]["evidence"] == "护照"
    reads = sichuan.desk.get("clerk", f"/v1/cards/{card['card_id']}/access-log")["reads"]
    assert [each["by"] for each in reads if each["reference"] == number] == ["supervisor"]
    for role in ("clerk", "auditor"):
        with pytest.raises(PlatformRefused) as refused:
            sichuan.decide(number, "grant", role=role)
        assert refused.value.code == "role-forbids", role
    with pytest.raises(PlatformRefused) as malformed:
        sichuan.decide(number, "refuse")
    assert malformed.value.code == "request-malformed"
    stranger = DepartmentSystem(chongqing.desk, "650000", "另一地区")
    stranger.enrol(("card-service-decision",), "region")
    forged = {"number": told["request_id"], "done": None, "reason": "冒名"}
    heard = stranger.tell("card-service-decision", "card-service", forged)
    assert (heard["result"], heard["problem"]["code"]) == ("refused", "joint-service-unknown")
    assert chongqing.joint_service(told["request_id"])["state"] == "waiting"
    assert sichuan.decide(number, "grant")["decided_by"] == "supervisor"
    done = chongqing.joint_service(told["request_id"], "waiting")
    assert (done["state"], done["answer"]["card_state"]) == ("done", "cancelled")
    history = sichuan.desk.get("clerk", f"/v1/cards/{card['card_id']}/history")["changes"]
    assert (history[-1]["action"], history[-1]["by"]) == ("cancel", "supervisor")
    assert sichuan.desk.get("supervisor", path)["request"] is None
    for decision in ("grant", "refuse"):
        with pytest.raises(PlatformRefused) as twice:
            sichuan.decide(number, decision, "又一次")
        assert twice.value.code == "service-from-region-state-forbids"


def test_what_a_supervisor_there_refuses_is_told_with_the_reason(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(next(persons))
    told = cancelling(chongqing, sichuan, card)
    refusal = sichuan.decide(told["number_there"], "refuse", "证明材料不足")
    assert (refusal["state"], refusal["reason"]) == ("refused", "证明材料不足")
    refused = chongqing.joint_service(told["request_id"], "waiting")
    assert (refused["state"], refused["answer"]) == ("refused", None)
    assert refused["problem"]["code"] == "refused-by-issuing-region"
    assert "证明材料不足" in refused["problem"]["detail_zh"]
    assert sichuan.desk.card(card["card_id"])["state"] == "active"


def test_what_the_rules_refuse_when_it_is_granted_goes_on_waiting(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, sichuan = regions
    card = sichuan.active_card(next(persons))
    first, second = (cancelling(chongqing, sichuan, card) for _ in range(2))
    unfounded = cancelling(chongqing, sichuan, card, "boredom")
    with pytest.raises(PlatformRefused) as refused:
        sichuan.decide(unfounded["number_there"], "grant")
    assert refused.value.code == "cancellation-reason-refused"
    sichuan.decide(first["number_there"], "grant")
    with pytest.raises(PlatformRefused) as refused:
        sichuan.decide(second["number_there"], "grant")
    assert refused.value.code == "card-state-forbids"
    listed = sichuan.desk.get("supervisor", "/v1/services-from-regions?state=waiting&limit=200")
    waiting = {each["number"] for each in listed["services"]}
    assert {unfounded["number_there"], second["number_there"]} <= waiting
    assert chongqing.joint_service(second["request_id"])["state"] == "waiting"
    for each in (second, unfounded):
        sichuan.decide(each["number_there"], "refuse", "已注销")
        assert chongqing.joint_service(each["request_id"], "waiting")["state"] == "refused"


def test_what_the_neighbour_refuses_is_told_and_what_cannot_be_asked_is_not_taken_in(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    site = chongqing.joint_service_point("另一通办窗口")
    told = take_in(
        chongqing, sichuan, site, "report-loss", card_number="X99999999", request={"kind": "oral"}
    )
    assert (told["state"], told["problem"]["code"]) == ("refused", "card-unknown")
    for change, code in (
        ({"region": chongqing.code}, "region-is-own"),
        ({"region": "640000"}, "no-agreement-covers"),
        ({"site_id": "site-x"}, "site-is-no-joint-service-point"),
        ({"service": "paint"}, "request-malformed"),
        ({"card_number": None}, "request-malformed"),
        ({"request": {"kind": "loud"}}, "request-malformed"),
    ):
        body = {
            "site_id": site,
            "region": sichuan.code,
            "service": "report-loss",
            "card_number": "X99999999",
            "request": {"kind": "oral"},
        }
        with pytest.raises(PlatformRefused) as refused:
            chongqing.desk.post("clerk", "/v1/joint-services", body | change)
        assert refused.value.code == code, change


def test_a_complaint_about_the_neighbour_is_answered_there_and_heard_here(
    regions: tuple[Neighbour, Neighbour],
) -> None:
    chongqing, sichuan = regions
    filing = {
        "kind": "complaint",
        "channel": "12345",
        "subject": "外地就医刷卡被拒",
        "content": "在成都就医时社保卡被拒绝",
    }
    filed = chongqing.desk.post("clerk", "/v1/complaints", filing)
    number = filed["number"]
    chongqing.desk.post("clerk", f"/v1/complaints/{number}/passing-on", {"region": sichuan.code})

    def there() -> str | None:
        link = chongqing.desk.get("operator", "/v1/exchange/links")["links"][0]
        return None if link["waiting"] else "delivered"

    wait_for(there)
    statistics = sichuan.desk.get("inspector", "/v1/complaint-statistics")
    assert statistics["by_channel"]["region"] == 1
    own = f"SC{filed['number'][2:10]}000001"
    sichuan.desk.post("clerk", f"/v1/complaints/{own}/answer", {"text": "已督促医院整改"})

    def heard() -> dict[str, Any] | None:
        secret = {"secret": filed["secret"]}
        told = chongqing.desk.ask("POST", f"/v1/complaints/{number}/status", "", secret)
        return told if told["state"] == "answered" else None

    assert wait_for(heard)["answer"] == "已督促医院整改"


@pytest.fixture
def police(regions: tuple[Neighbour, Neighbour]) -> DepartmentSystem:
    system = DepartmentSystem(regions[0].desk, "public-security", "市公安局")
    system.enrol()
    return system


def test_a_department_asks_under_its_own_name_for_what_the_law_or_the_holder_allows(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int], police: DepartmentSystem
) -> None:
    chongqing, _ = regions
    card = chongqing.active_card(next(persons))
    question = {
        "purpose": "hotel-registration",
        "items": ["name", "phone"],
        "basis": "consent",
        "card_number": card["card_number"],
    }
    told = police.ask("holder-query", "holder-data", question)
    assert (told["result"], told["problem"]["code"]) == ("refused", "consent-missing")
    log = chongqing.desk.get("clerk", f"/v1/cards/{card['card_id']}/access-log")["reads"]
    assert (log[0]["by"], log[0]["refusal"]) == ("public-security", "consent-missing")


DEPARTMENTS: dict[str, tuple[str, str] | None] = {
    "市公安局": ("criminal-investigation", "刑事侦查"),
    "市卫生健康委": ("epidemic-tracing", "传染病流行病学调查"),
    "市医疗保障局": ("medical-settlement", "医保结算"),
    "市民政局": ("social-assistance", "社会救助审核"),
    "市财政局": ("subsidy-supervision", "补贴资金监管"),
    "市残联": ("disability-subsidies", "残疾人补贴核对"),
    "市税务局": ("tax-collection", "社会保险费和个人所得税征管"),
    "市交通运输委": None,
    "市文化旅游委": None,
    "嘉陵银行（虚构）": None,
}
"""Each with its legal duty and purpose; the last three ask with the holder's consent only."""


def test_each_department_has_an_identity_and_purposes_of_its_own(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, _ = regions
    person = next(persons)
    card = chongqing.active_card(person)
    consent = {
        "document_number": document(person)["number"],
        "purpose": "优待核验",
        "items": ["name"],
        "from_at": "2020-01-01T00:00:00+08:00",
        "until_at": "2099-01-01T00:00:00+08:00",
    }

    def refused(system: DepartmentSystem, **asked: Any) -> str | None:
        question = {"items": ["name"], "card_number": card["card_number"], **asked}
        told = system.ask("holder-query", "holder-data", question)
        return str(told["problem"]["code"]) if told["problem"] else None

    for number, (name, duty) in enumerate(DEPARTMENTS.items()):
        system = DepartmentSystem(chongqing.desk, f"own-identity-{number}", name)
        if "银行" in name:
            system.enrol(("holder-query",), "bank")
        else:
            system.enrol()
        by_consent = {"basis": "consent", "purpose": "优待核验"}
        assert refused(system, **by_consent) == "consent-missing", name
        if duty is None:
            own = consent | {"institution": name}
            chongqing.desk.post("clerk", f"/v1/cards/{card['card_id']}/consents", own)
            assert refused(system, **by_consent) is None, name
        for other, theirs in DEPARTMENTS.items():
            if theirs is not None:
                asked = {"basis": "legal-duty", "duty": theirs[0], "purpose": theirs[1]}
                expected = None if other == name else "legal-duty-unknown"
                assert refused(system, **asked) == expected, (name, other)
        if duty is not None:
            beyond = {"basis": "legal-duty", "duty": duty[0], "purpose": "商业推广"}
            assert refused(system, **beyond) == "legal-duty-unknown", name


def test_shared_data_are_for_their_purpose_and_for_nobody_else(police: DepartmentSystem) -> None:
    question = {"purpose": "x", "items": ["name"], "basis": "consent", "card_number": "A00000001"}
    for subject, purpose, content, code in (
        ("holder-query", "marketing", {}, "purpose-outside-grant"),
        ("card-check", "identity-check", {}, "subject-not-granted"),
        ("holder-query", "holder-data", {"handed_on_to": "bank-x"}, "passing-on-forbidden"),
    ):
        told = police.ask(subject, purpose, question, **content)
        assert (told["result"], told["problem"]["code"]) == ("refused", code)


def test_a_query_is_answered_once_while_fresh_to_who_signed_it(
    regions: tuple[Neighbour, Neighbour], police: DepartmentSystem
) -> None:
    question = {"purpose": "x", "items": ["name"], "basis": "consent", "card_number": "A00000001"}
    content = police.content("query", "holder-query", "holder-data", question)
    envelope = police.seal(content)
    desk = regions[0].desk
    desk.ask("POST", "/v1/exchange/queries", "", envelope)
    forged = envelope | {"content": envelope["content"].replace("A00000001", "A00000002")}
    stale = police.seal(content | {"id": "x1", "sent_at": "2020-01-01T00:00:00.000+08:00"})
    unknown = police.seal(content | {"id": "x2", "sender": "somebody-else"})
    elsewhere = police.seal(content | {"id": "x3", "recipient": "510000"})
    for letter, code in (
        (envelope, "query-replayed"),
        (forged, "exchange-signature-wrong"),
        (stale, "query-stale"),
        (unknown, "sender-unknown"),
        (elsewhere, "recipient-is-another"),
    ):
        with pytest.raises(PlatformRefused) as refused:
            desk.ask("POST", "/v1/exchange/queries", "", letter)
        assert refused.value.code == code


def test_messages_are_taken_in_order_and_once(
    regions: tuple[Neighbour, Neighbour], persons: Iterator[int]
) -> None:
    chongqing, _ = regions
    civil = DepartmentSystem(chongqing.desk, "civil-affairs", "市民政局")
    civil.enrol()
    person = next(persons)
    card = chongqing.active_card(person)

    def letter(sequence: int, number: str) -> dict[str, str]:
        body = {"document_number": number, "evidence": "死亡证明"}
        content = civil.content("message", "death", "card-cancellation", body)
        return civil.seal(content | {"sequence": sequence, "id": f"m{sequence}-{number}"})

    def bring(*letters: dict[str, str]) -> dict[str, Any]:
        batch = {"messages": list(letters)}
        return chongqing.desk.ask("POST", "/v1/exchange/messages", "", batch)

    first = letter(1, resident(person))
    for batch, code in (((letter(2, resident(person)),), "exchange-has-gap"),):
        with pytest.raises(PlatformRefused) as refused:
            bring(*batch)
        assert refused.value.code == code
    bring(first, letter(2, resident(499)))
    bring(first)  # its answer was lost; nothing happens twice
    assert chongqing.desk.card(card["card_id"])["state"] == "cancelled"
    with pytest.raises(PlatformRefused) as refused:
        bring(letter(1, resident(498)))
    assert refused.value.code == "message-differs"
    history = chongqing.desk.get("clerk", f"/v1/cards/{card['card_id']}/history")["changes"]
    assert [each["action"] for each in history].count("cancel") == 1
    assert history[-1]["by"] == "civil-affairs"


def test_a_region_speaks_of_its_own_cards_only(regions: tuple[Neighbour, Neighbour]) -> None:
    chongqing, _ = regions
    stranger = DepartmentSystem(chongqing.desk, "150000", "内蒙古自治区")
    body = {
        "participant_id": "150000",
        "kind": "region",
        "name_zh": "内蒙古",
        "public_key": stranger.public_key,
        "subjects": ["card-stop"],
    }
    chongqing.desk.post("operator", "/v1/exchange/participants", body)
    stop = {
        "card_number": "A00000001",
        "application_serial": "03105000000000000001"[:20],
        "stopped": True,
        "state": "lost",
        "at": "2026-11-22T08:00:00.000+08:00",
    }
    told = stranger.tell("card-stop", "card-safety", stop)
    assert (told["result"], told["problem"]["code"]) == ("refused", "card-is-not-the-senders")
