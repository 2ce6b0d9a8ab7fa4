"""The road of one platform: enrol, send, take what others send, ask and be asked.

Sending is a row in the transaction of its cause, so that no effect here is without its message and
no message without its effect; the courier brings it. What is taken has its effect and its answer in
one transaction, so that a reply that is lost, or a process that dies, costs one more delivery and
nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from card_platform.errors import Refusal
from card_platform.exchange import lacking_store, store
from card_platform.exchange.model import (
    ANY_FIELD,
    Answers,
    Content,
    Envelope,
    ExchangeAnswered,
    MessageAnswer,
    Participant,
    ParticipantEnrolled,
    ParticipantGranted,
    ParticipantKind,
    Sent,
    Subject,
    Told,
)
from card_platform.exchange.refusals import (
    HandingOnIsForbidden,
    MessageDiffers,
    MessagesHaveGap,
    PurposeIsOutside,
    QueryIsReplayed,
    QueryIsStale,
    SenderIsUnknown,
    SubjectIsNotGranted,
    SubjectIsNotKnown,
    SubjectIsUnknown,
)
from card_platform.exchange.seal import Seal
from card_platform.keys.sm2_signer import Sm2Signer
from card_platform.regions import Agreement
from card_platform.regions.agreement import find_coverage
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, Moment, moment_of
from card_platform.web.request_body import read_body

BY_AGREEMENT = "agreement"
"""Who granted what no operator did."""
FRESH_S = 300
"""How far the moment of a query may lie from this platform's clock."""
_SUBJECT_OF_ANSWERS = "answers"
Learner = Callable[[Transaction, Participant], None]


def send(
    tx: Transaction,
    *,
    recipient: str,
    subject: str,
    purpose: str,
    body: msgspec.Struct,
    at: str,
    reference: str | None = None,
) -> str:
    """Put a message on the road, in the transaction of its cause; its id."""
    message_id = new_identifier("message")
    sequence = next_number(tx, f"exchange:{recipient}")
    text = msgspec.json.encode(body).decode()
    store.add_sent(tx, Sent(recipient, sequence, message_id, subject, purpose, text, reference, at))
    return message_id


