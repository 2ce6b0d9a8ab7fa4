"""Who comes, by what is shown, and what takes something off the price for them.

Rules:
- A code for payment pays; an identity code shows who somebody is. A code for anything else is none
  here.
- Certificates are those linked to the holder at the platform; each that is asked for is on record
  as a read, so that the holder sees who looked. Of a card of another region the terminal tells what
  it read on the chip.
- Concessions at an entrance are those of the region's pack too; the offer's own stand beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.ecards.code_text import CodeIsUnreadable, read_code
from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import Card, PersonId
from card_platform.issuance.refusals import IdentityDocumentIsMissing
from card_platform.issuance.steps import CardSteps
from card_platform.issuance.store import get_person
from card_platform.oversight.consent import ReadOf
from card_platform.regions import RegionPolicy
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.identity.refusals import CARD_REFUSALS
from card_platform.services.licences import store as licence_store
from card_platform.services.licences.model import LicenceKind, LicenceRead, best_of
from card_platform.services.places.acts.model import Visitor
from card_platform.services.places.offers.model import Offer
from card_platform.services.places.offers.terms import age_on
from card_platform.services.verification.presented import Presented, find_presented
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller

_CERTIFICATES = (LicenceKind.DISABILITY, LicenceKind.VETERAN)
NOT_AT_THE_PLACE = "holder"
"""How a holder is known who books from home or through a clerk."""


class Visitors:
    """The people who come to one region's places."""

    def __init__(self, policy: RegionPolicy, codes: Codes, clock: Clock) -> None:
        self.region = policy.region.code
        self._at_entrances = [each for each in policy.licences.concessions if each.place == "entry"]
        self._codes = codes
        self._steps = CardSteps(policy, clock)
        self._clock = clock

    def find(self, tx: Transaction, shown: Presented, by: str) -> Visitor:
        """Whoever shows a card of this region, or a code of it. Raises CardRefusal, CodeRefusal."""
        purpose = _purpose_of(shown.token) if shown.means == "code" else CodePurpose.IDENTITY
        found = find_presented(tx, self._codes, shown, purpose, by)
        return Visitor(
            holder=found.person_id,
            region=self.region,
            card_number=found.card_number,
            means=shown.means,
            card_id=found.card_id,
            person_id=found.person_id,
            may_pay=shown.means != "code" or purpose is CodePurpose.PAYMENT,
        )

    def card_of(
        self, tx: Transaction, card_id: str, document: IdentityDocument | None, caller: Caller
    ) -> Card:
        """The card of its holder, held: from the holder's own session, or a clerk helps, to whom
        the holder shows a document.

        Raises:
            CardIsUnknown, IdentityDocumentIsMissing, DocumentIsNotTheHolders.
        """
        card = self._steps.card_to_change(tx, card_id)
        if caller.card_id != card_id:
            if document is None:
                raise IdentityDocumentIsMissing
            self._steps.require_holder(tx, card, document)
        return card

    def at_home(
        self, tx: Transaction, card_id: str, document: IdentityDocument | None, caller: Caller
    ) -> Visitor:
        """The holder of a card who is not at the place. Raises CardRefusal, and as `card_of`."""
        card = self.card_of(tx, card_id, document, caller)
        if card.state is not CardState.ACTIVE:
            raise CARD_REFUSALS["card-is-not-active"]
        return Visitor(
            holder=card.person_id,
            region=self.region,
            card_number=card.card_number,
            means=NOT_AT_THE_PLACE,
            card_id=card.card_id,
            person_id=card.person_id,
        )

    def claims(
        self, tx: Transaction, visitor: Visitor, offer: Offer, by: str
    ) -> list[tuple[int, str]]:
        """Percentages that the visitor may claim, each with its reason."""
        today = self._clock.now().date()
        offered = [(each.percent, each.kind, each.from_age) for each in offer.terms.concessions]
        if offer.kind == "entry":
            offered += [
                (each.reduction.on_or_first(today), each.kind, None) for each in self._at_entrances
            ]
        kinds = {kind for _, kind, _ in offered}
        held = self._certificates(
            tx, visitor, [each for each in _CERTIFICATES if each in kinds], offer, by
        )
        age = self.age_of(tx, visitor, today)
        return [
            (percent, kind)
            for percent, kind, from_age in offered
            if kind in held or (from_age is not None and age is not None and age >= from_age)
        ]

    def age_of(self, tx: Transaction, visitor: Visitor, today: date) -> int | None:
        """Full years; None for a holder of another region, whose age is not known here."""
        if visitor.person_id is None:
            return None
        return age_on(get_person(tx, PersonId(visitor.person_id)).birth_date, today)

    def _certificates(
        self,
        tx: Transaction,
        visitor: Visitor,
        kinds: Sequence[LicenceKind],
        offer: Offer,
        by: str,
    ) -> set[str]:
        if visitor.person_id is None:
            return set(visitor.certificates)
        now = self._clock.now()
        held = set()
        for kind in kinds:
            linked = licence_store.of_person(tx, visitor.person_id, kind.value)
            if best_of(linked, now.date())[1] is None:
                held.add(kind.value)
            told = ReadOf(
                "核算优待 price-concession",
                f"licence:{kind.value}",
                "holder",
                institution=offer.name_zh,
                reference=offer.offer_id,
            )
            at, card_id = moment_of(now), visitor.card_id
            tx.emit(LicenceRead(at=at, by=by, card_id=card_id, kind=kind.value, told=told))
        return held


def _purpose_of(text: str) -> CodePurpose:
    """What a code that is taken here is for; anything but payment must be identity."""
    try:
        face, _ = read_code(text)
    except CodeIsUnreadable:
        return CodePurpose.IDENTITY
    return face.purpose if face.purpose is CodePurpose.PAYMENT else CodePurpose.IDENTITY
