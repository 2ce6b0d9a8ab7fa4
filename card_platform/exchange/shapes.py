"""Request and answer shapes of the exchange, as in docs/interfaces.md."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from card_platform.exchange.card_checks import CardCheck
from card_platform.exchange.card_services import CardServiceDone
from card_platform.exchange.joint_pin_resets import PinResetOrder
from card_platform.exchange.joint_service_life import JointServiceState
from card_platform.exchange.joint_service_store import JointService
from card_platform.exchange.lacking_store import Lack
from card_platform.exchange.model import (
    BATCH_MAX,
    Envelope,
    Hex,
    Participant,
    ParticipantId,
    ParticipantKind,
    Told,
)
from card_platform.exchange.store import Link
from card_platform.issuance.card_service_shapes import PinReset
from card_platform.vocabulary.card_number import CARD_NUMBER_PATTERN
from card_platform.vocabulary.card_text import HistoricalBytesText
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.region import REGION_PATTERN
from card_platform.web.request_body import RequestBody

Region = Annotated[str, exactly(REGION_PATTERN)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
CardNumber = Annotated[str, exactly(CARD_NUMBER_PATTERN)]
Url = Annotated[str, exactly(r"https?://[\x21-\x7e]{1,200}")]


class Enrolment(RequestBody, frozen=True):
    """Somebody who may send; `url` where the platform sends to, too."""

    participant_id: ParticipantId
    kind: ParticipantKind
    name_zh: Short
    public_key: Hex
    subjects: Annotated[list[Short], msgspec.Meta(max_length=40)]
    url: Url | None = None

    @property
    def participant(self) -> Participant:
        """As it is kept."""
        subjects = tuple(dict.fromkeys(self.subjects))
        key = self.public_key.upper()
        return Participant(self.participant_id, self.kind, self.name_zh, self.url, key, subjects)


class ParticipantAnswer(msgspec.Struct, frozen=True):
    """A participant."""

    participant_id: str
    kind: str
    name_zh: str
    url: str | None
    public_key: str
    subjects: list[str]


class OwnIdentity(msgspec.Struct, frozen=True):
    """What others enrol this platform with, and the subjects that travel here."""

    participant_id: str
    name_zh: str
    public_key: str
    subjects: dict[str, list[str]]


class LinkAnswer(msgspec.Struct, frozen=True):
    """How the road to a participant stands; `lacks` are subjects it refuses whole: it is not
    upgraded yet, or withholds them.
    """

    participant_id: str
    kind: str
    name_zh: str
    url: str | None
    subjects: list[str]
    sent: int
    waiting: int
    oldest_waiting_at: str | None
    taken: int
    lacks: list[Lack]


class LinksAnswer(msgspec.Struct, frozen=True):
    """All of them."""

    links: list[LinkAnswer]
    next: str | None


class Messages(RequestBody, frozen=True):
    """Messages of one sender in their order."""

    messages: Annotated[list[Envelope], msgspec.Meta(min_length=1, max_length=BATCH_MAX)]


class JointServiceRequest(RequestBody, frozen=True):
    """A service for another region's card; `request` as that service's own route takes it."""

    site_id: Short
    region: Region
    service: Short
    request: dict[str, Any]
    card_number: CardNumber | None = None


class JointPinReset(RequestBody, frozen=True):
    """Whose PIN, at which joint service point; `reset` as at a counter of the issuing region."""

    site_id: Short
    region: Region
    card_number: CardNumber
    reset: PinReset

    @property
    def order(self) -> PinResetOrder:
        """What is asked of that region."""
        return PinResetOrder(card_number=self.card_number, reset=self.reset)


class JointServiceAnswer(msgspec.Struct, frozen=True):
    """How it stands: passed-on, waiting there, done with its answer, refused with the problem."""

    request_id: str
    service: str
    region: str
    state: JointServiceState
    at: str
    decided_at: str | None
    answer: CardServiceDone | None
    problem: Told | None
    number_there: str | None


class ForeignCardCheck(RequestBody, frozen=True):
    """Is this a valid card of that region, in that field of use; as an identity check asks."""

    region: Region
    field: Annotated[str, exactly(r"[a-z][a-z-]{1,39}")]
    card_number: CardNumber
    name: Short
    purpose: Short
    historical_bytes: HistoricalBytesText | None = None

    @property
    def check(self) -> CardCheck:
        """What is asked."""
        return CardCheck(
            card_number=self.card_number,
            name=self.name,
            purpose=self.purpose,
            historical_bytes=self.historical_bytes,
        )


def participant_answer(each: Participant) -> ParticipantAnswer:
    """A participant as answered."""
    return ParticipantAnswer(
        each.participant_id,
        each.kind.value,
        each.name_zh,
        each.url,
        each.public_key,
        list(each.subjects),
    )


def link_answer(link: Link) -> LinkAnswer:
    """A link as answered."""
    each = link.participant
    return LinkAnswer(
        each.participant_id,
        each.kind.value,
        each.name_zh,
        each.url,
        list(each.subjects),
        link.sent,
        link.waiting,
        link.oldest_waiting_at,
        link.taken,
        link.lacks,
    )


def joint_service_answer(taken: JointService) -> JointServiceAnswer:
    """A joint service as answered."""
    answer = taken.answer
    return JointServiceAnswer(
        taken.request_id,
        taken.service,
        taken.region,
        taken.state,
        taken.at,
        taken.decided_at,
        msgspec.json.decode(answer, type=CardServiceDone) if answer else None,
        taken.problem,
        taken.number_there,
    )
