"""What a holder shows where a service is taken in: their card, or a code of it.

Rules: a card is its number and name, with the historical bytes of the chip where a terminal has
authenticated it; a code stands alone. Either is checked on record, as at any counter, and serves
only in its valid state.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.issuance.ecards.shapes import ScannedText
from card_platform.issuance.store import find_holder
from card_platform.services.identity.service import Identity
from card_platform.storage import Transaction
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestBody, RequestIsMalformed


class Shown(RequestBody, frozen=True):
    """A card or a code; the bodies of the services that take it are made of this."""

    card_number: Annotated[str, exactly(CARD_NUMBER_PATTERN)] | None = None
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    historical_bytes: HistoricalBytesText | None = None
    code: ScannedText | None = None

    @property
    def means(self) -> Literal["card", "code"]:
        """In one word."""
        return "card" if self.code is None else "code"

    def alone(self) -> Shown:
        """This without what else its body says. Raises RequestIsMalformed: not one of the two."""
        by_card = self.card_number is not None and self.name is not None
        nothing_of_card = self.card_number is self.name is self.historical_bytes is None
        if not (by_card if self.code is None else nothing_of_card):
            expected = "card_number and name, or code"
            raise RequestIsMalformed([Fault("$", "neither or both", expected)])
        return Shown(self.card_number, self.name, self.historical_bytes, self.code)


def check_shown(
    tx: Transaction, identity: Identity, shown: Shown, *, purpose: str, by: str
) -> tuple[str | None, str | None]:
    """The id of the card that is shown, if it is known, and why it does not serve; on record."""
    if shown.code is not None:
        _, verdict, holder = identity.check_code(tx, purpose=purpose, code=shown.code, by=by)
        return (holder.card_id if holder else None), verdict.reason
    number, chip = shown.card_number or "", shown.historical_bytes
    _, verdict = identity.check(
        tx,
        purpose=purpose,
        card_number=number,
        name=shown.name or "",
        chip=chip.upper() if chip else None,
        by=by,
    )
    found = find_holder(tx, number)
    return (found.card_id if found else None), verdict.reason
