"""Partner banks: chosen by the holder, loaded by the bank under its agreement (NM-15, CQ-10)."""

from __future__ import annotations

from typing import Any

from scenarios.exchange_partners import DepartmentSystem
from scenarios.phrases import then, when
from scenarios.service_desk import PlatformRefused
from scenarios.terms import code_of, term_in_chinese
from scenarios.world import World

ACCOUNT = {"account": "6234560000000016"}
NOBODYS_BANK = "no-such-bank"


@then(
    "可供选择的合作银行不少于{count:d}家",
    "there are at least {count:d} partner banks to choose from",
)
def banks_to_choose_from(world: World, count: int) -> None:
    assert len(world.desk.partner_banks()) >= count


@when(
    "居民“{name}”选择第{place:d}家合作银行开通金融功能",
    "resident “{name}” chooses partner bank number {place:d} and opens the financial function",
)
def choose_bank(world: World, name: str, place: int) -> None:
    _change(world, name, "open", bank=world.desk.partner_banks()[place - 1]["code"])


@when(
    "居民“{name}”未选择银行，要求开通金融功能",
    "resident “{name}” asks for the financial function and chooses no bank",
)
def choose_no_bank(world: World, name: str) -> None:
    _change(world, name, "open")


@when(
    "居民“{name}”要求在合作银行以外的银行开通金融功能",
    "resident “{name}” asks for the financial function with a bank that is no partner",
)
def choose_another_bank(world: World, name: str) -> None:
    _change(world, name, "open", bank=NOBODYS_BANK)


@when(
    "居民“{name}”要求在协议已到期的银行“{bank}”开通金融功能",
    "resident “{name}” asks for the financial function with “{bank}”, whose agreement has ended",
)
def choose_bank_without_agreement(world: World, name: str, bank: str) -> None:
    _change(world, name, "open", bank=bank)


@when(
    "居民“{other}”持自己的证件要求为居民“{name}”的卡开通金融功能",
    "resident “{other}” asks, by their own document, to open the financial function of “{name}”",
)
def open_for_another(world: World, other: str, name: str) -> None:
    document = world.holder(other).resident.document()
    _change(world, name, "open", bank=world.desk.partner_banks()[0]["code"], document=document)


@when("居民“{name}”关闭金融功能", "resident “{name}” closes the financial function")
def close_function(world: World, name: str) -> None:
    _change(world, name, "close")


@then(
    "居民“{name}”的合作银行是第{place:d}家，协议载明",
    "the bank of resident “{name}” is number {place:d}, under the agreement on record",
)
def bank_is(world: World, name: str, place: int) -> None:
    contract, bank = _contract(world, name), world.desk.partner_banks()[place - 1]
    assert (contract["bank"], contract["agreement"]) == (bank["code"], bank["document"])


@then("居民“{name}”没有银行合约", "resident “{name}” has no contract with a bank")
def has_no_contract(world: World, name: str) -> None:
    try:
        found = _contract(world, name)
    except PlatformRefused as refused:
        assert refused.code == "bank-contract-unknown", refused
    else:
        raise AssertionError(found)


@when(
    "第{place:d}家合作银行以自己的身份登录，加载居民“{name}”的金融功能",
    "partner bank number {place:d} signs in and loads the financial function of resident “{name}”",
)
def load(world: World, place: int, name: str) -> None:
    token = sign_in(world, world.desk.partner_banks()[place - 1])
    at = f"/v1/bank-contracts/{_contract(world, name)['contract_id']}/loading"
    world.try_at_platform(lambda: world.desk.ask("POST", at, token, ACCOUNT))


@then("居民“{name}”的银行合约为“{state}”", "the bank contract of resident “{name}” is “{state}”")
def contract_is(world: World, name: str, state: str) -> None:
    found = _contract(world, name)["state"]
    assert found == code_of(state), term_in_chinese(found)


@then(
    "平台只留存居民“{name}”银行账号的后四位",
    "of the account of resident “{name}” the platform keeps the last four digits only",
)
def last_digits_only(world: World, name: str) -> None:
    assert _contract(world, name)["account"] == ACCOUNT["account"][-4:]


def _contract(world: World, name: str) -> Any:
    return world.desk.get("clerk", f"/v1/cards/{world.holder(name).card_id}/bank-contract")


def _change(world: World, name: str, action: str, **more: Any) -> None:
    holder = world.holder(name)
    body = {"action": action, "document": holder.resident.document(), **more}
    world.try_at_platform(
        lambda: world.desk.serve_card(holder.card_id, "financial-function", body, "clerk")
    )


def sign_in(world: World, bank: dict[str, str]) -> str:
    """The token of a bank that signed in."""
    system = DepartmentSystem(world.desk, bank["code"], bank["name_zh"])
    system.enrol([], "bank")
    return system.sign_in()
