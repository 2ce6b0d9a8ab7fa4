"""Checking another region's card: here on the list of stopped cards, there for the rest (CQ-7c).

Rules (NM-11, NX-12, SC-h): a card of another region is served in the fields of use that the regions
agreed on, and refused in every other. Only the region that issued it knows its holder, so it is
asked; a card it has told to be stopped is refused even while it is away. It alone knows, too, which
chip has the number: where the chip was authenticated here, it goes with the question (CQ-24d).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.exchange import card_stops
from card_platform.exchange.courier import Courier
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.exchange.refusals import NoAgreementCovers
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.identity.service import Identity
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.moment import Clock
from card_platform.web.request_body import RequestBody

CARD_CHECK = "card-check"
IDENTITY_CHECK = "identity-check"


class CardCheck(RequestBody, frozen=True, omit_defaults=True):
    """Is this a valid card of a person of that name, for that purpose.

    `historical_bytes` says which chip was authenticated; left out where none was, so that a region
    that does not know the field yet can be asked about the rest.
    """

    card_number: str
    name: str
    purpose: str
    historical_bytes: HistoricalBytesText | None = None


class CardVerdict(msgspec.Struct, frozen=True):
    """As an identity check answers; `agreement` is what the card is served under."""

    result: str
    reason: str | None
    card_state: str | None
    agreement: str | None = None


class ForeignCards:
    """Checks of other regions' cards."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        identity: Identity,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._agreements = tuple(agreements)
        self._identity = identity
        self._clock = clock

    async def check(
        self, database: Database, courier: Courier, *, region: str, field: str, check: CardCheck
    ) -> CardVerdict:
        """Check a card of that region in a field of use.

        Raises:
            NoAgreementCovers: the field is not agreed on.
            Those of `Courier.ask`: of asking.
        """
        agreement = self._agreement(region, field)

        def look(tx: Transaction) -> str | None:
            return card_stops.stopped_state(tx, region, check.card_number)

        stopped = await database.read(look)
        if stopped is not None:
            return CardVerdict("refused", "card-is-not-active", stopped, agreement)
        verdict = await courier.ask(region, CARD_CHECK, IDENTITY_CHECK, check, CardVerdict)
        assert isinstance(verdict, CardVerdict)  # noqa: S101 - it was asked for
        return msgspec.structs.replace(verdict, agreement=agreement)

    def subject(self) -> Subject:
        """The query."""
        return Subject(
            CARD_CHECK,
            "query",
            frozenset({IDENTITY_CHECK}),
            frozenset({ParticipantKind.REGION}),
            CardCheck,
            self._answer,
        )

    def _answer(
        self, tx: Transaction, sender: Participant, check: CardCheck, _purpose: str
    ) -> CardVerdict:
        _, verdict = self._identity.check(
            tx,
            purpose=check.purpose,
            card_number=check.card_number,
            name=check.name,
            chip=check.historical_bytes.upper() if check.historical_bytes else None,
            by=REGION_CALLER + sender.participant_id,
        )
        return CardVerdict(verdict.result, verdict.reason, verdict.card_state)

    def _agreement(self, region: str, field: str) -> str:
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=field, day=day
        )
        if covered.agreement is None:
            raise NoAgreementCovers(region=region, field=field)
        return covered.agreement.id
