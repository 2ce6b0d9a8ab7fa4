"""Screening in the transaction of a payout: nothing goes to an account that was changed just now.

Rules:
- A change a bank or department tells of (`account.changed`), and another contract with a bank by
  the platform's own counter, are kept by person, in the transaction that learns of them.
- How many days before a payout count is a number of the rules, by channel: online, where nobody saw
  a face, longer than at a counter. 0 holds nothing.
- A first account is no change.
- A line that is held waits for a supervisor, as the other stops do; detection goes on beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from card_platform.oversight.risk.history import HistoryEvent
from card_platform.oversight.risk.payday import store
from card_platform.oversight.risk.stream.holders import holders_of
from card_platform.oversight.risk.stream.watch import rules_in_force
from card_platform.settlement.banks.model import BankContractChanged, ContractAction
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.moment import moment_of

COUNTER: Final = "counter"
ONLINE: Final = "online"
_NUMBER: Final = "account-changed-before-payday.hold_{}_days"


def keep_account_changes(tx: Transaction, event: Event) -> None:
    """Event handler: another account than before was loaded for a card."""
    if not isinstance(event, BankContractChanged) or event.step != ContractAction.LOAD.value:
        return
    holder = store.holder_with_another_account(tx, event.card_id or "", event.contract_id)
    if holder is not None:
        store.note(tx, holder, event.at, COUNTER, event.by)


def keep_told_changes(tx: Transaction, events: Iterable[HistoryEvent], by: str) -> None:
    """Changes that a batch of events tells of, where the card is one of ours."""
    changes = [each for each in events if each.kind == "account.changed" and each.card]
    holders = holders_of(tx, (each.card for each in changes if each.card))
    for each in changes:
        holder = holders.get(each.card or "")
        if holder is not None:
            channel = COUNTER if each.detail.channel == COUNTER else ONLINE
            store.note(tx, holder.person_id, each.at, channel, by)


class PaydayScreening:
    """Asked for each piece of a payout."""

    def lately_changed(
        self, tx: Transaction, persons: Sequence[str], now: datetime
    ) -> frozenset[str]:
        """Those of these people whose account was changed too shortly before now."""
        numbers = rules_in_force(tx).on(now.date())
        since = {
            channel: moment_of(now - timedelta(days=numbers[_NUMBER.format(channel)]))
            for channel in (COUNTER, ONLINE)
        }
        found = store.changed_since(tx, list(persons), min(since.values()))
        return frozenset(person for person, at, channel in found if at >= since[channel])
