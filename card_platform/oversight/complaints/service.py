"""Filing, answering, passing on, feedback; what falls overdue."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from card_platform.issuance.store import find_holder
from card_platform.keys import SecurityModule
from card_platform.oversight.complaints import store
from card_platform.oversight.complaints.model import (
    STAFF_CHANNELS,
    Channel,
    Complaint,
    ComplaintAction,
    ComplaintChanged,
    ComplaintState,
    Kind,
    next_state,
)
from card_platform.oversight.complaints.refusals import (
    ChannelIsNotTheCallers,
    ComplaintIsUnknown,
    RegionIsOwn,
)
from card_platform.regions import RegionPolicy
from card_platform.storage import Transaction
from card_platform.storage.counters import next_number
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authorisation import CardIsAnothers

PUBLIC = "public"
HOLDER_CALLERS = ("holder:", "agent:")
"""Begin the names of those who file for their own card: online, as the public does."""
REGION_CALLER = "region:"
"""Begins the name of a region that passed something on."""
BANK_CALLER = "bank:"
"""Begins the name of a partner bank that signed in by its key."""


class Complaints:
    """The consultations, complaints and reports of one region."""

    def __init__(self, policy: RegionPolicy, keys: SecurityModule, clock: Clock) -> None:
        self._policy = policy
        self._keys = keys
        self._clock = clock

    def file(
        self,
        tx: Transaction,
        *,
        kind: Kind,
        channel: Channel,
        subject: str,
        content: str,
        card_number: str | None,
        contact: str | None,
        conduct: str | None,
        by: str,
        own_card: str = "",
    ) -> Complaint:
        """File one: its number and its deadline.

        `own_card` is the only card whose matter the caller may make it; empty for any.

        Raises:
            CardIsAnothers: the card named is not that one.
            ChannelIsNotTheCallers: the channel has other takers.
        """
        if channel not in _channels_of(by):
            raise ChannelIsNotTheCallers
        now = self._clock.now()
        at = moment_of(now)
        serial = next_number(tx, "complaint-number")
        number = f"{self._policy.region.abbreviation}{now:%Y%m%d}{serial:06d}"
        holder = find_holder(tx, card_number) if card_number else None
        if own_card and card_number and (holder is None or holder[0] != own_card):
            raise CardIsAnothers
        state = ComplaintState.FILED
        due_at = self._due(kind, now)
        complaint = Complaint(
            number,
            kind,
            channel,
            subject,
            content,
            holder[0] if holder else own_card or None,
            contact,
            conduct,
            state,
            at,
            at,
            due_at,
        )
        store.save(tx, complaint, is_new=True)
        self._record(tx, complaint, "file", None, by=by, at=at)
        return complaint

    def secret_of(self, number: str) -> str:
        """What opens the public status of a number: derived, so that it need not be stored."""
        return self._keys.filing_secret(number)

    def status(self, tx: Transaction, number: str, secret: str) -> Complaint:
        """What the filer may see. Raises ComplaintIsUnknown."""
        if not hmac.compare_digest(self.secret_of(number).encode(), secret.encode()):
            raise ComplaintIsUnknown
        return self.look(tx, number)

    def look(self, tx: Transaction, number: str) -> Complaint:
        """What staff see. Raises ComplaintIsUnknown."""
        found = store.look_at(tx, number)
        if found is None:
            raise ComplaintIsUnknown
        return found

    def take(self, tx: Transaction, number: str, by: str) -> Complaint:
        """Take it in hand. Raises ComplaintIsUnknown, ComplaintStateForbids."""
        return self._step(tx, self._get(tx, number), ComplaintAction.TAKE, by)

    def answer(self, tx: Transaction, number: str, text: str, by: str) -> Complaint:
        """Answer it. Raises ComplaintIsUnknown, ComplaintStateForbids."""
        found = replace(self._get(tx, number), answer=text)
        return self._step(tx, found, ComplaintAction.ANSWER, by)

    def hear(self, tx: Transaction, number: str, text: str, by: str) -> Complaint:
        """The answer of the region it was passed on to, which its filer now sees (YD-20b).

        Raises:
            ComplaintIsUnknown, ComplaintStateForbids.
        """
        found = replace(self._get(tx, number), answer=text)
        return self._step(tx, found, ComplaintAction.HEAR, by)

    def pass_on(self, tx: Transaction, number: str, region: str, by: str) -> Complaint:
        """Pass it on to the region it concerns, with a notice to its filer (YD-20b).

        One whose time for that is over is passed on all the same, and told as late.

        Raises:
            ComplaintIsUnknown, ComplaintStateForbids, RegionIsOwn.
        """
        if region == self._policy.region.code:
            raise RegionIsOwn(region=region)
        now = self._clock.now()
        notice = f"已于 {now:%Y-%m-%d} 转 {region} 依法办理 · passed on to region {region}"
        found = self._get(tx, number)
        at = moment_of(now)
        late = int(at > self.pass_on_by(found))
        found = replace(found, passed_to=region, passed_at=at, notice=notice, passed_late=late)
        return self._step(tx, found, ComplaintAction.PASS_ON, by)

    def give_feedback(
        self, tx: Transaction, number: str, secret: str, *, satisfied: bool, by: str
    ) -> Complaint:
        """The filer says whether the answer will do; if not, it goes back into work.

        Raises:
            ComplaintIsUnknown, ComplaintStateForbids.
        """
        self.status(tx, number, secret)
        found = replace(self._get(tx, number), satisfied=int(satisfied))
        if satisfied:
            return self._step(tx, found, ComplaintAction.SATISFY, by)
        found = replace(found, due_at=self._due(found.kind, self._clock.now()))
        found = replace(found, overdue_since=None)
        return self._step(tx, found, ComplaintAction.OBJECT, by)

    def pass_on_by(self, complaint: Complaint) -> str:
        """Until when it must be passed on, if it concerns another region."""
        filed = datetime.fromisoformat(complaint.filed_at)
        days = self._policy.oversight.passing_on.on_or_first(filed.date())
        return moment_of(filed + timedelta(days=days))

    def _due(self, kind: Kind, now: datetime) -> str:
        days = self._policy.oversight.answer_within(kind).on_or_first(now.date())
        return moment_of(now + timedelta(days=days))

    def _get(self, tx: Transaction, number: str) -> Complaint:
        found = store.find(tx, number)
        if found is None:
            raise ComplaintIsUnknown
        return found

    def _step(
        self, tx: Transaction, complaint: Complaint, action: ComplaintAction, by: str
    ) -> Complaint:
        at = moment_of(self._clock.now())
        after = next_state(complaint.state, action)
        moved = replace(complaint, state=after, state_since=at)
        store.save(tx, moved, is_new=False)
        self._record(tx, moved, action.value, complaint.state.value, by=by, at=at)
        return moved

    @staticmethod
    def _record(
        tx: Transaction, complaint: Complaint, action: str, before: str | None, *, by: str, at: str
    ) -> None:
        after = complaint.state.value
        store.CHANGES.add(
            tx, complaint.number, action=action, before=before, after=after, at=at, by=by
        )
        tx.emit(
            ComplaintChanged(
                at=at,
                by=by,
                card_id=complaint.card_id,
                number=complaint.number,
                step=action,
                after=after,
            )
        )


def _channels_of(by: str) -> frozenset[Channel]:
    """The channels by which a caller of that name may file."""
    if by == PUBLIC or by.startswith(HOLDER_CALLERS):
        return frozenset({Channel.ONLINE})
    if by.startswith(BANK_CALLER):
        return frozenset({Channel.BANK})
    if by.startswith(REGION_CALLER):
        return frozenset({Channel.REGION})
    return STAFF_CHANNELS


def mark_overdue(tx: Transaction, now: datetime) -> None:
    """Due work: what waits past its deadline is told as overdue, once, on record."""
    at = moment_of(now)
    for each in store.waiting_past(tx, at):
        store.save(tx, replace(each, overdue_since=at), is_new=False)
        tx.emit(
            ComplaintChanged(
                at=at,
                by="clock",
                card_id=each.card_id,
                number=each.number,
                step="fall_overdue",
                after=each.state.value,
            )
        )
