"""Giving and withdrawing consent, asking for a holder's data, and the holder's view of who did."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from card_platform.issuance.refusals import CardIsUnknown, DocumentIsNotTheHolders
from card_platform.oversight.consent import linked_records, store
from card_platform.oversight.consent.model import (
    AccessLogRead,
    Consent,
    ConsentChanged,
    HolderDataQueried,
    HolderQuery,
    Item,
    Verdict,
    judge,
)
from card_platform.oversight.consent.refusals import (
    ConsentIsUnknown,
    ConsentIsWithdrawn,
    ConsentTimeIsWrong,
)
from card_platform.regions import RegionPolicy
from card_platform.storage import Page, Paged, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.masking import masked
from card_platform.vocabulary.moment import Clock, moment_of

MASKED_ITEMS = (Item.NAME, Item.DOCUMENT_NUMBER)
"""Shown masked where they were not asked, so that the asker sees it is the right person."""


class Consents:
    """The personal data of one region's holders, and who may see them."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock

    def give(
        self,
        tx: Transaction,
        *,
        card_id: str,
        document_number: str,
        institution: str,
        purpose: str,
        items: list[Item],
        from_at: datetime,
        until_at: datetime,
        by: str,
    ) -> Consent:
        """Put a holder's consent on record, their document shown.

        Raises:
            CardIsUnknown, DocumentIsNotTheHolders, ConsentTimeIsWrong.
        """
        self._require_holder(tx, card_id, document_number)
        if until_at <= from_at:
            raise ConsentTimeIsWrong
        at = moment_of(self._clock.now())
        consent = Consent(
            new_identifier("consent"),
            card_id,
            institution,
            purpose,
            tuple(dict.fromkeys(items)),
            moment_of(from_at),
            moment_of(until_at),
            None,
            at,
            by,
        )
        store.add_consent(tx, consent)
        tx.emit(ConsentChanged(at=at, by=by, card_id=card_id, consent=consent))
        return consent

    def withdraw(
        self,
        tx: Transaction,
        consent_id: str,
        document_number: str,
        by: str,
        *,
        own_card: str = "",
    ) -> Consent:
        """Withdraw a consent: from this moment nothing stands on it.

        `own_card` is the only card whose holder's consents the caller knows of; empty for any.

        Raises:
            ConsentIsUnknown, ConsentIsWithdrawn, DocumentIsNotTheHolders.
        """
        consent = store.find_consent(tx, consent_id)
        if consent is None or (own_card and consent.card_id != own_card):
            raise ConsentIsUnknown
        self._require_holder(tx, consent.card_id, document_number)
        if consent.withdrawn_at is not None:
            raise ConsentIsWithdrawn
        at = moment_of(self._clock.now())
        withdrawn = replace(consent, withdrawn_at=at)
        store.withdraw(tx, consent_id, at)
        tx.emit(ConsentChanged(at=at, by=by, card_id=consent.card_id, consent=withdrawn))
        return withdrawn

    def consents_of(self, tx: Transaction, card_id: str, page: Page) -> Paged[Consent]:
        """A holder's consents, by pages. Raises CardIsUnknown."""
        self._require_holder(tx, card_id, None)
        return store.page_of_consents(tx, card_id, page)

    def ask(
        self,
        tx: Transaction,
        query: HolderQuery,
        *,
        card_number: str | None,
        document_number: str | None,
        by: str,
        signed_in_as: str = "",
    ) -> tuple[str, str | None]:
        """Judge a query and put it on record: the id of the read, the code of its refusal.

        `signed_in_as` is the institution that proved itself by its key; empty where none did.

        A refusal is an answer here, not raised: what is raised leaves no record.
        """
        found = store.find_holder_data(tx, card_number=card_number, document_number=document_number)
        card_id = found["card_id"] if found else None
        at = moment_of(self._clock.now())
        consents = store.consents_of(tx, card_id) if card_id else []
        duties = self._policy.oversight.legal_duties
        verdict = judge(query, consents, duties, at)
        if found is None and verdict.refusal in {None, "consent-missing"}:
            # who has no right to ask learns nothing of who holds a card
            known = query.basis == "legal-duty"
            verdict = Verdict(None, "holder-unknown" if known else "consent-missing")
        if signed_in_as and query.institution != signed_in_as:
            verdict = Verdict(None, "institution-is-anothers")
        if found is not None and verdict.refusal is None:
            withheld_by = linked_records.withheld_by(tx, found["document_number"], query.items)
            if withheld_by is not None:
                verdict = Verdict(withheld_by, "linked-data-withheld")
        read_id = store.add_read(
            tx,
            card_id=card_id,
            institution=query.institution,
            purpose=query.purpose,
            items=" ".join(query.items),
            basis=query.basis,
            reference=verdict.reference or query.duty,
            recipient=query.recipient,
            refusal=verdict.refusal,
            at=at,
            by=by,
        )
        tx.emit(HolderDataQueried(at=at, by=by, card_id=card_id, query=query, verdict=verdict))
        return read_id, verdict.refusal

    def answer(
        self, tx: Transaction, read_id: str, items: tuple[Item, ...]
    ) -> dict[str, str | None]:
        """The items a granted read asked for; name and number masked where it did not."""
        data = store.find_holder_data(tx, card_id=store.find_read(tx, read_id) or "") or {}
        shown: dict[str, str | None] = {item.value: None for item in Item}
        shown |= {item.value: masked(data[item]) for item in MASKED_ITEMS}
        known: dict[str, str | None] = dict(data)
        known |= linked_records.texts_of(tx, data["document_number"])
        return shown | {item.value: known.get(item) for item in items}

    def access_log(
        self, tx: Transaction, card_id: str, page: Page, by: str
    ) -> Paged[dict[str, Any]]:
        """Who read what of the holder of a card, the latest first; looking is on record too.

        Raises:
            CardIsUnknown.
        """
        self._require_holder(tx, card_id, None)
        found = store.reads_of(tx, card_id, page)
        tx.emit(AccessLogRead(at=moment_of(self._clock.now()), by=by, card_id=card_id))
        return found

    def _require_holder(self, tx: Transaction, card_id: str, document_number: str | None) -> None:
        found = store.find_holder_data(tx, card_id=card_id)
        if found is None:
            raise CardIsUnknown
        if document_number is not None and found["document_number"] != document_number:
            raise DocumentIsNotTheHolders
