"""Payouts through the card (NM-12, CQ-8, NX-10, SC-f, YD-14) and what stops them (NM-23d, SC-l)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from scenarios.neighbourhood import REGIONS, Neighbourhood, wait_for
from scenarios.payout_files import PayoutOffice, code_of_programme, programmes
from scenarios.phrases import given, then, when
from scenarios.service_desk import PlatformRefused
from scenarios.steps.banks import choose_bank, load
from scenarios.steps.card_services import hold_active_card
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import World

CERTIFICATIONS = "/v1/eligibility-certifications"
OTHER_ACCOUNT, REASON = "6234560000000024", "行动不便由家属代领"
EVERY_DUTY = {"应发尽发": "must", "鼓励发放": "may", "must": "must", "may": "may"}


@pytest.fixture
def payout_office() -> PayoutOffice:
    """Nothing sent yet."""
    return PayoutOffice()


@given(
    "居民“{name}”持有社会保障卡，银行账户已加载",
    "resident “{name}” holds a card whose bank account is loaded",
)
def hold_card_with_account(world: World, name: str) -> None:
    hold_active_card(world, name)
    choose_bank(world, name, 1)
    load(world, 1, name)
    assert world.refusal is None, world.refusal


@given(
    "居民“{name}”凭社会保障卡完成待遇资格认证",
    "resident “{name}” was certified as entitled by card",
)
@when(
    "居民“{name}”凭社会保障卡办理待遇资格认证",
    "resident “{name}” has the eligibility certified by card",
)
def certify(world: World, name: str) -> None:
    made = world.desk.post("clerk", CERTIFICATIONS, _shown(world, name))
    assert made["state"] == "certified", made
    world.recorder.fact("资格认证有效期至", "certified until", made["valid_until"])
    world.let_time_pass(timedelta(seconds=1))


@when(
    "居民“{name}”在“{region}”网点凭社会保障卡办理待遇资格认证",
    "resident “{name}” has the eligibility certified by card at a site of “{region}”",
)
def certify_there(world: World, neighbourhood: Neighbourhood, name: str, region: str) -> None:
    desk, own = neighbourhood.desks[region], world.desk.region
    taken = desk.post("clerk", CERTIFICATIONS, {**_shown(world, name), "region": own})
    path = f"{CERTIFICATIONS}/{taken['certification_id']}"

    def decided() -> dict[str, Any] | None:
        told = desk.get("clerk", path)
        return told if told["state"] != "passed-on" else None

    neighbourhood.told = wait_for(decided)
    world.let_time_pass(timedelta(seconds=1))


@then(
    "“{region}”网点得到“{own}”的认证结果：通过",
    "the site of “{region}” was told by “{own}”: certified",
)
def told_there(neighbourhood: Neighbourhood, region: str, own: str) -> None:
    assert region in neighbourhood.desks
    told = neighbourhood.told
    assert (told["state"], told["card_region"]) == ("certified", REGIONS[own][1]), told


@when(
    "为居民“{names}”报送“{programme}”的发放文件",
    "a payout file of “{programme}” is brought for resident “{names}”",
)
def bring(world: World, payout_office: PayoutOffice, names: str, programme: str) -> None:
    _bring(world, payout_office, names, programme)


@when(
    "又为居民“{names}”报送同一期“{programme}”的发放文件",
    "another file of “{programme}” for the same period is brought for resident “{names}”",
)
def bring_again(world: World, payout_office: PayoutOffice, names: str, programme: str) -> None:
    _bring(world, payout_office, names, programme)


@when(
    "为居民“{names}”报送“{programme}”{months:d}个月之后那一期的发放文件",
    "a payout file of “{programme}” for the month {months:d} months on is brought for “{names}”",
)
def bring_ahead(
    world: World, payout_office: PayoutOffice, names: str, programme: str, months: int
) -> None:
    year, month = divmod(world.now().year * 12 + world.now().month - 1 + months, 12)
    _bring(world, payout_office, names, programme, period=f"{year}-{month + 1:02d}")


@when(
    "为居民“{name}”报送“{programme}”，发至其他账户，{reason}理由",
    "“{programme}” is brought for resident “{name}” to another account, {reason} a reason",
)
def bring_to_other(
    world: World, payout_office: PayoutOffice, name: str, programme: str, reason: str
) -> None:
    stated = REASON if reason in {"写明", "with"} else ""
    bank = world.desk.partner_banks()[0]["code"]
    _bring(world, payout_office, name, programme, other=f"{bank},{OTHER_ACCOUNT},{stated}")


@when(
    "经办人从“{source}”向居民“{name}”的银行账户单笔付款{amount:f}元",
    "a clerk of “{source}” orders {amount:f} yuan to the bank account of resident “{name}”",
)
def order_singly(world: World, source: str, name: str, amount: float) -> None:
    account = {"养老保险基金": "fund:pension", "劳务单位": "operator:labour-agency"}[source]
    with suppress(PlatformRefused):  # it is open
        world.desk.post("operator", "/v1/ledger/accounts", {"name": account})
    card_id = world.holder(name).card_id
    body = {
        "client_id": f"o-{card_id}-{account.partition(':')[0]}",
        "card_id": card_id,
        "source": account,
        "amount_fen": round(amount * 100),
        "purpose": source,
    }
    world.try_at_platform(lambda: world.desk.post("operator", "/v1/bank-orders", body))


@then("平台受理向居民“{name}”的付款", "the platform takes the order of money to resident “{name}”")
def order_was_taken(world: World, name: str) -> None:
    assert world.refusal is None, world.refusal
    card_id = world.holder(name).card_id
    orders = world.desk.get("operator", "/v1/bank-orders?limit=200")["orders"]
    assert [each for each in orders if each["card_id"] == card_id]


@when("另一人复核放行，平台执行发放", "somebody else releases it and the platform pays")
def release_and_pay(world: World, payout_office: PayoutOffice) -> None:
    world.try_at_platform(lambda: payout_office.release(world.desk))
    world.let_time_pass(timedelta(seconds=1))


@when(
    "报送人自行复核放行该文件",
    "who brought the file tries to release it",
)
def release_own(world: World, payout_office: PayoutOffice) -> None:
    body = {"decision": "release", "reason": "自行复核"}
    world.try_at_platform(lambda: world.desk.post("operator", payout_office.path("decision"), body))


@when(
    "主管批准居民“{name}”发至其他账户，并重新发放",
    "a supervisor approves the other account of resident “{name}”, and it is issued again",
)
def approve(world: World, payout_office: PayoutOffice, name: str) -> None:
    line = payout_office.lines[name]
    reason = {"reason": "已核实例外理由"}
    path = payout_office.path(f"other-accounts/{line}/approval")
    approved = world.desk.post("supervisor", path, reason)
    world.recorder.fact("批准人", "approved by", approved["approved_by"])
    path = payout_office.path(f"exceptions/{line}/decision")
    world.desk.post("supervisor", path, {**reason, "decision": "reissue"})
    world.let_time_pass(timedelta(seconds=1))


@then(
    "居民“{name}”的款项为“{state}”",
    "the payment of resident “{name}” is “{state}”",
)
def line_is(world: World, payout_office: PayoutOffice, name: str, state: str) -> None:
    found = payout_office.line_of(world.desk, name)
    assert found["state"] == code_of(state), found


@then(
    "居民“{name}”的款项被停发，原因是“{reason}”",
    "the payment of resident “{name}” is stopped because of “{reason}”",
)
def line_stopped(world: World, payout_office: PayoutOffice, name: str, reason: str) -> None:
    found = payout_office.line_of(world.desk, name)
    assert (found["state"], found["reason"]) == ("stopped", code_of(reason)), found


@then(
    "文件中居民“{name}”一行不予受理，错误是“{fault}”",
    "the line of resident “{name}” is not taken, its fault is “{fault}”",
)
def line_faulty(world: World, payout_office: PayoutOffice, name: str, fault: str) -> None:
    found = payout_office.faults_of(world.desk, name)
    assert code_of(fault) in {each["code"] for each in found}, found
    world.recorder.fact("更正办法", "how to mend it", found[0]["mend_zh"])


@then(
    "本地区“{duty}”的项目是“{names}”",
    "the programmes of this region that are “{duty}” are “{names}”",
)
def programmes_are(world: World, duty: str, names: str) -> None:
    listed = {
        each["name_zh"] for each in programmes(world.desk) if each["duty"] == EVERY_DUTY[duty]
    }
    assert listed == set(_names(names)), listed


@then(
    "“{duty}”的各个项目自开通之日起发至居民“{name}”的社会保障卡，开通之前不予受理",
    "each programme that is “{duty}” is paid to the card of resident “{name}” from its day on, and "
    "refused before",
)
def paid_from_their_day(world: World, payout_office: PayoutOffice, duty: str, name: str) -> None:
    for each in programmes(world.desk):
        if each["duty"] != EVERY_DUTY[duty]:
            continue
        _bring(world, payout_office, name, each["code"])
        if not each["in_force"]:
            assert world.refusal is not None, each
            assert world.refusal.code == "programme-not-listed", world.refusal
            world.recorder.fact("尚未开通", "not yet", each["name_zh"])
            continue
        release_and_pay(world, payout_office)
        assert payout_office.line_of(world.desk, name)["state"] == "paid", each
        world.recorder.fact("已发放", "paid", each["name_zh"])


@then(
    "“{duty}”的各个项目均不得将居民“{name}”的款项发至其他账户",
    "no programme that is “{duty}” pays resident “{name}” to another account",
)
def paid_to_no_other(world: World, payout_office: PayoutOffice, duty: str, name: str) -> None:
    bank = world.desk.partner_banks()[0]["code"]
    for each in programmes(world.desk):
        if each["duty"] == EVERY_DUTY[duty] and each["in_force"]:
            other = f"{bank},{OTHER_ACCOUNT},{REASON}"
            _bring(world, payout_office, name, each["code"], other=other)
            found = {one["code"] for one in payout_office.faults_of(world.desk, name)}
            assert "other-account-forbidden" in found, (each["code"], found)


@then(
    "批次状态文件逐行载明居民“{name}”的“{state}”",
    "the status file of the batch tells “{state}” for resident “{name}”",
)
def status_file_tells(world: World, payout_office: PayoutOffice, name: str, state: str) -> None:
    line = payout_office.line_of(world.desk, name)
    told = world.desk.get("auditor", payout_office.path("status-file"))
    assert told["format"] == "pain.002.001.10"
    found = re.search(
        rf"<OrgnlEndToEndId>{line['line_id']}</OrgnlEndToEndId><TxSts>(\w+)</TxSts>", told["file"]
    )
    assert found is not None
    assert (line["state"], found[1]) == (code_of(state), line["code"]), term_in_chinese(state)


def _bring(
    world: World,
    payout_office: PayoutOffice,
    names: str,
    programme: str,
    *,
    other: str = ",,",
    period: str | None = None,
) -> None:
    payees = [(name, world.holder(name).resident) for name in _names(names)]
    code = code_of_programme(world.desk, programme)
    world.try_at_platform(
        lambda: payout_office.bring(world.desk, code, payees, other=other, period=period)
    )


def _shown(world: World, name: str) -> dict[str, Any]:
    holder = world.holder(name)
    return {"card_number": holder.card_number, "name": holder.resident.name}


def _names(text: str) -> list[str]:
    return [name.strip() for name in re.split("[、,]", text)]
