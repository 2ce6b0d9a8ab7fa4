"""The application catalogue: the table of its workflow, and who may do what to which item."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from card_platform.installation import Installation
from card_platform.regions.catalogue.refusals import CatalogueStateForbids
from card_platform.regions.catalogue.workflow import (
    WORKFLOW,
    CatalogueAction,
    VersionState,
    next_state,
)
from card_platform.settings import Settings
from card_platform.storage import Statement
from tests.card_platform.city import City
from tests.card_platform.clearing_regions import carry, refused_there, two_regions
from tests.card_platform.listings import (
    DISTRICT,
    OWN,
    act,
    compile_item,
    content,
    deciding,
    listed,
    publish_item,
)

_PAPERS = Statement(
    "SELECT detail FROM audit_records WHERE action = 'enter-joint-decision-on-paper'"
)


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def _day(city: City, days: int) -> str:
    now = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    return (now.date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(VersionState, CatalogueAction))
)
def test_every_pair_is_a_row_of_the_table_or_is_refused(
    state: VersionState, action: CatalogueAction
) -> None:
    if action in WORKFLOW[state]:
        assert next_state(state, action) is WORKFLOW[state][action]
        return
    with pytest.raises(CatalogueStateForbids):
        next_state(state, action)


def test_nothing_is_published_that_was_not_approved() -> None:
    into = [
        state
        for state, row in WORKFLOW.items()
        for after in row.values()
        if after is VersionState.PUBLISHED and state is not VersionState.PUBLISHED
    ]
    assert into == [VersionState.APPROVED]
    approved = [state for state, row in WORKFLOW.items() if VersionState.APPROVED in row.values()]
    assert approved == [VersionState.COMPILED]
    ends = {state for state, row in WORKFLOW.items() if not row}
    assert ends == {VersionState.SUPERSEDED, VersionState.WITHDRAWN}


def test_an_item_takes_effect_only_after_approval_and_publication(city: City) -> None:
    item_id = compile_item(city)
    assert item_id not in listed(city)
    assert _code(act(city, item_id, "publication")) == (409, "catalogue-state-forbids")
    assert act(city, item_id, "approval").json()["state"] == "approved"
    assert item_id not in listed(city)
    assert act(city, item_id, "publication").json()["state"] == "published"
    assert item_id in listed(city)
    history = city.get(f"/v1/catalogue-items/{item_id}/history").json()["changes"]
    assert [each["action"] for each in history] == ["compile", "approve", "publish"]
    assert history[1]["authority"] == "500000 人民政府"
    assert history[1]["document"] == "〔2026〕1号"
    assert [each["by"] for each in history] == ["department", "supervisor", "supervisor"]


def test_a_rejected_item_is_revised_and_decided_again(city: City) -> None:
    item_id = compile_item(city)
    assert act(city, item_id, "approval", decision_made="rejected").json()["state"] == "rejected"
    assert _code(act(city, item_id, "approval")) == (409, "catalogue-state-forbids")
    revised = act(city, item_id, "revision", content=content(time_limit_days=1)).json()
    assert (revised["state"], revised["content"]["time_limit_days"]) == ("compiled", 1)
    assert act(city, item_id, "approval").json()["state"] == "approved"


def test_the_old_version_holds_until_the_adjusted_one_is_published(city: City) -> None:
    item_id = publish_item(city)
    adjusted = act(city, item_id, "adjustment", content=content(time_limit_days=3)).json()
    assert (adjusted["version"], adjusted["state"]) == (2, "compiled")
    read = f"/v1/catalogue/{item_id}"
    assert city.client.get(read).json()["content"]["time_limit_days"] == 0
    act(city, item_id, "approval")
    act(city, item_id, "publication", effective_from=_day(city, 10))
    assert city.client.get(read).json()["content"]["time_limit_days"] == 0
    city.post("/v1/clock", {"advance_s": 11 * 86_400}, "trainer")
    assert city.client.get(read).json()["content"]["time_limit_days"] == 3
    assert act(city, item_id, "withdrawal", reason="停办").json()["state"] == "withdrawn"
    assert city.client.get(read).json()["code"] == "catalogue-item-unknown"


def test_a_district_adds_with_consent_of_its_own_level_and_files_upward(city: City) -> None:
    item_id = compile_item(city, DISTRICT, name_zh="社区食堂就餐")
    assert _code(act(city, item_id, "approval", OWN)) == (403, "authority-not-competent")
    assert act(city, item_id, "approval", DISTRICT).status_code == 200
    published = act(city, item_id, "publication", DISTRICT).json()
    assert (published["level"], published["filing"]["state"]) == ("county", "due")
    assert item_id in listed(city, DISTRICT)
    assert item_id not in listed(city)
    assert item_id not in listed(city, "500106")
    city.post("/v1/clock", {"advance_s": 40 * 86_400}, "trainer")
    look = f"/v1/catalogue-items/{item_id}"
    assert city.get(look).json()["filing"]["state"] == "overdue"
    assert _code(act(city, item_id, "filing", "500106")) == (403, "authority-not-competent")
    assert act(city, item_id, "filing", OWN).json()["filing"]["state"] == "filed"


def test_a_district_takes_nothing_from_the_list_of_the_region(city: City) -> None:
    item_id = publish_item(city)
    for step, more in (("withdrawal", {}), ("adjustment", {"content": content()})):
        assert _code(act(city, item_id, step, DISTRICT, **more)) == (403, "item-of-higher-level")
    again = deciding(DISTRICT, content=content())
    answer = city.post("/v1/catalogue-items", again, "department")
    assert _code(answer) == (409, "item-already-listed")
    assert item_id in listed(city, DISTRICT)
    assert _code(act(city, item_id, "filing")) == (409, "filing-not-needed")


def test_a_joint_item_needs_the_approval_of_both_sides(
    city: City, installation: Installation
) -> None:
    item_id = compile_item(city, joint_under="sichuan-chongqing")
    one = act(city, item_id, "approval", "500000").json()
    assert (one["state"], one["waiting_for"]) == ("compiled", ["510000"])
    assert _code(act(city, item_id, "publication")) == (409, "catalogue-state-forbids")
    assert _code(act(city, item_id, "approval", "500000")) == (409, "party-has-decided")
    assert _code(act(city, item_id, "approval", "640000")) == (403, "authority-not-competent")
    unnamed = act(city, item_id, "approval", "510000", document=None)
    assert _code(unnamed) == (422, "joint-side-paper-missing")
    assert act(city, item_id, "approval", "510000").json()["state"] == "approved"
    act(city, item_id, "publication")
    assert item_id in listed(city)
    papers = installation.database.read_now(lambda tx: tx.rows(_PAPERS, {}))
    assert papers == [(f"approve {item_id} version 1 for 510000: 〔2026〕1号",)]


def test_it_shows_which_side_lacks_which_subject_until_that_side_knows_it(
    settings: Settings, tmp_path: Path
) -> None:
    with two_regions(settings, tmp_path) as (here, there):

        def lacks() -> list[tuple[str, str, int]]:
            (link,) = here.city.get("/v1/exchange/links", "auditor").json()["links"]
            return [(each["subject"], each["code"], each["missed"]) for each in link["lacks"]]

        unknown = there.road.subjects.pop("joint-item")  # as if it were not upgraded yet
        for name in ("川渝通借", "川渝通还"):
            compile_item(here.city, name_zh=name, uses=[name], joint_under="sichuan-chongqing")
        carry(here, there)
        assert lacks() == [("joint-item", "exchange-subject-not-known", 2)]
        there.road.subjects["joint-item"] = unknown
        item_id = compile_item(here.city, name_zh="川渝预约", joint_under="sichuan-chongqing")
        carry(here, there)
        assert lacks() == []
        told = there.city.get("/v1/catalogue-items", "auditor").json()["items"]
        assert [each["item_id"] for each in told] == [item_id]
        decision = {"area": "510000", "authority": "x"}
        wrong = {"item_id": item_id, "version": 9, "step": "approve", "decision": decision}
        told = refused_there(there, here, "joint-item-decision", "joint-catalogue", wrong)
        assert told == "catalogue-version-differs"


def test_no_side_takes_a_joint_item_off_the_joint_list_alone(city: City) -> None:
    item_id = compile_item(city, joint_under="sichuan-chongqing")
    for area in ("500000", "510000"):
        act(city, item_id, "approval", area)
    act(city, item_id, "publication")
    assert act(city, item_id, "adjustment", content=content()).status_code == 200
    one = act(city, item_id, "approval", "500000").json()
    assert (one["state"], one["waiting_for"]) == ("compiled", ["510000"])
    assert _code(act(city, item_id, "publication")) == (409, "catalogue-state-forbids")
    assert act(city, item_id, "approval", "510000").json()["state"] == "approved"
    assert act(city, item_id, "publication").status_code == 200
    own = act(city, item_id, "adjustment", content=content(guide_zh="扫码借阅")).json()
    assert own["waiting_for"] == ["500000"], "it is joint no longer"


def test_other_words_for_an_item_do_not_give_it_the_name_of_another(city: City) -> None:
    publish_item(city)
    other = publish_item(city, name_zh="博物馆入馆", uses=["入馆"])
    taken = act(city, other, "adjustment", content=content())
    assert _code(taken) == (409, "item-already-listed")
    compiled = compile_item(city, name_zh="科技馆入馆", uses=["参观"])
    assert _code(act(city, compiled, "revision", content=content())) == (409, "item-already-listed")
    same = content(name_zh="科技馆入馆", guide_zh="扫码入馆")
    assert act(city, compiled, "revision", content=same).status_code == 200


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"owner": "veterans"}, "owner-department-unknown"),
        ({"scene": "campus"}, "scene-unknown"),
        ({"joint_under": "yangtze-delta"}, "agreement-unknown"),
    ],
)
def test_an_item_that_is_not_sound_is_refused(city: City, changed: Any, code: str) -> None:
    body = deciding(content=content(**changed))
    assert _code(city.post("/v1/catalogue-items", body, "department")) == (422, code)


def test_an_area_of_another_region_compiles_nothing_here(city: City) -> None:
    body = deciding("510100", content=content())
    assert _code(city.post("/v1/catalogue-items", body, "supervisor")) == (422, "area-outside")


def test_a_pilot_zone_goes_before_the_rest(city: City) -> None:
    item_id = compile_item(city)
    act(city, item_id, "approval")
    late = [{"area": DISTRICT, "from": _day(city, 30)}]
    refused = act(city, item_id, "publication", effective_from=_day(city, 30), pilots=late)
    assert _code(refused) == (422, "pilot-not-earlier")
    pilots = [{"area": DISTRICT, "from": _day(city, 0)}]
    act(city, item_id, "publication", effective_from=_day(city, 30), pilots=pilots)
    assert item_id in listed(city, DISTRICT)
    assert item_id not in listed(city)
    assert item_id not in listed(city, "500106")
    city.post("/v1/clock", {"advance_s": 31 * 86_400}, "trainer")
    assert item_id in listed(city, "500106")


def test_another_field_joins_by_agreement_and_then_has_items(city: City) -> None:
    body = {
        "code": "campus",
        "name_zh": "校园管理",
        "name_en": "Campus",
        "department": "education",
        "document": "渝教〔2026〕2号",
    }
    assert city.post("/v1/catalogue-scenes", body, "department").status_code == 403
    assert city.post("/v1/catalogue-scenes", body, "supervisor").status_code == 201
    again = city.post("/v1/catalogue-scenes", body, "supervisor")
    assert _code(again) == (409, "scene-already-joined")
    scenes = city.client.get("/v1/catalogue-scenes").json()["scenes"]
    assert scenes[-1]["code"] == "campus"
    item_id = publish_item(city, scene="campus", owner="education", name_zh="校园门禁")
    assert item_id in listed(city)


def test_the_public_reads_guide_catalogue_and_agreements_without_a_token(city: City) -> None:
    guide = city.client.get("/v1/guide").json()
    assert guide["entitlements"] == ["household-registration", "public-service"]
    assert {each["service"] for each in guide["services"]} >= {"apply", "replace", "cancel"}
    assert all(each["time_limit_days"] >= 1 and each["steps_zh"] for each in guide["services"])
    agreements = city.client.get("/v1/agreements").json()["agreements"]
    assert {each["id"] for each in agreements} == {
        "sichuan-chongqing",
        "neijiang-rongchang",
        "linshui-yubei",
    }
    asked = {"card_region": "510000", "field": "culture"}
    told = city.client.get("/v1/agreements/coverage", params=asked).json()
    assert told == {"served": True, "agreement": "sichuan-chongqing"}
    asked["card_region"] = "150000"
    assert not city.client.get("/v1/agreements/coverage", params=asked).json()["served"]
    assert city.client.get("/v1/catalogue-items").status_code == 401


@pytest.mark.parametrize("role", ["clerk", "operator", "inspector", "auditor", "production"])
def test_only_departments_compile_and_only_the_supervisor_decides(city: City, role: str) -> None:
    body = deciding(content=content())
    assert city.post("/v1/catalogue-items", body, role).status_code == 403
    item_id = compile_item(city)
    for step in ("approval", "publication", "withdrawal", "filing"):
        path = f"/v1/catalogue-items/{item_id}/{step}"
        assert city.post(path, deciding(), role).status_code == 403
        assert city.post(path, deciding(), "department").status_code == 403
    reads = city.get(f"/v1/catalogue-items/{item_id}", role).status_code
    assert reads == (403 if role == "production" else 200)
