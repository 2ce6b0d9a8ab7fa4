"""Gives every card in use a loaded account, as a province moves in from an older system.

Rules: the banks take turns by the serial of the card; a card that has a contract keeps it. What is
loaded is what a holder's choice and the bank's loading leave (`service`), without their history;
the audit has one record for the load.
"""

from __future__ import annotations

from typing import ClassVar

from card_platform.regions import RegionPolicy
from card_platform.regions.bank_policy import BankService
from card_platform.storage import Event, Statement, Transaction
from card_platform.vocabulary.moment import Clock, moment_of

BY = "population"
_ADD = Statement(
    "INSERT INTO bank_contracts (contract_id, card_id, bank, agreement, state, account, opened_at,"
    " opened_by, loaded_at) SELECT 'bank-contract-' || SUBSTR(cards.card_id, 6), cards.card_id,"
    " CAST(:bank AS VARCHAR), CAST(:agreement AS VARCHAR), 'loaded', '0016',"
    " CAST(:at AS VARCHAR), 'population', CAST(:at AS VARCHAR) FROM cards"
    " WHERE cards.state = 'active'"
    " AND cards.card_serial - (cards.card_serial / :banks) * :banks = :place"
    " ON CONFLICT (card_id) WHERE state <> 'ended' DO NOTHING"
)
"""Cards with a contract are left out by its index: a planner who was told that nobody has one yet
would look through a million for each card.
"""
_OPEN = Statement(
    "UPDATE card_functions SET financial = 'open' WHERE financial = 'closed' AND card_id IN"
    " (SELECT card_id FROM bank_contracts WHERE opened_by = 'population' AND state = 'loaded')"
)


class AccountsLoaded(Event, frozen=True, kw_only=True):
    """Cards in use were given accounts."""

    action: ClassVar[str] = "load-accounts"
    card_id: None = None
    accounts: int

    @property
    def detail(self) -> str:
        """How many."""
        return f"{self.accounts} accounts"


def load_accounts(tx: Transaction, policy: RegionPolicy, clock: Clock) -> int:
    """Give accounts at the banks whose agreement of today names payouts; how many."""
    now = clock.now()
    at, today = moment_of(now), now.date()
    banks = [bank for bank in policy.banks if bank.serves(BankService.PAYOUT, today)]
    loaded = 0
    for place, bank in enumerate(banks):
        agreement = bank.agreement_on(today)
        document = agreement.document if agreement else "-"
        values = {"bank": bank.code, "agreement": document, "at": at}
        loaded += tx.run(_ADD, {**values, "banks": len(banks), "place": place})
    tx.run(_OPEN, {})
    tx.emit(AccountsLoaded(at=at, by=BY, accounts=loaded))
    return loaded
