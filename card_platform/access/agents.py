"""Agents: whom a holder mandated to act for them on their card, until it ends or is taken back."""

from __future__ import annotations

from card_platform.access import store
from card_platform.access.model import Agent, AgentChanged
from card_platform.access.refusals import AgentIsUnknown
from card_platform.issuance.application import IdentityDocument, Mandate, check_mandate
from card_platform.issuance.lifecycle import ENDED_STATES
from card_platform.issuance.refusals import (
    CardHasEnded,
    IdentityDocumentIsInvalid,
    IdentityDocumentIsMissing,
    MandateIsMissing,
)
from card_platform.issuance.steps import CardSteps
from card_platform.issuance.store import get_person
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.resident_id import read_resident_id
from card_platform.web.authentication import Caller


class Agents:
    """The agents of one region's holders."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._steps = CardSteps(policy, clock)

    def name(
        self,
        tx: Transaction,
        card_id: str,
        mandate: Mandate,
        document: IdentityDocument | None,
        caller: Caller,
    ) -> Agent:
        """Put a mandate on record: from the holder's session, or at a counter.

        Raises:
            IdentityDocumentIsMissing: at a counter the holder is present and shows a document.
            CardIsUnknown, CardHasEnded, IdentityDocumentIsInvalid, DocumentIsNotTheHolders,
            MandateIsMissing, MandateIsInvalid.
        """
        self._require_holder(tx, card_id, document, caller)
        card = self._steps.card_to_change(tx, card_id)
        if card.state in ENDED_STATES:
            raise CardHasEnded(state=card.state.value)
        holder = read_resident_id(get_person(tx, card.person_id).document_number)
        if holder is None:
            raise IdentityDocumentIsInvalid(
                reason_zh="登记的证件号码不符合 GB 11643",
                reason_en="the number on record breaks GB 11643",
            )
        check_mandate(mandate, holder, self._policy, self._steps.today())
        if mandate.mandate_number is None or mandate.valid_until is None:
            raise MandateIsMissing
        at = moment_of(self._clock.now())
        agent = Agent(
            new_identifier("agent"),
            card_id,
            mandate.document.kind,
            mandate.document.number.upper(),
            mandate.mandate_number,
            mandate.valid_until.isoformat(),
            at,
            caller.name,
            None,
        )
        store.add_agent(tx, agent)
        told = f"mandated until {agent.valid_until}"
        tx.emit(
            AgentChanged(at=at, by=caller.name, card_id=card_id, agent_id=agent.agent_id, told=told)
        )
        return agent

    def withdraw(
        self,
        tx: Transaction,
        card_id: str,
        agent_id: str,
        document: IdentityDocument | None,
        caller: Caller,
    ) -> Agent:
        """Take a mandate back: the agent's sessions end at once.

        Raises:
            AgentIsUnknown, and those of `name` for card and document.
        """
        self._require_holder(tx, card_id, document, caller)
        at = moment_of(self._clock.now())
        if not store.withdraw_agent(tx, card_id, agent_id, at):
            raise AgentIsUnknown
        tx.emit(
            AgentChanged(
                at=at, by=caller.name, card_id=card_id, agent_id=agent_id, told="taken back"
            )
        )
        return next(each for each in store.agents_of(tx, card_id) if each.agent_id == agent_id)

    def _require_holder(
        self, tx: Transaction, card_id: str, document: IdentityDocument | None, caller: Caller
    ) -> None:
        """The holder's own session, or the holder's document at the counter."""
        if caller.card_id == card_id:
            return
        card = self._steps.card_to_change(tx, card_id)
        if document is None:
            raise IdentityDocumentIsMissing
        self._steps.require_holder(tx, card, document)
