"""Asking the region that insures to settle a visit or take that back: a claim and a message."""

from __future__ import annotations

import msgspec

from card_platform.exchange.medical import store
from card_platform.exchange.medical.model import (
    PURPOSE,
    REVERSAL,
    SETTLEMENT,
    Claim,
    ClaimState,
    OrderLine,
    ReversalOrder,
    SettlementOrder,
)
from card_platform.exchange.road import send
from card_platform.regions.medical_policy import Level
from card_platform.services.medical.benefits.model import Bill
from card_platform.services.medical.visits.model import Visit
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of


class Claims:
    """Puts on the road what another region is asked, in the transaction of the visit's step."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def ask_settlement(self, tx: Transaction, visit: Visit, bill: Bill, institution: str) -> None:
        """Ask for a settlement, for the first time or again after a refusal."""
        store.save_claim(tx, Claim(visit.visit_id, visit.region, bill.day, ClaimState.ASKED))
        store.open_day(tx, visit.region, bill.day, moment_of(self._clock.now()))
        self._send(tx, visit, SETTLEMENT, order_of(visit, bill, institution))

    def ask_reversal(self, tx: Transaction, visit: Visit, day: str) -> None:
        """Ask for a reversal, dated that day."""
        claim = store.find_claim(tx, visit.visit_id)
        assert claim is not None  # noqa: S101 - what was settled there was claimed
        asked = msgspec.structs.replace(claim, state=ClaimState.REVERSAL_ASKED, reversed_day=day)
        store.save_claim(tx, asked)
        store.open_day(tx, visit.region, day, moment_of(self._clock.now()))
        self._send(tx, visit, REVERSAL, ReversalOrder(reference=visit.visit_id, day=day))

    def _send(self, tx: Transaction, visit: Visit, subject: str, body: msgspec.Struct) -> None:
        send(
            tx,
            recipient=visit.region,
            subject=subject,
            purpose=PURPOSE,
            body=body,
            at=moment_of(self._clock.now()),
            reference=visit.visit_id,
        )


def order_of(visit: Visit, bill: Bill, institution: str) -> SettlementOrder:
    """A visit's bill as it travels."""
    names = OrderLine.__struct_fields__
    levels: dict[int, Level] = {1: 1, 2: 2, 3: 3}
    return SettlementOrder(
        reference=visit.visit_id,
        card_number=visit.card_number,
        name=visit.holder_name,
        institution=institution,
        benefit=bill.benefit,
        level=levels[bill.level],
        day=bill.day,
        lines=[OrderLine(**{name: getattr(line, name) for name in names}) for line in bill.lines],
    )
