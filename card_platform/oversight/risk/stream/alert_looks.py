"""A look at an alert: it tells what holders did, so each of them sees it in the access log."""

from __future__ import annotations

import msgspec

from card_platform.oversight.risk.history import Alert, HistoryEvent
from card_platform.oversight.risk.stream import store
from card_platform.oversight.risk.stream.holders import holders_of
from card_platform.oversight.risk.stream.model import AlertRead
from card_platform.oversight.risk.stream.refusals import AlertIsUnknown
from card_platform.storage import Transaction


def note_look(tx: Transaction, alert_id: str, at: str, by: str) -> None:
    """Put a look on record for the holder of each card of this region the alert tells of.

    Raises:
        AlertIsUnknown: nothing is told, and nothing is on record.
    """
    alert, events = what_it_tells(tx, alert_id)
    named = {*alert.cards, *(each.card for each in events if each.card)}
    for card_id in sorted({each.card_id for each in holders_of(tx, named).values()}):
        tx.emit(AlertRead(at=at, by=by, card_id=card_id, alert_id=alert_id))


def what_it_tells(tx: Transaction, alert_id: str) -> tuple[Alert, list[HistoryEvent]]:
    """The alert and the events that are kept of its evidence. Raises AlertIsUnknown."""
    alert = store.find_alert(tx, alert_id)
    if alert is None:
        raise AlertIsUnknown
    bodies = store.bodies(tx, alert.evidence)
    kept = [bodies[each] for each in alert.evidence if each in bodies]
    return alert, [msgspec.json.decode(each, type=HistoryEvent) for each in kept]
