"""A bank's day against the platform's own, differences worked off by two (CQ-10, NX-10c)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from scenarios.phrases import then, when
from scenarios.service_desk import ServiceDesk
from scenarios.steps.banks import sign_in
from scenarios.world import World

PAYER, DIFFERENCES = "operator:labour-agency", "difference:banks"
_A_DAY, _A_SECOND = timedelta(days=1), timedelta(seconds=1)
_REASON = {"reason": "已与银行核实"}


@dataclass
class BankDay:
    """The bank's day of a scenario: orders made, what came of the comparison."""

    bank: str = ""
    day: str = ""
    orders: dict[str, str] = field(default_factory=dict)
    stray: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where the day is told."""
        return f"/v1/bank-statements/{self.bank}/{self.day}"

    def left(self, desk: ServiceDesk) -> list[dict[str, Any]]:
        """Its differences that are still to be worked off."""
        found = desk.get("operator", f"{self.path}/differences?limit=200")["differences"]
        return [each for each in found if each["state"] in {"open", "proposed"}]


@pytest.fixture
def bank_day() -> BankDay:
    """Nothing yet."""
    return BankDay()


@when(
    "平台向居民“{name}”的银行账户付款{amount:f}元",
    "the platform orders {amount:f} yuan to the bank account of resident “{name}”",
)
def pay(world: World, bank_day: BankDay, name: str, amount: float) -> None:
    open_account(world.desk, PAYER)
    card_id = world.holder(name).card_id
    body = {"client_id": f"s-{card_id}", "card_id": card_id, "source": PAYER, "purpose": "劳务费"}
    made = world.desk.post(
        "operator", "/v1/bank-orders", {**body, "amount_fen": round(amount * 100)}
    )
    bank_day.orders[name] = made["order_id"]
    bank_day.day = world.now().date().isoformat()
    world.let_time_pass(_A_SECOND)


@when(
    "第{place:d}家合作银行退回来历不明的款项{amount:f}元",
    "partner bank number {place:d} returns {amount:f} yuan that nobody ordered",
)
def return_stray(world: World, bank_day: BankDay, place: int, amount: float) -> None:
    path = f"/v1/simulated-banks/{_bank(world, place)['code']}/stray-returns"
    made = world.desk.post("trainer", path, {"amount_fen": round(amount * 100)})
    bank_day.stray = made["reference"]
    world.let_time_pass(_A_SECOND)


@when(
    "次日，第{place:d}家合作银行报送前一日的对账文件",
    "the next day partner bank number {place:d} brings its file of the day before",
)
def bring(world: World, bank_day: BankDay, place: int) -> None:
    _bring(world, bank_day, place)


@when(
    "次日，第{place:d}家合作银行报送前一日的对账文件，缺{missing:d}笔、多{extra:d}笔",
    "the next day partner bank number {place:d} brings its file of the day before, {missing:d} "
    "line missing, {extra:d} too many",
)
def bring_wrong(world: World, bank_day: BankDay, place: int, missing: int, extra: int) -> None:
    _bring(world, bank_day, place, missing=missing, extra=extra)


@when(
    "次日，第{place:d}家合作银行报送的对账文件合计金额有误",
    "the next day partner bank number {place:d} brings a file whose sum is wrong",
)
def bring_faulty(world: World, bank_day: BankDay, place: int) -> None:
    _bring(world, bank_day, place, spoil=True)


@then(
    "居民“{name}”的付款双方一致",
    "both files have the payment of resident “{name}”, the same",
)
def same_in_both(world: World, bank_day: BankDay, name: str) -> None:
    own = world.desk.get("operator", f"{bank_day.path}/own-file")["file"]
    assert bank_day.orders[name] in own
    found = world.desk.get("auditor", f"{bank_day.path}/differences?limit=200")["differences"]
    assert bank_day.orders[name] not in {each["reference"] for each in found}
    world.recorder.fact("一致笔数", "lines that agree", bank_day.told["matched"])


@then("该笔退款列为差异，尚未入账", "the returned money is a difference, and is not booked")
def stray_is_difference(world: World, bank_day: BankDay) -> None:
    (found,) = [each for each in bank_day.left(world.desk) if each["reference"] == bank_day.stray]
    assert (found["kind"], found["state"], found["transfer_id"]) == ("bank_only", "open", None)
    world.recorder.fact("差异金额（分）", "gap (fen)", found["gap_fen"])


@then("差异为“{kinds}”各1条", "there is one difference each of “{kinds}”")
def kinds_are(world: World, bank_day: BankDay, kinds: str) -> None:
    words = {"平台有银行无": "we_only", "银行有平台无": "bank_only"}
    wanted = sorted(words.get(each, each) for each in kinds.split("、"))
    assert sorted(each["kind"] for each in bank_day.left(world.desk)) == wanted


@when("主管要求该日关账", "a supervisor asks to close the day")
def close(world: World, bank_day: BankDay) -> None:
    path = f"{bank_day.path}/closing"
    world.try_at_platform(lambda: world.desk.post("supervisor", path, {}))


@when(
    "经办人提出差异入账，另一人复核同意",
    "an operator proposes how the differences are booked, and somebody else approves",
)
def book(world: World, bank_day: BankDay) -> None:
    open_account(world.desk, DIFFERENCES)
    for each in bank_day.left(world.desk):
        at = f"/v1/bank-differences/{each['difference_id']}"
        world.desk.post("operator", f"{at}/booking", {**_REASON, "account": DIFFERENCES})
        told = {**_REASON, "decision": "approve"}
        booked = world.desk.post("supervisor", f"{at}/decision", told)
        assert booked["transfer_id"], booked
        world.recorder.fact("差异入账（分）", "booked (fen)", booked["gap_fen"])


@when("经办人逐条说明差异原因", "an operator explains each difference")
def explain(world: World, bank_day: BankDay) -> None:
    for each in bank_day.left(world.desk):
        path = f"/v1/bank-differences/{each['difference_id']}/explanation"
        world.desk.post("operator", path, _REASON)


@then("该日对账已关账", "the day is closed")
def is_closed(world: World, bank_day: BankDay) -> None:
    assert world.refusal is None, world.refusal
    told = world.desk.get("auditor", bank_day.path)
    assert (told["state"], told["left"]) == ("closed", 0), told


@then("对账文件整份退回，平台无留存", "the file is refused whole, and nothing of it is kept")
def nothing_kept(world: World, bank_day: BankDay) -> None:
    listed = world.desk.get("auditor", "/v1/bank-statements?limit=200")["statements"]
    assert (bank_day.bank, bank_day.day) not in {(each["bank"], each["day"]) for each in listed}


@then("该日列为未对账", "the day is listed as not compared")
def is_not_compared(world: World, bank_day: BankDay) -> None:
    assert (bank_day.bank, bank_day.day) in _not_compared(world)


@then("该日已对账，不再列为未对账", "the day is compared, and listed as not compared no more")
def is_compared(world: World, bank_day: BankDay) -> None:
    assert (bank_day.bank, bank_day.day) not in _not_compared(world)


def _not_compared(world: World) -> set[tuple[str, str]]:
    found = world.desk.gather("auditor", "/v1/bank-days-not-compared", "days")
    return {(each["bank"], each["day"]) for each in found}


def open_account(desk: ServiceDesk, name: str) -> None:
    """Have an account of the ledger; another scenario may have opened it."""
    listed = desk.get("operator", "/v1/ledger/accounts?limit=200")["accounts"]
    if name not in {each["name"] for each in listed}:
        desk.post("operator", "/v1/ledger/accounts", {"name": name})


def _bring(
    world: World, bank_day: BankDay, place: int, *, spoil: bool = False, **faults: int
) -> None:
    bank = _bank(world, place)
    bank_day.bank = bank["code"]
    bank_day.day = bank_day.day or world.now().date().isoformat()
    world.let_time_pass(_A_DAY)
    path = f"/v1/simulated-banks/{bank['code']}/statements"
    written = world.desk.post("trainer", path, {"day": bank_day.day, **faults})
    head, _, rest = written["file"].partition("\r\n")
    file = f"{head}1\r\n{rest}" if spoil else written["file"]
    token = sign_in(world, bank)
    told = world.try_at_platform(
        lambda: world.desk.ask("POST", "/v1/bank-statements", token, {"file": file})
    )
    bank_day.told = told or {}


def _bank(world: World, place: int) -> dict[str, str]:
    found: dict[str, str] = world.desk.partner_banks()[place - 1]
    return found
