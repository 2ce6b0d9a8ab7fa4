"""A desk at which bills for water, power and gas are paid by card or code.

Rules: the desk reads the card once, and tells the platform which chip has proved itself; or it
scans a code, one to find the bills and another to pay them. It pays what the platform said the
bills come to, and nothing else (docs/interfaces.md, section 17).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from virtual_cards.terminals.holder_desk import HolderDesk
from virtual_cards.terminals.place_desk import Shown, shown_by


class OpenBill(msgspec.Struct, frozen=True):
    """A bill, as far as a desk tells it."""

    bill_id: str
    number: str
    amount_fen: int
    late_fee_fen: int
    state: str


class OpenBills(msgspec.Struct, frozen=True):
    """Open bills of an account, the oldest first, and what they come to today."""

    bills: list[OpenBill]
    total_fen: int


class BillReceipt(msgspec.Struct, frozen=True):
    """What was paid, by which transfer."""

    payment_id: str
    card_number: str
    means: str
    total_fen: int
    transfer_id: str
    bills: list[OpenBill]


_Told = TypeVar("_Told", OpenBills, BillReceipt)


class BillDesk(HolderDesk):
    """One desk, for every utility of its region."""

    def show_card(self) -> Shown:
        """Read the card in the reader. Raises as `HolderCard.read`."""
        return shown_by(self._holder_card.read())

    def find(self, utility: str, account: str, shown: Shown) -> OpenBills:
        """The open bills of an account. Raises as the line."""
        return self._ask(
            f"/v1/utilities/{utility}/open-bills", shown, {"account": account}, OpenBills
        )

    def pay(
        self, utility: str, bills: Sequence[OpenBill], total_fen: int, shown: Shown
    ) -> BillReceipt:
        """Pay bills of a utility. Raises as the line."""
        what = {"bills": [each.bill_id for each in bills], "total_fen": total_fen}
        return self._ask(f"/v1/utilities/{utility}/bill-payments", shown, what, BillReceipt)

    def _ask(self, path: str, shown: Shown, what: dict[str, object], told: type[_Told]) -> _Told:
        body = {"means": shown.means, "token": shown.token, **what}
        if shown.means == "card":
            body |= {"name": shown.name, "historical_bytes": shown.historical_bytes}
        answer = self.line.post(path, msgspec.json.encode(body), f"bill-{secrets.token_hex(16)}")
        return msgspec.json.decode(answer, type=told)