class Road:
    """The exchange of one platform.

    Args:
        own: this platform's participant id, its region's code.
        key: what it signs with.
        subjects: what may travel.
        clock: the platform's.
        agreements: between regions.
        on_grant: by subject, what is called with every new participant, in the transaction of its
            enrolment, and with a region that is granted that subject later.
    """

    def __init__(
        self,
        own: str,
        key: Sm2Signer,
        subjects: Iterable[Subject],
        clock: Clock,
        *,
        agreements: Sequence[Agreement] = (),
        on_grant: Mapping[str, Learner] | None = None,
    ) -> None:
        self.seal = Seal(own, key, clock)
        self.subjects = {each.name: each for each in subjects}
        self._clock = clock
        self._on_grant = dict(on_grant or {})
        self._agreements = tuple(agreements)

    def as_participant(self, name_zh: str, url: str) -> Participant:
        """This region as the others enrol it, with all that regions send one another."""
        kind = ParticipantKind.REGION
        subjects = tuple(each.name for each in self.subjects.values() if kind in each.senders)
        return Participant(self.seal.own, kind, name_zh, url, self.seal.public_key, subjects)

    def enrol(self, tx: Transaction, participant: Participant, by: str) -> Participant:
        """Let somebody onto the road, or take their new key and grants.

        Raises:
            SubjectIsUnknown: a grant that is none for such a participant.
        """
        known = [s.name for s in self.subjects.values() if participant.kind in s.senders]
        for subject in participant.subjects:
            if subject not in known:
                raise SubjectIsUnknown(
                    subject=subject, kind=participant.kind.value, known=", ".join(known) or "-"
                )
        is_new = store.find_participant(tx, participant.participant_id) is None
        at = self._now()
        store.enrol(tx, participant, at, by, known)
        tx.emit(
            ParticipantEnrolled(
                at=at,
                by=by,
                participant_id=participant.participant_id,
                subjects=", ".join(participant.subjects) or "-",
            )
        )
        if is_new:
            for learn in self._on_grant.values():
                learn(tx, participant)
        return participant

    def grant_new_subjects(self, tx: Transaction, now: datetime) -> None:
        """Due work: a region that was enrolled before there was a subject is granted it where an
        agreement of both covers it. What was known and not granted stays withheld.
        """
        for region, known in store.regions_and_known(tx):
            new = [
                each.name
                for each in self.subjects.values()
                if each.field is not None
                and each.name not in known.split()
                and self._is_agreed(region.participant_id, each.field, now.date())
            ]
            if not new or not store.grant(tx, region, known, new):
                continue
            tx.emit(
                ParticipantGranted(
                    at=moment_of(now),
                    by=BY_AGREEMENT,
                    participant_id=region.participant_id,
                    subjects=", ".join(new),
                )
            )
            for subject in new:
                if subject in self._on_grant:
                    self._on_grant[subject](tx, region)

    def _is_agreed(self, region: str, field: str, day: date) -> bool:
        own = self.seal.own
        if field == ANY_FIELD:
            sides = [
                (each.party_of_region(region), each.party_of_region(own))
                for each in self._agreements
            ]
            return any(None not in both for both in sides)
        found = find_coverage(self._agreements, card_region=region, place=own, field=field, day=day)
        return found.agreement is not None

    def take(self, tx: Transaction, envelopes: Sequence[Envelope]) -> Envelope:
        """Take messages of one sender in their order; the signed answers.

        Raises:
            SenderIsUnknown, MessagesHaveGap, MessageDiffers, and those of `open`: nothing is taken.
        """
        sender = self._sender_of(tx, envelopes[0])
        contents = [self.seal.open(sender, each) for each in envelopes]
        store.lock_sender(tx, sender.participant_id)
        last = store.last_taken(tx, sender.participant_id)
        answers = []
        for content, envelope in zip(contents, envelopes, strict=True):
            seal = hashlib.sha256(envelope.content.encode()).digest()
            if 0 < content.sequence <= last:
                kept_seal, answer = store.find_taken(tx, sender.participant_id, content.sequence)
                if kept_seal != seal:
                    raise MessageDiffers(sequence=content.sequence)
            elif content.sequence == last + 1:
                answer = self._take_one(tx, sender, content, "message")
                store.add_taken(
                    tx,
                    answer,
                    sender=sender.participant_id,
                    subject=content.subject,
                    seal=seal,
                    at=self._now(),
                )
                last = content.sequence
            else:
                raise MessagesHaveGap(expected=last + 1)
            answers.append(answer)
        return self.seal.reply(sender, envelopes, Answers(answers, last))

    def answer_query(self, tx: Transaction, envelope: Envelope) -> Envelope:
        """Answer one query, on record whether it is answered or refused.

        Raises:
            SenderIsUnknown, QueryIsStale, QueryIsReplayed, and those of `open`.
        """
        sender = self._sender_of(tx, envelope)
        content = self.seal.open(sender, envelope)
        self._require_fresh(content)
        answer = self._take_one(tx, sender, content, "query")
        is_first = store.add_asked(
            tx,
            sender=sender.participant_id,
            query_id=content.id,
            subject=content.subject,
            purpose=content.purpose,
            result=answer.result if answer.problem is None else answer.problem.code,
            at=self._now(),
        )
        if not is_first:
            raise QueryIsReplayed
        return self.seal.reply(sender, [envelope], answer)

    def learn(self, tx: Transaction, sent: Sequence[Sent], answers: Answers) -> None:
        """Keep the answers to what was sent, and tell whoever sent it; once."""
        at = self._now()
        by_sequence = {each.sequence: each for each in answers.answers}
        for message in sent:
            answer = by_sequence.get(message.sequence)
            if answer is None or not store.keep_answer(tx, message, answer, at):
                continue
            lacking_store.note(tx, message, answer, at)
            subject = self.subjects.get(message.subject)
            if subject is not None and subject.learn is not None:
                subject.learn(tx, message, answer)

    def _sender_of(self, tx: Transaction, envelope: Envelope) -> Participant:
        claimed = read_body(envelope.content.encode(), Content).sender
        sender = store.find_participant(tx, claimed)
        if sender is None:
            raise SenderIsUnknown(sender=claimed)
        return sender

    def _take_one(
        self, tx: Transaction, sender: Participant, content: Content, kind: str
    ) -> MessageAnswer:
        try:
            with tx.part():
                subject = self._require_granted(sender, content, kind)
                body = read_body(bytes(content.body), subject.body)
                answer = subject.take(tx, sender, body, content.purpose)
        except Refusal as refusal:
            answer = refusal
        if isinstance(answer, Refusal):
            problem = Told(answer.code, answer.detail_zh, answer.detail_en)
            told = MessageAnswer(content.sequence, "refused", problem=problem)
        else:
            encoded = msgspec.Raw(msgspec.json.encode(answer))
            told = MessageAnswer(content.sequence, "taken", encoded)
        tx.emit(
            ExchangeAnswered(
                at=self._now(),
                by=sender.participant_id,
                kind=kind,
                subject=content.subject,
                purpose=content.purpose,
                result=told.result if told.problem is None else told.problem.code,
            )
        )
        return told

    def _require_granted(self, sender: Participant, content: Content, kind: str) -> Subject:
        subject = self.subjects.get(content.subject)
        if subject is None:
            raise SubjectIsNotKnown(subject=content.subject)
        granted = content.subject in sender.subjects
        if not granted or subject.kind != kind or content.kind != kind:
            raise SubjectIsNotGranted(sender=sender.participant_id, subject=content.subject)
        if content.purpose not in subject.purposes:
            raise PurposeIsOutside(
                subject=content.subject,
                purpose=content.purpose,
                allowed=", ".join(sorted(subject.purposes)),
            )
        if content.handed_on_to is not None:
            raise HandingOnIsForbidden(third=content.handed_on_to)
        return subject

    def _require_fresh(self, content: Content) -> None:
        now = self._clock.now()
        try:
            sent_at = datetime.fromisoformat(content.sent_at)
            is_fresh = abs(now - sent_at) <= timedelta(seconds=FRESH_S)
        except (ValueError, TypeError):
            is_fresh = False
        if not is_fresh:
            raise QueryIsStale(sent_at=content.sent_at[:40], now=moment_of(now), seconds=FRESH_S)

    def _now(self) -> Moment:
        return moment_of(self._clock.now())
