"""The seal of one platform: signs what it sends, opens what others signed for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import msgspec

from card_platform.exchange.model import (
    Answers,
    Content,
    Envelope,
    MessageAnswer,
    Participant,
    Sent,
    hash_of_request,
)
from card_platform.exchange.refusals import (
    AnswerIsToAnother,
    AnswerIsUnreadable,
    AnswerSignatureIsWrong,
    OtherSideRefuses,
    RecipientIsAnother,
    SignatureIsWrong,
)
from card_platform.keys import sm2
from card_platform.keys.sm2_signer import Sm2Signer
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.request_body import RequestIsMalformed, read_body

_ANSWERS: Literal["answers"] = "answers"
Body = TypeVar("Body", bound=msgspec.Struct)


class Seal:
    """Signs and opens.

    Args:
        own: this platform's participant id.
        key: what it signs with.
        clock: the platform's.
    """

    def __init__(self, own: str, key: Sm2Signer, clock: Clock) -> None:
        self.own = own
        self.public_key = key.public_key.hex().upper()
        self._key = key
        self._clock = clock

    def message(self, message: Sent) -> Envelope:
        """The same content each time it is brought, since the other side compares."""
        return self._sign(
            Content(
                message.message_id,
                "message",
                self.own,
                message.recipient,
                message.subject,
                message.purpose,
                message.sequence,
                message.sent_at,
                msgspec.Raw(message.body.encode()),
            )
        )

    def query(self, recipient: str, subject: str, purpose: str, body: msgspec.Struct) -> Envelope:
        """A query, to be asked now."""
        return self._sign(self._now("query", recipient, subject, purpose, body))

    def reply(self, to: Participant, request: Sequence[Envelope], body: msgspec.Struct) -> Envelope:
        """What is answered to a participant's request."""
        content = self._now(_ANSWERS, to.participant_id, _ANSWERS, _ANSWERS, body)
        answer_to = hash_of_request(request)
        return self._sign(msgspec.structs.replace(content, answer_to=answer_to))

    def open(self, participant: Participant, envelope: Envelope) -> Content:
        """The content of an envelope of that participant for this platform.

        Raises:
            SignatureIsWrong, RecipientIsAnother, RequestIsMalformed: as they say.
        """
        key = bytes.fromhex(participant.public_key)
        text = envelope.content.encode()
        if not sm2.signature_is_right(key, text, bytes.fromhex(envelope.signature)):
            raise SignatureIsWrong
        content = read_body(text, Content)
        if content.sender != participant.participant_id:
            raise SignatureIsWrong
        if content.recipient != self.own:
            raise RecipientIsAnother(recipient=content.recipient, own=self.own)
        return content

    def open_answers(
        self, participant: Participant, request: Sequence[Envelope], envelope: Envelope
    ) -> Answers:
        """What a participant answered to these messages.

        Raises:
            AnswerSignatureIsWrong, AnswerIsUnreadable, AnswerIsToAnother.
        """
        return self._open_reply(participant, request, envelope, Answers)

    def open_answer(
        self,
        participant: Participant,
        query: Envelope,
        envelope: Envelope,
        wanted: type[msgspec.Struct],
    ) -> Any:
        """What a participant answered to this query.

        Raises:
            AnswerSignatureIsWrong, AnswerIsUnreadable: nobody knows what it answers.
            AnswerIsToAnother: not this query.
            OtherSideRefuses: with its reason.
        """
        answer = self._open_reply(participant, [query], envelope, MessageAnswer)
        if answer.problem is not None:
            raise OtherSideRefuses(
                participant=participant.participant_id,
                told_zh=answer.problem.detail_zh,
                told_en=answer.problem.detail_en,
            )
        try:
            return msgspec.json.decode(answer.answer, type=wanted)
        except msgspec.MsgspecError as fault:
            raise AnswerIsUnreadable(participant=participant.participant_id) from fault

    def _open_reply(
        self,
        participant: Participant,
        request: Sequence[Envelope],
        envelope: Envelope,
        wanted: type[Body],
    ) -> Body:
        """The body of a reply. A fault in it is the other side's, not that of who asked here."""
        them = participant.participant_id
        try:
            content = self.open(participant, envelope)
            if content.kind != _ANSWERS:
                raise AnswerIsUnreadable(participant=them)
            if content.answer_to != hash_of_request(request):
                raise AnswerIsToAnother(participant=them)
            return msgspec.json.decode(content.body, type=wanted)
        except SignatureIsWrong:
            raise AnswerSignatureIsWrong(participant=them) from None
        except (RecipientIsAnother, RequestIsMalformed, msgspec.MsgspecError) as fault:
            raise AnswerIsUnreadable(participant=them) from fault

    def _now(
        self,
        kind: Literal["query", "answers"],
        to: str,
        subject: str,
        purpose: str,
        body: msgspec.Struct,
    ) -> Content:
        return Content(
            new_identifier(kind),
            kind,
            self.own,
            to,
            subject,
            purpose,
            0,
            moment_of(self._clock.now()),
            msgspec.Raw(msgspec.json.encode(body)),
        )

    def _sign(self, content: Content) -> Envelope:
        text = msgspec.json.encode(content)
        return Envelope(content=text.decode(), signature=self._key.sign(text).hex())
