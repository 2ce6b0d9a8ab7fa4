"""Buses, a canteen and a hospital by card (CQ-7b): what is paid, and what waits without a line."""

from __future__ import annotations

from scenarios.phrases import given, then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import World
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.terminals import (
    Admitted,
    CodeSettlement,
    NotPaid,
    Received,
    Settlement,
    Sold,
    TurnedAway,
)

PIN = "123456"
"""Of a card nobody changed the PIN of."""


@when("居民“{name}”乘“{line}”路公交刷卡", "resident “{name}” taps aboard bus “{line}”")
def board(world: World, name: str, line: str) -> None:
    place = world.bus_of(line)
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        world.outcome = place.terminal.board()


@when("居民“{name}”乘本地一路公交刷卡", "resident “{name}” taps aboard a bus of this region")
def board_any(world: World, name: str) -> None:
    terminal = world.desk.enrol_terminal("counter", None)["token"]
    told = world.desk.ask("GET", "/v1/transit/terminal-parameters", terminal)
    board(world, name, told["bus_lines"][0]["code"])


@then("公交车载机按公布票价扣款", "the bus takes the published fare")
def bus_takes_fare(world: World) -> None:
    line = next(name for kind, name in world.places if kind == "bus")
    body = {"day": world.now().date().isoformat(), "bus_line": line}
    told = world.desk.ask("POST", "/v1/transit/fare-questions", "", body)
    for each in told["steps"]:
        world.recorder.fact(each["detail_zh"], each["detail_en"], each["fen"])
    bus_takes(world, told["fare_fen"] / 100)


@then("公交车载机扣款{amount:f}元", "the bus takes {amount:f} yuan")
def bus_takes(world: World, amount: float) -> None:
    assert isinstance(world.outcome, Admitted), world.outcome
    tap = world.outcome.tap
    world.recorder.fact("减免", "reduction", tap.reduction.kind if tap.reduction else "-")
    assert world.outcome.receipt is not None, "the tap was not reported"
    assert tap.amount_fen == round(amount * 100)


@then("公交车载机拒绝，理由是“{reason}”", "the bus refuses because of “{reason}”")
@then("食堂拒绝收款，理由是“{reason}”", "the canteen refuses because of “{reason}”")
def was_turned_away(world: World, reason: str) -> None:
    assert isinstance(world.outcome, TurnedAway), world.outcome
    assert world.outcome.reason == code_of(reason)


@given("食堂收款机与平台断开", "the canteen till has lost its line to the platform")
def cut_the_line(world: World) -> None:
    world.canteen.terminal.journal.use_line(None)


@when(
    "居民“{name}”在食堂用卡消费{amount:f}元",
    "resident “{name}” pays {amount:f} yuan in the canteen",
)
def eat(world: World, name: str, amount: float) -> None:
    place = world.canteen
    bill = f"{world.recorder.scenario} {world.recorder.step}"
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        world.outcome = place.terminal.sell(bill, round(amount * 100))


@then("食堂收款成功", "the canteen was paid")
def was_sold(world: World) -> None:
    assert isinstance(world.outcome, Sold), world.outcome
    world.recorder.fact("交易验证码 TAC", "TAC", world.outcome.purchase.tac)


@then("食堂收款机中有{count:d}笔签名交易待上送", "{count:d} signed sales wait in the canteen till")
def sales_wait(world: World, count: int) -> None:
    waiting = world.canteen.terminal.journal.waiting
    assert len(waiting) == count
    assert all(each.record is not None for each in waiting)


@when("食堂收款机恢复联机并上送", "the canteen till is on line again and sends")
def send(world: World) -> None:
    world.canteen.terminal.journal.use_line(world.canteen.line)
    world.canteen.terminal.journal.send_unsent()


@when(
    "医保经办机构给居民“{name}”的个人账户划入{amount:f}元",
    "the insurance fund credits the account of resident “{name}” with {amount:f} yuan",
)
def credit(world: World, name: str, amount: float) -> None:
    account = Account.CURRENT_YEAR.value
    world.desk.grant_medical_credit(world.holder(name).card_id, account, round(amount * 100))


@when(
    "居民“{name}”在柜面将个人账户{amount:f}元圈存到卡",
    "resident “{name}” loads {amount:f} yuan of the account onto the card at the counter",
)
def load_account(world: World, name: str, amount: float) -> None:
    slot, counter = world.counter_slot
    with world.readers.card_in(slot, card_of(world.holder(name))):
        world.try_at_platform(
            lambda: counter.load_medical(Account.CURRENT_YEAR, round(amount * 100), PIN)
        )


@when(
    "居民“{name}”在医院凭卡结算{amount:f}元",
    "resident “{name}” settles {amount:f} yuan by card in the hospital",
)
def settle(world: World, name: str, amount: float) -> None:
    place = world.hospital
    bill = f"{world.recorder.scenario} {world.recorder.step}"
    with world.readers.card_in(place.slot, card_of(world.holder(name))):
        patient = place.terminal.register()
        assert isinstance(patient, Received), patient
        world.outcome = place.terminal.settle(patient.holder, bill, round(amount * 100), PIN)


@then(
    "个人账户支付{paid:f}元，现金支付{cash:f}元",
    "the account pays {paid:f} yuan, {cash:f} yuan are left for cash",
)
def was_settled(world: World, paid: float, cash: float) -> None:
    assert not isinstance(world.outcome, NotPaid), world.outcome
    if isinstance(world.outcome, CodeSettlement):
        assert sum(world.outcome.paid_fen.values()) == round(paid * 100)
        assert world.outcome.unpaid_fen == round(cash * 100)
        return
    assert isinstance(world.outcome, Settlement), world.outcome
    payments = world.outcome.payments
    assert all(each.receipt is not None for each in payments), "a payment was not reported"
    assert sum(each.payment.amount_fen for each in payments) == round(paid * 100)
    assert world.outcome.unpaid_fen == round(cash * 100)


@then(
    "居民“{name}”的卡上个人账户余额为{amount:f}元",
    "the account of resident “{name}” holds {amount:f} yuan",
)
def account_holds(world: World, name: str, amount: float) -> None:
    holder = world.holder(name)
    place = world.hospital
    with world.readers.card_in(place.slot, card_of(holder)):
        patient = place.terminal.register()
        on_card_fen = place.terminal.balance_fen(patient.holder, Account.CURRENT_YEAR)
    in_the_books_fen = world.desk.medical(holder.card_id)["balance_fen"]["1"]
    assert on_card_fen == in_the_books_fen == round(amount * 100)
