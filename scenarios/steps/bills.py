"""Bills for water, power and gas by card and code (CQ-8c)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from scenarios.carriers import CARD, Carriers
from scenarios.phrases import given, then, when
from scenarios.steps.card_life import card_of
from scenarios.terms import code_of
from scenarios.world import Called, InPlace, World
from virtual_cards.terminals import BillDesk, BillReceipt, OpenBills, Shown

DESK = Called("缴费终端", "desk for bills")
PREFIX = {"water": "", "power": "50", "gas": "RQ"}
DIGITS = {"water": 10, "power": 11, "gas": 8}
"""How the account numbers of the region's utilities are written, beside their check digit."""


@dataclass
class Billing:
    """The utilities of the region, the accounts of the scenario, and what came of them."""

    world: World
    carriers: Carriers
    numbers: dict[str, list[str]] = field(default_factory=dict)
    found: OpenBills | None = None
    receipt: BillReceipt | None = None
    seed: int = field(default_factory=lambda: secrets.randbelow(10**10))
    """Makes accounts and bill numbers of the scenario's own, however often it is run."""

    def utility(self, kind: str) -> dict[str, Any]:
        """The utility of that kind."""
        told = self.world.desk.ask("GET", "/v1/utilities", "")["utilities"]
        return next(each for each in told if each["kind"] == kind)

    def account(self, kind: str) -> str:
        """An account of the scenario's own, so that nobody else's bills are on it."""
        digits = str(self.seed % 10 ** (DIGITS[kind] - 1)).zfill(DIGITS[kind] - 1)
        prefix, last = PREFIX[kind], _luhn(digits) if self._is_checked(kind) else "7"
        return f"{prefix}{digits}{last}"

    def bring(self, kind: str, amount_fen: int, days: int) -> None:
        """A bill that is due so many days from now."""
        numbers = self.numbers.setdefault(kind, [])
        due_on = (self.world.now() + timedelta(days=days)).date()
        number = f"ZD{self.seed}-{kind}-{len(numbers)}".upper()
        bill = {
            "number": number,
            "account": self.account(kind),
            "period": f"{due_on:%Y-%m}",
            "amount_fen": amount_fen,
            "due_on": due_on.isoformat(),
        }
        path = f"/v1/utilities/{self.utility(kind)['code']}/bills"
        self.world.desk.post("department", path, {"bills": [bill]})
        numbers.append(number)

    @property
    def desk(self) -> InPlace[BillDesk]:
        """The desk, enrolled when first needed."""
        return self.world.desk_of("counter", DESK, BillDesk, "bills")

    def find(self, name: str, kind: str, carrier: str) -> None:
        """Look for the open bills; a refusal is kept for the step that expects it."""
        code, account = self.utility(kind)["code"], self.account(kind)

        def ask() -> OpenBills:
            shown = self._shown(name, carrier, "identity")
            return self.desk.terminal.find(code, account, shown)

        self.found = self.world.try_at_platform(ask)

    def pay(self, name: str, kind: str, carrier: str, found: OpenBills) -> None:
        """Pay what was found, with what is shown."""
        code = self.utility(kind)["code"]

        def ask() -> BillReceipt:
            shown = self._shown(name, carrier, "payment")
            return self.desk.terminal.pay(code, found.bills, found.total_fen, shown)

        self.receipt = self.world.try_at_platform(ask)
        if self.receipt is not None:
            fact = self.world.recorder.fact
            fact("缴费凭证", "receipt", self.receipt.payment_id)
            fact("记账凭证", "transfer", self.receipt.transfer_id)

    def _shown(self, name: str, carrier: str, purpose: str) -> Shown:
        if carrier != CARD:
            return Shown("code", self.carriers.show(name, carrier, purpose))
        with self.world.readers.card_in(self.desk.slot, card_of(self.world.holder(name))):
            return self.desk.terminal.show_card()

    def _is_checked(self, kind: str) -> bool:
        return self.utility(kind)["account_check"] is not None


@pytest.fixture
def billing(world: World, carriers: Carriers) -> Billing:
    """No bill yet."""
    return Billing(world, carriers)


def fen(yuan: float) -> int:
    """Yuan of a feature in fen."""
    return round(yuan * 100)


@given(
    "“{kind}”单位送达账单{amount:f}元，{days:d}天后到期",
    "the “{kind}” utility brings a bill of {amount:f} yuan, due in {days:d} days",
)
def bring(billing: Billing, kind: str, amount: float, days: int) -> None:
    billing.bring(code_of(kind), fen(amount), days)


@given(
    "“{kind}”单位送达账单{amount:f}元，已逾期{days:d}天",
    "the “{kind}” utility brings a bill of {amount:f} yuan, overdue for {days:d} days",
)
def bring_overdue(billing: Billing, kind: str, amount: float, days: int) -> None:
    billing.bring(code_of(kind), fen(amount), -days)


@when(
    "居民“{name}”持“{carrier}”查询“{kind}”账单",
    "resident “{name}” looks for “{kind}” bills with “{carrier}”",
)
def find(billing: Billing, name: str, carrier: str, kind: str) -> None:
    billing.find(name, code_of(kind), code_of(carrier))


@when(
    "居民“{name}”持“{carrier}”缴纳“{kind}”账单",
    "resident “{name}” pays the “{kind}” bills with “{carrier}”",
)
def pay(billing: Billing, name: str, carrier: str, kind: str) -> None:
    assert billing.found is not None, billing.world.refusal
    billing.pay(name, code_of(kind), code_of(carrier), billing.found)


@when("“{kind}”单位将账单退款", "the “{kind}” utility gives the money of the bill back")
def refund(billing: Billing, kind: str) -> None:
    _step(billing, kind, "refund")


@when("“{kind}”单位撤回账单", "the “{kind}” utility withdraws the bill")
def withdraw(billing: Billing, kind: str) -> None:
    _step(billing, kind, "withdraw")


@then(
    "查到账单{count:d}张，应缴{total:f}元，其中滞纳金{fee:f}元",
    "{count:d} bills are found, of {total:f} yuan with late fees of {fee:f} yuan",
)
def found_are(billing: Billing, count: int, total: float, fee: float) -> None:
    found = billing.found
    assert found is not None, billing.world.refusal
    late_fen = sum(each.late_fee_fen for each in found.bills)
    assert (len(found.bills), found.total_fen, late_fen) == (count, fen(total), fen(fee)), found


@then(
    "缴费成功，实缴{amount:f}元，凭证上有转账编号",
    "{amount:f} yuan are paid, and the receipt names the transfer",
)
def is_paid(billing: Billing, amount: float) -> None:
    receipt = billing.receipt
    assert receipt is not None, billing.world.refusal
    assert receipt.total_fen == fen(amount), receipt
    assert {each.state for each in receipt.bills} == {"paid"}, receipt
    assert receipt.transfer_id, receipt


def _step(billing: Billing, kind: str, action: str) -> None:
    code = code_of(kind)
    number, utility = billing.numbers[code][-1], billing.utility(code)["code"]
    path = f"/v1/utilities/{utility}/bills/{number}/steps"
    body = {"action": action, "reason": "抄表有误"}
    billing.world.try_at_platform(lambda: billing.world.desk.post("department", path, body))


def _luhn(digits: str) -> str:
    """The digit that makes the number right by ISO/IEC 7812-1."""
    doubled = [int(each) * (2 - place % 2) for place, each in enumerate(reversed(digits))]
    return str(-sum(each // 10 + each % 10 for each in doubled) % 10)
