"""Licences of a holder asked of the region that issued them (CQ-23, YD-5, YD-15, SC-i).

Rules: a holder who showed card or code here may have another region asked for a licence, under an
agreement of both regions on licences. The question names the document, the kind and the check of
identity; the answer is signed statements, each checked with the key by which the exchange knows
that region, taken only when it is of the holder and kind asked for, and linked to the holder. Both
sides have it on record.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from card_platform.exchange import store
from card_platform.exchange.courier import Courier
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.exchange.refusals import NoAgreementCovers
from card_platform.oversight.complaints.refusals import RegionIsOwn
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.oversight.consent.shapes import Document, Short
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.licences.model import Licence, LicenceKind
from card_platform.services.licences.recognition import FIELD, PURPOSE, Recognition
from card_platform.services.licences.refusals import IdentityIsNotShown, StatementIsNotAsked
from card_platform.services.licences.service import Licences
from card_platform.services.licences.statement import SignedStatement, read_statement
from card_platform.storage import Database, Transaction
from card_platform.vocabulary.moment import Clock
from card_platform.web.request_body import RequestBody

LICENCE_QUERY = "licence-query"
LICENCE_RECOGNITION = "licence-recognition"


class LicenceQuery(RequestBody, frozen=True):
    """Which licence of whom; `shown_by` is the check of identity the holder passed there."""

    kind: LicenceKind
    document_number: Document
    shown_by: Short


class LicenceStatements(msgspec.Struct, frozen=True):
    """All of that kind this region issued on that document, withdrawn ones too."""

    statements: list[SignedStatement]


class EnrolledRegions:
    """The keys by which the exchange knows other regions."""

    def public_key_of(self, tx: Transaction, region: str) -> bytes | None:
        """X || Y, or None for who is no region on the exchange."""
        found = store.find_participant(tx, region)
        if found is None or found.kind is not ParticipantKind.REGION:
            return None
        return bytes.fromhex(found.public_key)


class LicenceRequests:
    """Asking other regions for licences, and answering them."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        licences: Licences,
        recognition: Recognition,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._agreements = tuple(agreements)
        self._licences = licences
        self._recognition = recognition
        self._clock = clock

    async def ask(
        self,
        database: Database,
        courier: Courier,
        *,
        region: str,
        kind: LicenceKind,
        card_number: str,
        shown_by: str,
        by: str,
    ) -> list[Licence]:
        """Ask a region for the licences of a holder, keep and link what it states.

        Raises:
            RegionIsOwn, NoAgreementCovers, IdentityIsNotShown: nobody is asked.
            Those of `Courier.ask`: of asking.
            StatementIsNotAsked, and those of `Recognition.take`: nothing is taken.
        """
        self._require_agreement(region)

        def show(tx: Transaction) -> str | None:
            return self._licences.show(
                tx,
                card_number=card_number,
                kind=kind,
                shown_by=shown_by,
                recipient=region,
                purpose=PURPOSE,
                by=by,
            )

        document = await database.write(show)
        if document is None:
            raise IdentityIsNotShown
        question = LicenceQuery(kind=kind, document_number=document, shown_by=shown_by)
        stated = await courier.ask(
            region, LICENCE_QUERY, LICENCE_RECOGNITION, question, LicenceStatements
        )
        assert isinstance(stated, LicenceStatements)  # noqa: S101 - it was asked for

        def take(tx: Transaction) -> list[Licence]:
            for each in stated.statements:
                said = read_statement(each)
                if (said.region, said.kind, said.holder_document) != (region, kind, document):
                    raise StatementIsNotAsked(region=region)
            taken = [self._recognition.take(tx, each, by) for each in stated.statements]
            return [self._licences.link(tx, each.licence_id, card_number, by) for each in taken]

        return await database.write(take)

    def subject(self) -> Subject:
        """The query."""
        return Subject(
            LICENCE_QUERY,
            "query",
            frozenset({LICENCE_RECOGNITION}),
            frozenset({ParticipantKind.REGION}),
            LicenceQuery,
            self._answer,
        )

    def _answer(
        self, tx: Transaction, sender: Participant, question: LicenceQuery, _purpose: str
    ) -> LicenceStatements:
        statements = self._recognition.answer(
            tx,
            kind=question.kind,
            document=question.document_number,
            audience=sender.participant_id,
            shown_by=question.shown_by,
            by=REGION_CALLER + sender.participant_id,
        )
        return LicenceStatements(statements)

    def _require_agreement(self, region: str) -> None:
        if region == self._own:
            raise RegionIsOwn(region=region)
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=FIELD, day=day
        )
        if covered.agreement is None:
            raise NoAgreementCovers(region=region, field=FIELD)
