"""Money that waits because its account was changed just before payday (NX-14b)."""

from __future__ import annotations

from datetime import timedelta

from scenarios.payout_files import PayoutOffice
from scenarios.phrases import then, when
from scenarios.steps.card_services import ROLES
from scenarios.steps.reconciliation import BankDay
from scenarios.steps.risk import Watchers, event_line, number_read, send_lines
from scenarios.terms import code_of
from scenarios.world import World

CHANNELS = {"网上": "online", "柜台": "counter", "online": "online", "counter": "counter"}


@when(
    "有关部门上送居民“{name}”在{days}天前于“{channel}”变更发放账户的记录",
    "a department reports that resident “{name}” changed the payout account {days} days ago at "
    "“{channel}”",
)
def report_account_change(
    world: World, watchers: Watchers, name: str, days: str, channel: str
) -> None:
    at = world.now() - timedelta(days=int(days))
    detail = {"purpose": "payout", "channel": CHANNELS[channel]}
    told = {"card": number_read(world, name), "account": "b-new", "detail": detail}
    send_lines(world, "department", [event_line(world, watchers, "account.changed", at, **told)])


@when(
    "“{who}”核实后重新发放居民“{name}”的款项",
    "“{who}” has asked, and issues the payment of resident “{name}” again",
)
def issue_again(world: World, payout_office: PayoutOffice, who: str, name: str) -> None:
    path = payout_office.path(f"exceptions/{payout_office.lines[name]}/decision")
    body = {"decision": "reissue", "reason": "已向本人核实"}
    world.try_at_platform(lambda: world.desk.post(ROLES[code_of(who)], path, body))
    world.let_time_pass(timedelta(seconds=1))


@then(
    "居民“{name}”的付款为“{state}”，银行未收到指令",
    "the order to resident “{name}” is “{state}”, and the bank heard nothing of it",
)
def order_waits(world: World, bank_day: BankDay, name: str, state: str) -> None:
    told = world.desk.get("auditor", f"/v1/bank-orders/{bank_day.orders[name]}")
    assert (told["state"], told["due_at"]) == (code_of(state), None), told
    world.recorder.fact("原因", "reason", told["reason"])


@then("居民“{name}”的付款为“{state}”", "the order to resident “{name}” is “{state}”")
def order_is(world: World, bank_day: BankDay, name: str, state: str) -> None:
    told = world.desk.get("auditor", f"/v1/bank-orders/{bank_day.orders[name]}")
    assert told["state"] == code_of(state), told


@when(
    "“{who}”对居民“{name}”暂缓的付款决定“{decision}”",
    "“{who}” decides “{decision}” on the held order to resident “{name}”",
)
def decide_order(world: World, bank_day: BankDay, who: str, name: str, decision: str) -> None:
    path = f"/v1/bank-orders/{bank_day.orders[name]}/decision"
    body = {"decision": code_of(decision), "reason": "已向本人核实"}
    world.try_at_platform(lambda: world.desk.post(ROLES[code_of(who)], path, body))
    world.let_time_pass(timedelta(seconds=1))
