"""Whether a bill may be settled: what stands between it and its money is a double stay."""

from __future__ import annotations

from card_platform.errors import Refusal
from card_platform.services.medical.held_bills import store
from card_platform.services.medical.held_bills.model import SETTLED_WHEN_ASKED, HeldBillState
from card_platform.services.medical.held_bills.refusals import (
    BillIsHeld,
    BillOfDoubleStayIsRefused,
)
from card_platform.storage import Transaction


def why_not_settled(tx: Transaction, bill: str) -> Refusal | None:
    """Why a bill is not settled now; None where nothing stands against it."""
    held = store.of_bill(tx, bill)
    if held is None or held.state in SETTLED_WHEN_ASKED:
        return None
    if held.state is HeldBillState.REFUSED:
        return BillOfDoubleStayIsRefused(region=held.other_region)
    return BillIsHeld(region=held.other_region)
