"""The event handler of reads: what other contexts read of a holder, with purpose and basis.

Rules: identity checks keep a row of their own and are shown from there, so that a check at a gate
of a hotel costs nothing more. Handed every event of every tap; one look into a table decides.
"""

from __future__ import annotations

from typing import NamedTuple

from card_platform.oversight.consent import store
from card_platform.oversight.consent.model import ON_A_CARD
from card_platform.storage import Event, Transaction


class ReadOf(NamedTuple):
    """What an event reads of a holder, and why it may."""

    purpose: str
    items: str
    basis: str
    institution: str | None = None
    """Who read; None for the caller's own name."""
    reference: str | None = None
    """What shows the basis: a check of identity, an agreement."""
    recipient: str | None = None
    refusal: str | None = None


class HolderRead(Event, frozen=True, kw_only=True):
    """An event that reads of a holder, or was refused to, and tells what, for whom and why."""

    @property
    def read(self) -> ReadOf:
        """What the holder will see in the access log."""
        raise NotImplementedError


READS = {
    "authenticate-card": ReadOf("读卡 read-card", ON_A_CARD, "holder"),
    "read-access-log": ReadOf("查看访问记录 read-access-log", "access_log", "holder"),
    "report-production": ReadOf("制卡 make-card", ON_A_CARD, "issuance"),
}
"""By the action of the event; `holder`: the holder showed the card or asked in person."""


def keep_read(tx: Transaction, event: Event) -> None:
    """Write one row where the event reads personal data, in the event's own transaction."""
    read = event.read if isinstance(event, HolderRead) else READS.get(event.action)
    if read is None:
        if event.action != "change-state" or getattr(event, "step", None) != "personalise":
            return
        read = READS["report-production"]
    store.add_read(
        tx,
        card_id=event.card_id,
        institution=read.institution or event.by,
        purpose=read.purpose,
        items=read.items,
        basis=read.basis,
        reference=read.reference,
        recipient=read.recipient,
        refusal=read.refusal,
        at=event.at,
        by=event.by,
    )
