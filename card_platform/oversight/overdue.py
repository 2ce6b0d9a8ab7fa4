"""The due work of oversight: complaints, orders and findings past their deadlines."""

from __future__ import annotations

from card_platform.clockwork import DueWork
from card_platform.oversight.accountability.service import mark_overdue as mark_cases
from card_platform.oversight.complaints.service import mark_overdue as mark_complaints
from card_platform.oversight.supervision.service import mark_overdue as mark_findings

OVERDUE_WORKS: tuple[DueWork, ...] = (mark_complaints, mark_cases, mark_findings)
"""In this order."""
