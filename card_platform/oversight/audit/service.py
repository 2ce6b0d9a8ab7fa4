"""The event handler of the audit (CQ-19: access to personal data is on record, masked)."""

from __future__ import annotations

from card_platform.oversight.audit import store
from card_platform.storage import Event, Transaction


def keep_record(transaction: Transaction, event: Event) -> None:
    """Write one audit row for the event, in the event's own transaction."""
    store.add_record(
        transaction,
        at=event.at,
        by=event.by,
        action=event.action,
        card_id=event.card_id,
        detail=event.detail,
    )
