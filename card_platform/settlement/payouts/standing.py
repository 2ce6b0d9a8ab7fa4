"""Why a payee is paid, and at which bank, or is not: pure, but for the facts it is given.

Rules (NM-23d, YD-14b, SC-l):
- Dead, cancelled or frozen, or no longer certified as entitled: stopped, with that reason.
- A card that was reported lost does not stop a payment: the account at the bank goes on.
- An account that was changed just before is not paid to until a person has looked; what a person
  released so is not stopped for it again.
- The account is that of the card's contract with a bank which the bank has loaded. Another account
  is paid to only where the programme allows it and somebody else approved the stated exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from card_platform.issuance.lifecycle import FROZEN_STATES
from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.settlement.account_changes import CHANGED_LATELY, Screening
from card_platform.settlement.banks.model import ContractState
from card_platform.settlement.payouts import file_store, line_store
from card_platform.settlement.payouts.intake import DEATHS
from card_platform.settlement.payouts.line_store import Standing
from card_platform.settlement.payouts.model import Batch
from card_platform.storage import Transaction

OTHER: Final = "other"
"""The account reference of a credit to another account than the card's."""
_FROZEN = frozenset(each.value for each in FROZEN_STATES)


class StopReason(StrEnum):
    """Why a line is not paid when its turn comes."""

    DEAD = "holder-dead"
    CANCELLED = "card-cancelled"
    FROZEN = "card-frozen"
    NOT_CERTIFIED = "certification-missing"
    LAPSED = "certification-lapsed"
    NO_ACCOUNT = "account-not-loaded"
    BANK_WITHOUT_AGREEMENT = "bank-without-agreement"
    NOT_APPROVED = "exception-not-approved"
    ACCOUNT_CHANGED = CHANGED_LATELY


CERTIFICATION_REASONS: Final = (StopReason.NOT_CERTIFIED, StopReason.LAPSED)


class Stopped(NamedTuple):
    """Not paid."""

    reason: StopReason


class Payable(NamedTuple):
    """Paid at this bank, to the account the reference names."""

    bank: str
    account_ref: str


class Facts(NamedTuple):
    """What a judgement asks besides the line itself.

    Attributes:
        valid_until: until when people are certified; None where the programme does not ask.
        others: by line, the bank of another account and whether it was approved.
        changed: people whose account was changed too shortly before.
        released: lines a person released although it was.
    """

    today: str
    ends: dict[str, str]
    valid_until: dict[str, str] | None
    others: dict[int, tuple[str, bool]]
    paying_banks: frozenset[str]
    changed: frozenset[str]
    released: frozenset[int]


def gather_facts(
    tx: Transaction,
    policy: RegionPolicy,
    batch: Batch,
    lines: Sequence[Standing],
    *,
    screening: Screening,
    now: datetime,
) -> Facts:
    """What is known of the payees of these lines at that moment."""
    day = now.date()
    programme = policy.payouts.programme(batch.programme)
    certified = programme is not None and programme.certified
    persons = [each.person_id for each in lines]
    return Facts(
        today=day.isoformat(),
        ends=line_store.ends_of_cards(
            tx, [each.person_id for each in lines if each.card_state is None]
        ),
        valid_until=line_store.valid_until(tx, persons) if certified else None,
        others=line_store.other_accounts(tx, batch.batch, lines[0].line, lines[-1].line),
        paying_banks=frozenset(
            bank.code for bank in policy.banks if bank.serves(BankService.PAYOUT, day)
        ),
        changed=screening.lately_changed(tx, persons, now),
        released=file_store.released_although(tx, batch.batch, StopReason.ACCOUNT_CHANGED.value),
    )


def judge(line: Standing, facts: Facts) -> Payable | Stopped:
    """Where a line is paid, or why it is not."""
    stop = _stop_of_payee(line, facts)
    if stop is not None:
        return Stopped(stop)
    other = facts.others.get(line.line)
    if other is not None:
        bank, is_approved = other
        if not is_approved:
            return Stopped(StopReason.NOT_APPROVED)
        account_ref = OTHER
    elif line.contract_state == ContractState.LOADED.value:
        bank, account_ref = line.bank or "", line.contract_id or ""
    else:
        return Stopped(StopReason.NO_ACCOUNT)
    if bank not in facts.paying_banks:
        return Stopped(StopReason.BANK_WITHOUT_AGREEMENT)
    if line.person_id in facts.changed and line.line not in facts.released:
        return Stopped(StopReason.ACCOUNT_CHANGED)
    return Payable(bank, account_ref)


def _stop_of_payee(line: Standing, facts: Facts) -> StopReason | None:
    if line.card_state is None:
        dead = facts.ends.get(line.person_id) in DEATHS
        return StopReason.DEAD if dead else StopReason.CANCELLED
    if line.card_state in _FROZEN:
        return StopReason.FROZEN
    if facts.valid_until is not None:
        until = facts.valid_until.get(line.person_id)
        if until is None:
            return StopReason.NOT_CERTIFIED
        if until < facts.today:
            return StopReason.LAPSED
    return None
