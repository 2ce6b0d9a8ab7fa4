"""What is asked before money goes to a person's account: was it changed just before?

Asked by `payouts` for each piece of a batch, by `bank_orders` for each order; answered by
`card_platform.oversight.risk.payday`, whose rules say how many days before count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from card_platform.storage import Transaction

CHANGED_LATELY: Final = "account-changed-lately"
"""Why a line of a payout is stopped, or an order held."""


class Screening(Protocol):
    """What is asked at once about people who are to be paid."""

    def lately_changed(
        self, tx: Transaction, persons: Sequence[str], now: datetime
    ) -> frozenset[str]:
        """Those whose account was changed too shortly before now."""
        ...
