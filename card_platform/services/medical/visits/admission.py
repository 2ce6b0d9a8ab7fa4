"""Who comes to an institution, or buys there for a holder.

Rules: a code shown here is one of medicine and serves once. An agent is one the holder named and
has not taken back; the medicine is the holder's all the same.
"""

from __future__ import annotations

from card_platform.access.store import agents_of
from card_platform.issuance.ecards.codes import Codes
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.services.medical.visits.refusals import BuyerHasNoMandate
from card_platform.services.verification.model import FoundHolder
from card_platform.services.verification.presented import Presented, find_presented
from card_platform.storage import Transaction


def find_patient(tx: Transaction, codes: Codes, shown: Presented, by: str) -> FoundHolder:
    """The holder of what was shown.

    Raises:
        CardRefusal, CodeRefusal: it is not taken, with the reason.
    """
    return find_presented(tx, codes, shown, CodePurpose.MEDICAL, by)


def find_buyer(tx: Transaction, card_id: str, document_number: str, today: str) -> str:
    """The id of the agent who buys for the holder. Raises BuyerHasNoMandate."""
    for agent in agents_of(tx, card_id):
        holds = agent.withdrawn_at is None and agent.valid_until >= today
        if holds and agent.document_number == document_number.upper():
            return agent.agent_id
    raise BuyerHasNoMandate
