"""Holders of other regions here: their region vouches for the card before anybody is served.

Rule (NM-11, NX-12, CQ-7c): a card of a region that agreed on the field has resident terms here;
without an agreement on the field it is not served.
"""

from __future__ import annotations

from card_platform.exchange.card_checks import CardCheck, ForeignCards
from card_platform.exchange.courier import Courier
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.places.acts.model import Visitor
from card_platform.services.verification.presented import Presented
from card_platform.storage import Database


class Elsewhere:
    """Asks the regions that issued the cards."""

    def __init__(self, cards: ForeignCards, database: Database, courier: Courier) -> None:
        self._cards = cards
        self._database = database
        self._courier = courier

    async def find(
        self, region: str, field: str, shown: Presented, certificates: tuple[str, ...]
    ) -> Visitor:
        """The holder of a card of that region, served here in the field.

        Raises:
            NoAgreementCovers, CardRefusal, and those of `Courier.ask`.
        """
        check = CardCheck(
            card_number=shown.token,
            name=shown.name or "",
            purpose=field,
            historical_bytes=shown.chip,
        )
        verdict = await self._cards.check(
            self._database, self._courier, region=region, field=field, check=check
        )
        if verdict.reason is not None:
            raise CARD_REFUSALS[verdict.reason]
        return Visitor(
            holder=f"{region}:{shown.token}",
            region=region,
            card_number=shown.token,
            means=shown.means,
            agreement=verdict.agreement,
            certificates=certificates,
        )
