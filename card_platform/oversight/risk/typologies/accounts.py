"""Accounts that take what is another's: account-changed-before-payday, mule-account.

Rules: a change at a counter was made by a face that was seen; an online change alone is everyday,
and tells something where somebody else made it, it came from a phone that is not the holder's or
that was bound just before, the account is also another person's, or all is drawn at once. Many
payers and nothing kept is a mule, all the more where the account is young; a landlord keeps.
"""

from __future__ import annotations

from sys import intern
from typing import NamedTuple

from card_platform.oversight.risk.bounded import BoundedMap, Mark, Window
from card_platform.oversight.risk.history import HistoryEvent, Typology
from card_platform.oversight.risk.rules import Limits
from card_platform.oversight.risk.signals import NONE, Signals, Subject, signal

DAY_S = 86_400
OWNERS_MAX = 8
"""Persons of one account or phone remembered."""


class _Change(NamedTuple):
    at: int
    event: str
    account: str
    weight: int


class _Watch(NamedTuple):
    """A payout after a change: what is drawn of it?"""

    person: str
    paid_at: int
    amount_fen: int
    weight: int
    seen: tuple[str, ...]


class AccountChanges:
    """Sees phones, account changes, payouts and transfers."""

    kinds = (
        "account.changed",
        "account.opened",
        "phone.bound",
        "payout.paid",
        "transfer",
        "agent.authorised",
        "agent.ended",
    )

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._changes: BoundedMap[str, _Change | None] = BoundedMap(lambda: None)
        self._phones: BoundedMap[str, tuple[int, str]] = BoundedMap(lambda: (0, ""))
        self._holders: BoundedMap[str, tuple[str, ...]] = BoundedMap(tuple)
        self._owners: BoundedMap[str, tuple[str, ...]] = BoundedMap(tuple)
        self._unnamed: BoundedMap[str, bool] = BoundedMap(bool)
        self._agents: BoundedMap[str, list[str]] = BoundedMap(list)
        self._watched: BoundedMap[str, tuple[_Watch, int] | None] = BoundedMap(lambda: None)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """A payout that went elsewhere shortly after its account was changed."""
        if event.kind == "transfer":
            return self._drawn(event, at)
        person = event.person
        if person is None:
            return NONE
        if event.kind == "phone.bound":
            self._bind(event, person, at)
        elif event.kind == "agent.authorised":
            self._agents.put(person, [*self._agents.of(person), event.detail.agent or ""][-8:])
        elif event.kind == "agent.ended":
            kept = [each for each in self._agents.of(person) if each != event.detail.agent]
            self._agents.put(person, kept)
        elif event.kind == "account.changed":
            self._note_change(event, person, at)
        elif event.kind == "account.opened":
            self._own(event.account, person)
        else:
            return self._paid(event, person, at)
        return NONE

    def _bind(self, event: HistoryEvent, person: str, at: int) -> None:
        self._phones.put(person, (at, event.id))
        if event.device is None:
            self._unnamed.put(person, True)
            return
        holders = self._holders.of(event.device)
        if person not in holders:
            self._holders.put(event.device, (*holders, intern(person))[-OWNERS_MAX:])

    def _own(self, account: str | None, person: str) -> None:
        if account is not None:
            owners = self._owners.of(account)
            if person not in owners and len(owners) < OWNERS_MAX:
                self._owners.put(account, (*owners, intern(person)))

    def _note_change(self, event: HistoryEvent, person: str, at: int) -> None:
        limits, detail = self._limits, event.detail
        is_counter = detail.channel == "counter"
        name = "counter" if is_counter else "online"
        weight = limits[f"account-changed-before-payday.{name}_weight"]
        agents = self._agents.get(person) or []
        if detail.by is not None and detail.by != person and detail.by not in agents:
            weight += limits["account-changed-before-payday.other_weight"]
        account = event.account or detail.account or ""
        self._own(account, person)
        if len(self._owners.of(account)) > 1 and not is_counter:
            weight += limits["account-changed-before-payday.shared_weight"]
        phone = self._phones.get(person)
        window_s = limits["account-changed-before-payday.window_days"] * DAY_S
        if phone is not None and 0 <= at - phone[0] <= window_s and not is_counter:
            weight += limits["account-changed-before-payday.phone_weight"]
        if not is_counter:
            weight += self._of_phone(event, person, agents)
        self._changes.put(person, _Change(at, event.id, account, weight))

    def _of_phone(self, event: HistoryEvent, person: str, agents: list[str]) -> int:
        """Whether the change came from another's phone, or from one nobody has bound."""
        if event.device is None:
            return 0
        holders = self._holders.get(event.device) or ()
        if person in holders or any(each in agents for each in holders):
            return 0
        if not holders and self._unnamed.get(person):
            return 0  # it may be the phone of the binding that named none
        name = "foreign" if holders else "unbound"
        return self._limits[f"account-changed-before-payday.{name}_phone_weight"]

    def _paid(self, event: HistoryEvent, person: str, at: int) -> Signals:
        account = event.account or event.detail.account or ""
        self._own(account, person)
        change, limits = self._changes.get(person), self._limits
        window_s = limits["account-changed-before-payday.window_days"] * DAY_S
        if change is None or not 0 <= at - change.at <= window_s:
            return NONE
        self._changes.put(person, None)
        weight, seen = change.weight, (change.event, event.id)
        watch = _Watch(person, at, event.amount_fen or 0, weight, seen)
        self._watched.put(account, (watch, 0))
        if weight < limits["account-changed-before-payday.raise_percent"]:
            return NONE
        who: Subject = ("person", person)
        return [signal(Typology.ACCOUNT_CHANGED, weight, who, event, seen)]

    def _drawn(self, event: HistoryEvent, at: int) -> Signals:
        watched = self._watched.get(event.account or "")
        if watched is None:
            return NONE
        limits, (watch, drawn) = self._limits, watched
        if at > watch.paid_at + limits["account-changed-before-payday.drawn_s"]:
            self._watched.drop(event.account or "")
            return NONE
        drawn += event.amount_fen or 0
        self._watched.put(event.account or "", (watch, drawn))
        share = limits["account-changed-before-payday.drawn_share"]
        if drawn * 100 < share * watch.amount_fen:
            return NONE
        self._watched.drop(event.account or "")
        weight = watch.weight + limits["account-changed-before-payday.drawn_weight"]
        if weight < limits["account-changed-before-payday.raise_percent"]:
            return NONE
        who: Subject = ("person", watch.person)
        people = (watch.person,)
        return [signal(Typology.ACCOUNT_CHANGED, weight, who, event, watch.seen, persons=people)]


