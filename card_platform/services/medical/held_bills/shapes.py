"""Request and answer shapes of held bills."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.services.medical.held_bills.model import HeldBill
from card_platform.web.request_body import RequestBody

_Words = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class FindingBody(RequestBody, frozen=True):
    """What the papers of both hospitals say."""

    finding: _Words


class HeldBillDecisionBody(RequestBody, frozen=True):
    """What becomes of a bill that was examined."""

    decision: Literal["release", "refuse"]
    reason: _Words


class HeldBillAnswer(msgspec.Struct, frozen=True):
    """The bill of a stay in `region` that overlaps another in `other_region`."""

    held_id: str
    bill: str
    card_id: str
    region: str
    admitted_on: str
    other_bill: str
    other_region: str
    state: str
    held_at: str
    examined_by: str | None
    finding: str | None
    decided_by: str | None
    decided_at: str | None
    reason: str | None


class HeldBillsAnswer(msgspec.Struct, frozen=True):
    """A page of held bills, the latest first."""

    bills: list[HeldBillAnswer]
    next: str | None


def held_bill_answer(held: HeldBill) -> HeldBillAnswer:
    """A held bill as it is told."""
    return HeldBillAnswer(**{**msgspec.structs.asdict(held), "state": held.state.value})
