"""Request and answer shapes of the card services, as in docs/interfaces.md, section 4."""

from __future__ import annotations

from typing import Annotated

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.issuance.field_coding import GbkName
from card_platform.issuance.lifecycle import PinAction
from card_platform.issuance.model import NewHolderData
from card_platform.issuance.production.model import DeliveryState
from card_platform.issuance.registers import CardFunctions
from card_platform.issuance.shapes import Reason, Site
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Exchange(RequestBody, frozen=True):
    """The old card handed in, and why; `new_name` where the name has changed."""

    reason: Code
    document: IdentityDocument
    site: Site
    new_name: GbkName | None = None
    collection_site: Site | None = None


class Replacement(RequestBody, frozen=True):
    """A new card for one formally reported lost."""

    document: IdentityDocument
    site: Site
    collection_site: Site | None = None


class DataChange(RequestBody, frozen=True):
    """What changes of the holder's data; what is absent stays."""

    document: IdentityDocument
    name: GbkName | None = None
    phone: Annotated[str, exactly(r"[0-9+-]{3,20}")] | None = None
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None

    @property
    def changed(self) -> NewHolderData:
        """Without the document."""
        return NewHolderData(self.name, self.phone, self.address)


class PinReport(RequestBody, frozen=True):
    """What became of the PIN; a reset needs the holder's document."""

    action: PinAction
    document: IdentityDocument | None = None


class PinReset(RequestBody, frozen=True):
    """The holder's document, the chip in the reader, a challenge of its social security
    application, and the PIN it is to have: six digits, kept nowhere.
    """

    document: IdentityDocument
    historical_bytes: Annotated[str, exactly(r"[0-9A-Fa-f]{26}")]
    challenge: Annotated[str, exactly(r"[0-9A-Fa-f]{16}")]
    new_pin: Annotated[str, exactly(r"[0-9]{6}")]


class Freeze(RequestBody, frozen=True):
    """A code of the region's grounds."""

    ground: Code


class FreezeLift(RequestBody, frozen=True):
    """The decision after which the freeze is lifted."""

    decision: Reason


class Cancellation(RequestBody, frozen=True):
    """A code of the region's reasons, and what proves it."""

    reason: Code
    evidence: Reason


class Destruction(RequestBody, frozen=True):
    """How the card was destroyed and who saw it."""

    method: Reason
    witness: Reason


class DataChangeAnswer(msgspec.Struct, frozen=True):
    """Whether the card shows what has changed, and is due for exchange."""

    card_id: str
    exchange_needed: bool


class FunctionsAnswer(msgspec.Struct, frozen=True):
    """PIN and functions of a card."""

    pin: str
    social_security: str
    financial: str


class PinResetAnswer(msgspec.Struct, frozen=True):
    """The command for the card in the reader, in hexadecimal: good for that challenge only."""

    card_id: str
    command: str


class LossRecord(msgspec.Struct, frozen=True):
    """One loss report; an oral one says when it ends by itself."""

    kind: str
    at: str
    ends_at: str | None
    ended_at: str | None


class FreezeRecord(msgspec.Struct, frozen=True):
    """One freeze, and the decision that ended it."""

    ground: str
    at: str
    by: str
    decision: str | None
    decided_at: str | None


class HandOverRecord(msgspec.Struct, frozen=True):
    """Where the card was applied for and where it is collected."""

    channel: str
    accepted_at_site: str
    collection_site: str
    collected_at: str | None


class DeliveryRecord(msgspec.Struct, frozen=True):
    """The consignment that brings the card to the site of collection, and whether it came."""

    delivery_id: str
    consignment: str
    site: str
    state: DeliveryState
    state_since: str
    sent_at: str


class CancellationRecord(msgspec.Struct, frozen=True):
    """Why the card was cancelled."""

    reason: str
    at: str
    by: str


class DestructionRecord(msgspec.Struct, frozen=True):
    """How the card was destroyed."""

    method: str
    at: str
    by: str


class RecordAnswer(msgspec.Struct, frozen=True):
    """All that is on record of a card beside its state; no personal data. Of lists the newest, the
    latest first; `more` says where they go on.
    """

    card_id: str
    supersedes: str | None
    superseded_by: str | None
    functions: FunctionsAnswer
    hand_over: HandOverRecord | None
    delivery: DeliveryRecord | None
    loss_reports: list[LossRecord]
    freezes: list[FreezeRecord]
    cancellation: CancellationRecord | None
    destruction: DestructionRecord | None
    more: dict[str, str | None]


class LossReportsAnswer(msgspec.Struct, frozen=True):
    """Loss reports, the latest first."""

    loss_reports: list[LossRecord]
    next: str | None


class FreezesAnswer(msgspec.Struct, frozen=True):
    """Freezes, the latest first."""

    freezes: list[FreezeRecord]
    next: str | None


def functions_answer(held: CardFunctions) -> FunctionsAnswer:
    """The functions as answered."""
    return FunctionsAnswer(held.pin.value, held.social_security.value, held.financial.value)
