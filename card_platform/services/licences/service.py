"""Use cases of licences: issue, suspend, resume, withdraw, link, unlink, check."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import msgspec

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.refusals import CardIsUnknown
from card_platform.oversight.consent import ReadOf
from card_platform.regions import RegionPolicy
from card_platform.services.licences import store
from card_platform.services.licences.model import (
    LEVELS,
    Licence,
    LicenceAction,
    LicenceChanged,
    LicenceKind,
    LicenceRead,
    LicenceState,
    best_of,
    next_state,
)
from card_platform.services.licences.refusals import (
    IdentityIsNotShown,
    LicenceDataAreWrong,
    LicenceIsAnothers,
    LicenceIsIssued,
    LicenceIsOfAnotherRegion,
    LicenceIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class CheckDecision(msgspec.Struct, frozen=True):
    """What came of a check: no personal data. `reason` tells why no licence answers."""

    refusal: str | None
    reason: str | None
    licence_id: str | None


class Licences:
    """The e-licences one region issued or took from others."""

    def __init__(self, policy: RegionPolicy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock

    def issue(
        self,
        tx: Transaction,
        *,
        kind: LicenceKind,
        number: str,
        issuer: str,
        holder_document: str,
        holder_name: str,
        level: int | None,
        subject: str | None,
        valid_from: date,
        valid_until: date | None,
        by: str,
    ) -> Licence:
        """Issue a licence to the person of a document.

        Raises:
            LicenceDataAreWrong, LicenceIsIssued.
        """
        levels = LEVELS.get(kind)
        fits = level is None if levels is None else level in levels
        if not fits or (valid_until is not None and valid_until < valid_from):
            raise LicenceDataAreWrong
        region = self._policy.region.code
        if store.find_numbered(tx, region, kind.value, number) is not None:
            raise LicenceIsIssued
        at = moment_of(self._clock.now())
        licence = Licence(
            new_identifier("licence"),
            kind,
            region,
            number,
            issuer,
            holder_document,
            holder_name,
            level,
            subject,
            valid_from,
            valid_until,
            LicenceState.IN_FORCE,
            at,
        )
        store.save(tx, licence, is_new=True)
        record_step(tx, licence, "issue", None, at=at, by=by)
        return licence

    def change(
        self, tx: Transaction, licence_id: str, action: LicenceAction, *, reason: str, by: str
    ) -> Licence:
        """Suspend, resume or withdraw.

        Raises:
            LicenceIsUnknown, LicenceIsOfAnotherRegion, LicenceStateForbids.
        """
        licence = self._to_change(tx, licence_id)
        if licence.stated_at is not None:
            raise LicenceIsOfAnotherRegion(region=licence.region)
        at = moment_of(self._clock.now())
        moved = replace(licence, state=next_state(licence.state, action), state_since=at)
        store.save(tx, moved, is_new=False)
        record_step(tx, moved, action.value, licence.state, at=at, by=by, reason=reason)
        return moved

    def link(self, tx: Transaction, licence_id: str, card_number: str, by: str) -> Licence:
        """Link a licence to the cardholder whose document it was issued on.

        Raises:
            LicenceIsUnknown, CardIsUnknown, LicenceIsAnothers.
        """
        licence = self._to_change(tx, licence_id)
        holder = store.holder_of_number(tx, card_number)
        if holder is None:
            raise CardIsUnknown
        if holder.document_number != licence.holder_document:
            raise LicenceIsAnothers
        return self._save_link(tx, replace(licence, person_id=holder.person_id), "link", by)

    def unlink(self, tx: Transaction, licence_id: str, document: str, by: str) -> Licence:
        """Take the link away; the holder's document is shown, for the link is the holder's.

        Raises:
            LicenceIsUnknown, LicenceIsAnothers.
        """
        licence = self._to_change(tx, licence_id)
        if licence.holder_document != document:
            raise LicenceIsAnothers
        return self._save_link(tx, replace(licence, person_id=None), "unlink", by)

    def look_on_record(self, tx: Transaction, licence_id: str, by: str) -> Licence:
        """The licence for its issuer or an inspection; a read like any other.

        Raises:
            LicenceIsUnknown.
        """
        licence = self.look(tx, licence_id)
        told = ReadOf(
            "查看证照档案 look-at-licence",
            f"licence:{licence.kind.value}",
            "legal-duty",
            reference=licence_id,
        )
        tx.emit(
            LicenceRead(
                at=moment_of(self._clock.now()),
                by=by,
                card_id=store.card_of_person(tx, licence.person_id),
                kind=licence.kind.value,
                told=told,
            )
        )
        return licence

    def look(self, tx: Transaction, licence_id: str) -> Licence:
        """The licence. Raises LicenceIsUnknown."""
        found = store.find(tx, licence_id)
        if found is None:
            raise LicenceIsUnknown
        return found

    def check(
        self,
        tx: Transaction,
        *,
        card_number: str,
        kind: LicenceKind,
        purpose: str,
        institution: str,
        shown_by: str,
        by: str,
    ) -> CheckDecision:
        """Does a linked licence of that kind answer, for a holder who proved who they are here.

        `shown_by` names the check or verification of identity in which the holder showed card or
        code, so that nobody looks without them. On record, granted or refused, as a read.
        """
        holder = store.holder_of_number(tx, card_number)
        now = self._clock.now()
        decision = self._decide(tx, holder, kind, shown_by, now)
        card_id = holder.card_id if holder else None
        told = ReadOf(
            purpose,
            f"licence:{kind.value}",
            "holder",
            institution=institution,
            reference=shown_by,
            refusal=decision.refusal,
        )
        tx.emit(LicenceRead(at=moment_of(now), by=by, card_id=card_id, kind=kind.value, told=told))
        return decision

    def show(
        self,
        tx: Transaction,
        *,
        card_number: str,
        kind: LicenceKind,
        shown_by: str,
        recipient: str,
        purpose: str,
        by: str,
    ) -> str | None:
        """The document of a holder who proved who they are here, to ask another region by.

        None where they did not; on record as a read either way.
        """
        holder = store.holder_of_number(tx, card_number)
        now = self._clock.now()
        refusal = self._decide(tx, holder, kind, shown_by, now).refusal
        if refusal is None and holder and holder.state != CardState.ACTIVE.value:
            refusal = "card-is-not-active"
        told = ReadOf(
            purpose,
            f"licence:{kind.value}",
            "holder",
            reference=shown_by,
            recipient=recipient,
            refusal=refusal,
        )
        card_id = holder.card_id if holder else None
        tx.emit(LicenceRead(at=moment_of(now), by=by, card_id=card_id, kind=kind.value, told=told))
        return holder.document_number if holder and refusal is None else None

    def _decide(
        self,
        tx: Transaction,
        holder: store.CardHolder | None,
        kind: LicenceKind,
        shown_by: str,
        now: datetime,
    ) -> CheckDecision:
        shown = store.find_shown(tx, shown_by)
        if (
            holder is None
            or shown is None
            or (shown.card_id, shown.result) != (holder.card_id, "valid")
            or not self._is_fresh(shown.at, now)
        ):
            return CheckDecision(IdentityIsNotShown.code, None, None)
        if holder.state != CardState.ACTIVE.value:
            return CheckDecision(None, "card-is-not-active", None)
        held = store.of_person(tx, holder.person_id, kind.value)
        licence, reason = best_of(held, now.date())
        return CheckDecision(None, reason, licence.licence_id if licence and not reason else None)

    def _is_fresh(self, at: str, now: datetime) -> bool:
        age_s = (now - datetime.fromisoformat(at)).total_seconds()
        return age_s <= self._policy.identity.shown_for.on(now.date())

    def _to_change(self, tx: Transaction, licence_id: str) -> Licence:
        found = store.find(tx, licence_id, to_change=True)
        if found is None:
            raise LicenceIsUnknown
        return found

    def _save_link(self, tx: Transaction, licence: Licence, step: str, by: str) -> Licence:
        store.save(tx, licence, is_new=False)
        at = moment_of(self._clock.now())
        record_step(tx, licence, step, licence.state, at=at, by=by)
        return licence


def record_step(
    tx: Transaction,
    licence: Licence,
    action: str,
    before: LicenceState | None,
    *,
    at: str,
    by: str,
    reason: str | None = None,
) -> None:
    """Put one step of a licence on record."""
    after = licence.state.value
    store.CHANGES.add(
        tx,
        licence.licence_id,
        action=action,
        before=before.value if before else None,
        after=after,
        reason=reason,
        at=at,
        by=by,
    )
    tx.emit(
        LicenceChanged(
            at=at,
            by=by,
            card_id=store.card_of_person(tx, licence.person_id),
            licence_id=licence.licence_id,
            kind=licence.kind.value,
            step=action,
            after=after,
        )
    )
