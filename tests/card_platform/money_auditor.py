"""An auditor of money: it rebuilds every balance from requests and replies, from nothing else.

It shares no code with the platform and reads neither its database nor the routes of its ledger.
What it cannot know from replies it does not know; whoever compares asks the platform for its books.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

Reply = dict[str, Any]
SEED, REFUSED_PERCENT, RETURNED_PERCENT, LOST_PERCENT = 7, 15, 15, 25
CONDUCT = {
    "seed": SEED,
    "refuse_percent": REFUSED_PERCENT,
    "return_percent": RETURNED_PERCENT,
    "return_after_days": 1,
    "lose_percent": LOST_PERCENT,
}
"""How the banks of a workload behave from beginning to end; only how fast, and whether at all,
changes meanwhile."""
_UNDER_WAY = {"held", "ordered", "accepted", "unknown"}


def fate(case: str) -> str:
    """What becomes of an order in the end: the bank draws it from its seed and the case."""
    if _befalls("refuse", case, REFUSED_PERCENT):
        return "refused"
    return "returned" if _befalls("return", case, RETURNED_PERCENT) else "settled"


@dataclass
class Auditor:
    """What was asked and what was answered.

    Attributes:
        fund: what payouts are paid from.
        moved: balances by what moves once and for good: transfers and taps.
        orders: the last reply about each order, by the client's id.
        batches: the last reply about the lines of each batch, by its id.
    """

    bank: str
    fund: str = "fund:subsidy"
    moved: Counter[str] = field(default_factory=Counter)
    asked: dict[str, Reply] = field(default_factory=dict)
    orders: dict[str, Reply] = field(default_factory=dict)
    batches: dict[str, list[Reply]] = field(default_factory=dict)

    def transferred(self, asked: Reply) -> None:
        """A transfer was acknowledged."""
        self.move(asked["debit"], asked["credit"], asked["amount_fen"])

    def move(self, debit: str, credit: str, fen: int) -> None:
        """So much went from one account to another."""
        self.moved[debit] -= fen
        self.moved[credit] += fen

    def told_of_order(self, asked: Reply | None, told: Reply) -> None:
        """An order was acknowledged, or told again: always the same order."""
        if asked is not None:
            self.asked[asked["client_id"]] = asked
        wanted = self.asked[told["client_id"]]
        for name in ("card_id", "source", "amount_fen", "purpose"):
            assert told.get(name, wanted[name]) == wanted[name], (name, told)
        known = self.orders.get(told["client_id"], told)
        assert known["order_id"] == told["order_id"], ("doubled", known, told)
        assert told["bank"] == self.bank
        self.orders[told["client_id"]] = told

    def told_of_lines(self, batch_id: str, lines: list[Reply]) -> None:
        """The lines of a batch as they stand: none goes, none changes its amount."""
        known = {each["line_id"]: each["amount_fen"] for each in self.batches.get(batch_id, lines)}
        assert known == {each["line_id"]: each["amount_fen"] for each in lines}, batch_id
        self.batches[batch_id] = lines

    def balances(self) -> dict[str, int]:
        """What every account must stand at; they sum to zero however it went."""
        held = Counter(self.moved)
        for told in self.orders.values():
            self._count(held, told["source"], told["amount_fen"], _place_of_order(told["state"]))
        for lines in self.batches.values():
            for line in lines:
                place = {"sent": "clearing", "paid": "bank"}.get(line["state"])
                self._count(held, self.fund, line["amount_fen"], place)
        assert sum(held.values()) == 0
        return {name: fen for name, fen in held.items() if fen}

    def compare(self, books: dict[str, int]) -> None:
        """The platform's books are those of the auditor, account by account."""
        found = {name: fen for name, fen in books.items() if fen}
        assert found == self.balances()

    def require_fates(self) -> None:
        """Every order and every line ended as its bank's seed has it: nothing is left under way."""
        for client_id, told in self.orders.items():
            assert told["state"] == fate(f"{self.bank} {client_id}"), told
        for batch_id, lines in self.batches.items():
            number = batch_id.removeprefix("payout-")
            for line in lines:
                if line["state"] not in ("dropped", "waiting"):
                    ends = fate(f"{self.bank} {number} {line['line']}").replace("settled", "paid")
                    assert line["state"] == ends, (batch_id, line)

    def _count(self, held: Counter[str], source: str, fen: int, place: str | None) -> None:
        if place is not None:
            held[source] -= fen
            held[f"{place}:{self.bank}"] += fen


def _place_of_order(state: str) -> str | None:
    """Where the money of an order in that state is; None at its source."""
    if state in _UNDER_WAY:
        return "clearing"
    return "bank" if state == "settled" else None


def _befalls(what: str, case: str, percent: int) -> bool:
    drawn = hashlib.sha256(f"{SEED} {what} {case}".encode()).digest()[:8]
    return int.from_bytes(drawn) % 100 < percent
