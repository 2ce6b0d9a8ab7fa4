"""What this region's events tell others: event handlers, in this order, in the event's transaction.

A card that is stopped or restored, a complaint passed on or answered, a cleared day, a decision on
a matter of another region's holder, a step of a joint item.
"""

from __future__ import annotations

from card_platform.exchange.card_stops import tell_regions
from card_platform.exchange.clearing_sheets import send_sheets
from card_platform.exchange.employment_matters import send_decisions
from card_platform.exchange.joint_items import tell_sides
from card_platform.exchange.passed_complaints import carry_complaints

TELL_OTHERS = (tell_regions, carry_complaints, send_sheets, send_decisions, tell_sides)