class _Flow:
    """What came into one account and what went on."""

    __slots__ = ("came", "went")

    def __init__(self) -> None:
        self.came = Window()
        self.went = Window()


class MuleAccounts:
    """Sees transfers, and when accounts were opened."""

    kinds = ("transfer", "account.opened")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._flows: BoundedMap[str, _Flow] = BoundedMap(_Flow)
        self._opened: BoundedMap[str, int] = BoundedMap(int)

    def observe(self, event: HistoryEvent, at: int, now: int) -> Signals:  # noqa: ARG002
        """An account into which many pay and of which all goes on."""
        limits = self._limits
        window_s = limits["mule-account.window_s"]
        if event.kind == "account.opened":
            self._opened.put(event.account or "", at)
            return NONE
        to, amount = event.detail.to_account, event.amount_fen or 0
        if to is not None and not event.detail.cash and to != event.account:
            flow = self._flows.of(to)
            flow.came.add(Mark(at, event.id, amount, event.account or event.id), window_s)
        source = self._flows.get(event.account or "")
        if source is None or not len(source.came):
            return NONE
        source.went.add(Mark(at, event.id, amount, to or "cash"), window_s)
        return self._judge(event, source, at)

    def _judge(self, event: HistoryEvent, flow: _Flow, at: int) -> Signals:
        limits = self._limits
        since = at - limits["mule-account.window_s"]
        came = [each for each in flow.came if each.at >= since]
        payers = {each.word for each in came}
        needed = limits["mule-account.senders"]
        opened = self._opened.get(event.account or "")
        is_young = opened is not None and at - opened <= limits["mule-account.young_days"] * DAY_S
        share = limits[f"mule-account.{'young' if is_young else 'forwarded'}_share"]
        span_s = limits["mule-account.forward_s"]
        if len(payers) < needed:
            needed = limits["mule-account.senders_quick"]
            share = limits["mule-account.quick_share"]
            span_s = limits["mule-account.quick_s"]
        if len(payers) < needed:
            return NONE
        into = sum(each.weight for each in came)
        out = sum(
            each.weight
            for each in flow.went
            if any(0 <= each.at - one.at <= span_s for one in came)
        )
        if into < limits["mule-account.least_fen"] or out * 100 < into * share:
            return NONE
        seen = [each.event for each in sorted([*came, *flow.went], key=lambda each: each.at)]
        percent = limits["mule-account.raise_percent"] + 2 * min(len(payers), 8)
        who: Subject = ("account", event.account or "")
        return [signal(Typology.MULE_ACCOUNT, percent, who, event, seen)]
