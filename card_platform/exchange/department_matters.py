"""What departments ask and tell over the exchange (NM-9, SC-o, NX-13, CQ-18).

A department asks for a holder's data on a consent or a legal duty, as its own institution: the name
it is enrolled by, not one it writes. Civil affairs tells of a death, and the card ends (CQ-13a).
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.errors import Refusal
from card_platform.exchange.model import Participant, ParticipantKind, Subject
from card_platform.issuance.agency_decisions import AgencyDecisions
from card_platform.issuance.store import living_card_of_document
from card_platform.oversight.consent.model import HolderQuery
from card_platform.oversight.consent.refusals import QUERY_REFUSALS
from card_platform.oversight.consent.service import Consents
from card_platform.oversight.consent.shapes import Document, Items, Short
from card_platform.storage import Transaction
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

HOLDER_QUERY, DEATH = "holder-query", "death"


class HolderDataQuery(RequestBody, frozen=True):
    """As `/v1/holder-queries`, without the institution: that is who signs."""

    purpose: Short
    items: Items
    basis: Literal["consent", "legal-duty"]
    document_number: Document | None = None
    card_number: Annotated[str, exactly(CARD_NUMBER_PATTERN)] | None = None
    duty: Short | None = None


class HolderData(msgspec.Struct, frozen=True):
    """The items; null, or masked, where they were not asked for."""

    read_id: str
    items: dict[str, str | None]


class Death(RequestBody, frozen=True):
    """The person of this document has died."""

    document_number: Document
    evidence: Short


class CardEnded(msgspec.Struct, frozen=True):
    """What became of the person's card; null where there was none."""

    card_number: str | None
    card_state: str | None


def department_subjects(consents: Consents, decisions: AgencyDecisions) -> tuple[Subject, Subject]:
    """The query for a holder's data, and the death of a person."""

    def answer(
        tx: Transaction, sender: Participant, body: HolderDataQuery, _purpose: str
    ) -> HolderData | Refusal:
        items = tuple(dict.fromkeys(body.items))
        query = HolderQuery(sender.name_zh, body.purpose, items, body.basis, body.duty, None)
        read_id, refusal = consents.ask(
            tx,
            query,
            card_number=body.card_number,
            document_number=body.document_number,
            by=sender.participant_id,
        )
        if refusal is not None:
            return QUERY_REFUSALS[refusal]()
        return HolderData(read_id, consents.answer(tx, read_id, items))

    def end(tx: Transaction, sender: Participant, body: Death, _purpose: str) -> CardEnded:
        card_id = living_card_of_document(tx, body.document_number)
        if card_id is None:
            return CardEnded(None, None)
        card = decisions.cancel(tx, card_id, "death", body.evidence, sender.participant_id)
        return CardEnded(card.card_number, card.state.value)

    return (
        Subject(
            HOLDER_QUERY,
            "query",
            frozenset({"holder-data"}),
            frozenset({ParticipantKind.DEPARTMENT, ParticipantKind.BANK}),
            HolderDataQuery,
            answer,
        ),
        Subject(
            DEATH,
            "message",
            frozenset({"card-cancellation"}),
            frozenset({ParticipantKind.DEPARTMENT}),
            Death,
            end,
        ),
    )
