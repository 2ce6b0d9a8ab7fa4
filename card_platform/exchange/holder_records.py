"""What departments hold of cardholders, sent over the exchange (NX-13, NX-18c).

Rules: of each kind of data one institution of the region is the source, named in its pack; only it
may send them, each for one person by document number. They are linked with the cardholder base, so
nothing is kept of who holds no card. They are read as any data of a holder: by consent or legal
duty, for one purpose, on record (`holder-query`).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.issuance.store import living_card_of_document
from card_platform.oversight.consent import linked_records
from card_platform.oversight.consent.shapes import Document, Short
from card_platform.regions import RegionPolicy
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestBody, RequestIsMalformed

HOLDER_RECORD = "holder-record"
DATA_LINKING = "data-linking"


class ProviderIsAnother(Refusal):
    """Another institution is the source of data of that kind, or none is."""

    code = "provider-is-another"
    status = 403
    title = "Provider is another"
    zh = "“{kind}”类数据不由 {sender} 提供。"
    en = "Data of the kind {kind} are not {sender}'s to provide."


class HolderRecord(RequestBody, frozen=True):
    """What is held of a person, or why it is refused: one of `text` and `withheld`."""

    kind: Literal["credit", "population", "health"]
    document_number: Document
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)] | None = None
    withheld: Short | None = None


class RecordTaken(msgspec.Struct, frozen=True):
    """Whether the person holds a card; if not, nothing is kept."""

    linked: bool


class HolderRecordLinked(Event, frozen=True, kw_only=True):
    """A department's record was linked with a cardholder, or refused; what it says stays out."""

    action: ClassVar[str] = "link-holder-record"
    kind: str
    is_withheld: bool

    @property
    def detail(self) -> str:
        """Of what kind."""
        return f"{self.kind}: {'withheld' if self.is_withheld else 'linked'}"


def record_subject(policy: RegionPolicy, clock: Clock) -> Subject:
    """The message."""

    def take(
        tx: Transaction, sender: Participant, body: HolderRecord, _purpose: str
    ) -> RecordTaken:
        if (body.text is None) == (body.withheld is None):
            raise RequestIsMalformed([Fault("text", "both or neither", "one of text, withheld")])
        if policy.oversight.provider_of(body.kind) != sender.name_zh:
            raise ProviderIsAnother(kind=body.kind, sender=sender.name_zh)
        card_id = living_card_of_document(tx, body.document_number)
        if card_id is None:
            return RecordTaken(linked=False)
        at = moment_of(clock.now())
        linked_records.save(
            tx,
            kind=body.kind,
            document_number=body.document_number,
            institution=sender.name_zh,
            text=body.text,
            withheld=body.withheld,
            at=at,
            by=sender.participant_id,
        )
        tx.emit(
            HolderRecordLinked(
                at=at,
                by=sender.participant_id,
                card_id=card_id,
                kind=body.kind,
                is_withheld=body.withheld is not None,
            )
        )
        return RecordTaken(linked=True)

    return Subject(
        HOLDER_RECORD,
        "message",
        frozenset({DATA_LINKING}),
        frozenset({ParticipantKind.DEPARTMENT}),
        HolderRecord,
        take,
    )
