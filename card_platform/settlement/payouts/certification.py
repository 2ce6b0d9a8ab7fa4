"""Certifying that a payee is still entitled (养老保险待遇资格认证), by card or code, at any site of
a cooperating region (SC-l).

Rules:
- Who shows an active card of their own, or a code of it, is certified for the days of the pack.
- The region that issued the card certifies. Another takes the holder in, under an agreement of both
  regions on human resources, brings it there, and tells what was decided.
- What was stopped because the certification was missing or had lapsed is issued again at once: the
  arrears come with the certification.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Final, Literal

import msgspec

from card_platform.exchange import store as road_store
from card_platform.exchange.model import MessageAnswer, Participant, ParticipantKind, Sent, Subject
from card_platform.exchange.refusals import NoAgreementCovers, ParticipantIsUnknown
from card_platform.exchange.road import send
from card_platform.issuance.store import find_card
from card_platform.oversight.complaints.service import REGION_CALLER
from card_platform.regions import Agreement, RegionPolicy
from card_platform.regions.agreement import find_coverage
from card_platform.services.identity.service import Identity
from card_platform.services.identity.shown import Shown, check_shown
from card_platform.settlement.payouts import certification_store as store
from card_platform.settlement.payouts import line_store
from card_platform.settlement.payouts.certification_store import Certification
from card_platform.settlement.payouts.model import LineAction
from card_platform.settlement.payouts.refusals import CertificationIsUnknown
from card_platform.settlement.payouts.service import put_step
from card_platform.settlement.payouts.standing import CERTIFICATION_REASONS
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

SUBJECT: Final = "eligibility-certification"
FIELD: Final = "human-resources"
"""The field of the agreements between regions."""
_ARREARS: Final = "eligibility-certified"


class Decided(msgspec.Struct, frozen=True):
    """What the issuing region decided."""

    certification_id: str
    state: Literal["certified", "refused"]
    certified_on: str | None
    valid_until: str | None
    problem: str | None


class EligibilityCertified(Event, frozen=True, kw_only=True):
    """Somebody was certified as entitled, was refused, or was passed on to their region."""

    action: ClassVar[str] = "certify-eligibility"
    certification_id: str
    state: str
    problem: str | None

    @property
    def detail(self) -> str:
        """Which, how it ended."""
        return f"{self.certification_id}: {self.problem or self.state}"


class Certifications:
    """The eligibility certifications of one region, and those it brings to others."""

    def __init__(
        self,
        policy: RegionPolicy,
        agreements: Sequence[Agreement],
        identity: Identity,
        clock: Clock,
    ) -> None:
        self._own = policy.region.code
        self._valid_for = policy.payouts.certification_valid_for
        self._agreements = tuple(agreements)
        self._identity = identity
        self._clock = clock

    def take_in(self, tx: Transaction, region: str | None, shown: Shown, by: str) -> Certification:
        """Certify who stands here, or bring it to the region of the card.

        Raises:
            NoAgreementCovers, ParticipantIsUnknown.
        """
        if region is None or region == self._own:
            return self._certify(tx, shown, by)
        self._require_agreement(region)
        there = road_store.find_participant(tx, region)
        if there is None or there.kind is not ParticipantKind.REGION:
            raise ParticipantIsUnknown(participant=region)
        at = moment_of(self._clock.now())
        passed = Certification(
            certification_id=new_identifier("certification"),
            person_id=None,
            card_region=region,
            means=shown.means,
            certified_on=None,
            valid_until=None,
            state="passed-on",
            problem=None,
            at=at,
            by=by,
        )
        store.add(tx, passed)
        send(
            tx,
            recipient=region,
            subject=SUBJECT,
            purpose=SUBJECT,
            body=shown,
            at=at,
            reference=passed.certification_id,
        )
        _tell(tx, passed, None, at=at, by=by)
        return passed

    def look(self, tx: Transaction, certification_id: str) -> Certification:
        """A certification. Raises CertificationIsUnknown."""
        found = store.find(tx, certification_id)
        if found is None:
            raise CertificationIsUnknown
        return found

    def subject(self) -> Subject:
        """What travels."""
        return Subject(
            SUBJECT,
            "message",
            frozenset({SUBJECT}),
            frozenset({ParticipantKind.REGION}),
            Shown,
            self._do,
            self._learn,
        )

    def _do(self, tx: Transaction, sender: Participant, shown: Shown, _purpose: str) -> Decided:
        self._require_agreement(sender.participant_id)
        by = REGION_CALLER + sender.participant_id
        made = self._certify(tx, shown, by)
        return Decided(
            made.certification_id,
            "certified" if made.state == "certified" else "refused",
            made.certified_on,
            made.valid_until,
            made.problem,
        )

    def _learn(self, tx: Transaction, sent: Sent, answer: MessageAnswer) -> None:
        assert sent.reference is not None  # noqa: S101 - it is sent with one
        passed = self.look(tx, sent.reference)
        if answer.problem is not None:
            told = {"state": "refused", "problem": answer.problem.code}
            decided = msgspec.structs.replace(passed, **told)
        else:
            there = msgspec.json.decode(answer.answer, type=Decided)
            decided = msgspec.structs.replace(
                passed,
                state=there.state,
                problem=there.problem,
                certified_on=there.certified_on,
                valid_until=there.valid_until,
            )
        store.save(tx, decided)
        at = moment_of(self._clock.now())
        _tell(tx, decided, None, at=at, by=REGION_CALLER + sent.recipient)

    def _certify(self, tx: Transaction, shown: Shown, by: str) -> Certification:
        """Certify by what is shown; a refusal is an answer here, and stays on record."""
        card_id, problem = check_shown(tx, self._identity, shown, purpose=SUBJECT, by=by)
        now = self._clock.now()
        at, today = moment_of(now), now.date()
        card = find_card(tx, card_id) if card_id and problem is None else None
        days = timedelta(days=self._valid_for.on(today))
        made = Certification(
            certification_id=new_identifier("certification"),
            person_id=card.person_id if card else None,
            card_region=self._own,
            means=shown.means,
            certified_on=today.isoformat() if card else None,
            valid_until=(today + days).isoformat() if card else None,
            state="certified" if card else "refused",
            problem=problem,
            at=at,
            by=by,
        )
        store.add(tx, made)
        _tell(tx, made, card_id, at=at, by=by)
        if made.person_id is not None and made.valid_until is not None:
            store.keep_valid_until(tx, made.person_id, made.valid_until)
            reasons = [each.value for each in CERTIFICATION_REASONS]
            for line in line_store.exceptions_of_person(tx, made.person_id, reasons):
                put_step(tx, line, LineAction.REISSUE, _ARREARS, at=at, by=by)
        return made

    def _require_agreement(self, region: str) -> None:
        day = self._clock.now().date()
        covered = find_coverage(
            self._agreements, card_region=region, place=self._own, field=FIELD, day=day
        )
        if not covered.served:
            raise NoAgreementCovers(region=region, field=FIELD)


def _tell(tx: Transaction, made: Certification, card_id: str | None, *, at: str, by: str) -> None:
    tx.emit(
        EligibilityCertified(
            at=at,
            by=by,
            card_id=card_id,
            certification_id=made.certification_id,
            state=made.state,
            problem=made.problem,
        )
    )
