"""The oversight report: the figures of every context that an inspection asks for (YD-23)."""

from __future__ import annotations

from card_platform.issuance.store import CARDS
from card_platform.oversight.accountability.store import CASES
from card_platform.oversight.audit.store import look_at_chain
from card_platform.oversight.complaints.store import COMPLAINTS
from card_platform.oversight.consent.store import CONSENTS, DATA_READS
from card_platform.oversight.supervision import store
from card_platform.oversight.supervision.shapes import OversightReport
from card_platform.storage import Transaction
from card_platform.storage.tally import count_by


def draw_report(tx: Transaction, *, at: str, region: str) -> OversightReport:
    """The figures as they stand."""
    asked = DATA_READS.c.basis.in_(["consent", "legal-duty"])
    is_open = store.FINDINGS.c.mended_at.is_(None)
    return OversightReport(
        at=at,
        region=region,
        cards_by_state=count_by(tx, CARDS, "state"),
        complaints_by_kind=count_by(tx, COMPLAINTS, "kind"),
        complaints_by_channel=count_by(tx, COMPLAINTS, "channel"),
        complaints_by_state=count_by(tx, COMPLAINTS, "state"),
        complaints_overdue=store.count(tx, COMPLAINTS, COMPLAINTS.c.overdue_since.is_not(None)),
        cases_by_kind=count_by(tx, CASES, "kind"),
        cases_by_state=count_by(tx, CASES, "state"),
        inspections=store.count(tx, store.INSPECTIONS),
        findings=store.count(tx, store.FINDINGS),
        findings_open=store.count(tx, store.FINDINGS, is_open),
        findings_overdue=store.count(
            tx, store.FINDINGS, is_open, store.FINDINGS.c.overdue_since.is_not(None)
        ),
        consents=store.count(tx, CONSENTS),
        consents_withdrawn=store.count(tx, CONSENTS, CONSENTS.c.withdrawn_at.is_not(None)),
        holder_queries_granted=store.count(tx, DATA_READS, asked, DATA_READS.c.refusal.is_(None)),
        holder_queries_refused=store.count(
            tx, DATA_READS, asked, DATA_READS.c.refusal.is_not(None)
        ),
        coordination_bodies_by_level=count_by(tx, store.BODIES, "level"),
        audit_records_sealed=look_at_chain(tx).head.position,
    )
