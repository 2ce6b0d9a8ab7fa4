"""A utility as the tests have it: its bills, and a desk that takes money for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.card_platform.city import City, Terminal

WATER, POWER, GAS = "jialing-water", "jialing-power", "jialing-gas"
ACCOUNTS = {WATER: "1000000008", POWER: "5000000000042", GAS: "RQ10000008"}
"""An account number of each; the last digit of water and gas is by Luhn."""
_numbers = count(1)


@dataclass
class Utility:
    """One utility of Chongqing, and a terminal at which its bills are paid."""

    city: City
    code: str = WATER
    account: str = field(init=False)
    desk: Terminal = field(init=False)

    def __post_init__(self) -> None:
        self.account = ACCOUNTS[self.code]
        self.desk = self.city.enrol("counter", None)

    def bill(self, **changed: Any) -> dict[str, Any]:
        whole = {
            "number": f"ZD-{next(_numbers):06d}",
            "account": self.account,
            "period": "2026-01",
            "amount_fen": 10_000,
            "due_on": "2999-01-31",
        }
        return whole | changed

    def ask(self, what: str, body: dict[str, Any], caller: str = "department") -> Any:
        return self.city.post(f"/v1/utilities/{self.code}/{what}", body, caller)

    def bring(self, *bills: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.ask("bills", {"bills": list(bills)})
        assert answer.status_code == 201, answer.text
        told: list[dict[str, Any]] = answer.json()["bills"]
        return told

    def step(self, number: str, action: str, caller: str = "department") -> Any:
        return self.ask(f"bills/{number}/steps", {"action": action, "reason": "抄表有误"}, caller)

    def shown(self, card_id: str) -> dict[str, Any]:
        number = self.city.get(f"/v1/cards/{card_id}").json()["card_number"]
        return {"means": "card", "token": number, "name": "测试甲"}

    def find(self, shown: dict[str, Any], **changed: Any) -> Any:
        return self.ask(
            "open-bills", {"account": self.account, **shown, **changed}, self.desk.token
        )

    def pay(self, shown: dict[str, Any] | str, *bills: dict[str, Any], **changed: Any) -> Any:
        """Pay by what is shown, by default a card; what they come to is what they say."""
        what = self.shown(shown) if isinstance(shown, str) else shown
        return self.ask("bill-payments", {**what, **wanted(*bills), **changed}, self.desk.token)


def wanted(*bills: dict[str, Any]) -> dict[str, Any]:
    """Bills that are to be paid, and what they come to."""
    total_fen = sum(each["amount_fen"] + each["late_fee_fen"] for each in bills)
    return {"bills": [each["bill_id"] for each in bills], "total_fen": total_fen}
