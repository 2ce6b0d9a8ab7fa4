"""A new card in place of the old one (CQ-12b): exchange and replacement.

Rules: the old card is superseded, stopped everywhere, in the transaction that opens the new one. Of
racing renewals one wins: it locks the old card, and the others find it superseded. The new card
starts as any new one, its financial function closed.
"""

from __future__ import annotations

from card_platform.issuance import registers, store
from card_platform.issuance.application import IdentityDocument, check_name
from card_platform.issuance.lifecycle import CardAction
from card_platform.issuance.model import Card
from card_platform.issuance.refusals import ExchangeReasonIsRefused, NameHasNotChanged
from card_platform.issuance.steps import CardSteps
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import Clock

NAME_CHANGED = "name-changed"
LOSS = "loss"


class Renewals:
    """Exchanges and replacements of one region's cards."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._steps = CardSteps(policy, clock)

    def exchange(
        self,
        tx: Transaction,
        card_id: str,
        *,
        reason: str,
        document: IdentityDocument,
        new_name: str | None,
        site: str,
        collection_site: str | None,
        by: str,
    ) -> tuple[str, Card]:
        """Exchange a card the holder hands in; the application's id and the new card.

        Raises:
            ExchangeReasonIsRefused: no reason of the regulation.
            NameHasNotChanged: a changed name without a new one.
            CardIsUnknown, CardStateForbids, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        allowed = self._policy.issuance.exchange_reasons.codes
        if reason not in allowed:
            raise ExchangeReasonIsRefused(reason=reason, allowed=", ".join(allowed))
        serial = self._steps.next_serial(tx)
        old = self._steps.take(tx, card_id, CardAction.EXCHANGE, by, reason)
        holder = self._steps.require_holder(tx, old, document)
        if reason == NAME_CHANGED:
            if new_name is None or new_name == holder.name:
                raise NameHasNotChanged
            check_name(new_name, "new_name")
            store.change_person(tx, holder.person_id, name=new_name)
        return self._succeed(
            tx, old, serial, kind="exchange", reason=reason, sites=(site, collection_site), by=by
        )

    def replace(
        self,
        tx: Transaction,
        card_id: str,
        *,
        document: IdentityDocument,
        site: str,
        collection_site: str | None,
        by: str,
    ) -> tuple[str, Card]:
        """Replace a card formally reported lost; the application's id and the new card.

        Raises:
            CardIsUnknown, CardStateForbids, IdentityDocumentIsInvalid, DocumentIsNotTheHolders.
        """
        serial = self._steps.next_serial(tx)
        old = self._steps.take(tx, card_id, CardAction.REPLACE, by, LOSS)
        self._steps.require_holder(tx, old, document)
        registers.end_loss_reports(tx, card_id, old.state_since)
        return self._succeed(
            tx, old, serial, kind="replacement", reason=LOSS, sites=(site, collection_site), by=by
        )

    def _succeed(
        self,
        tx: Transaction,
        old: Card,
        serial: int,
        *,
        kind: str,
        reason: str,
        sites: tuple[str, str | None],
        by: str,
    ) -> tuple[str, Card]:
        site, collection_site = sites
        application_id, card = self._steps.open_card(
            tx,
            serial,
            old.person_id,
            entitlement=store.entitlement_of(tx, old.card_id),
            site=site,
            collection_site=collection_site or site,
            by=by,
        )
        registers.add_row(
            tx,
            registers.SUCCESSIONS,
            old_card_id=old.card_id,
            new_card_id=card.card_id,
            kind=kind,
            reason=reason,
            at=card.state_since,
            by=by,
        )
        return application_id, card
