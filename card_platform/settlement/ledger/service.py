"""Posting to the ledger: balanced, once for each client id."""

from __future__ import annotations

from card_platform.errors import Refusal
from card_platform.settlement.ledger import store
from card_platform.settlement.ledger.model import AccountName, Posting, require_balanced
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.vocabulary.money import Fen


class PostingIdIsReused(Refusal):
    """The client id stands for another posting."""

    code = "posting-id-reused"
    status = 409
    title = "Posting id reused"
    zh = "记账编号 {client_id} 已用于另一笔记账。"
    en = "The posting id {client_id} was used for another posting."


class Ledger:
    """The book of the platform."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def post(self, transaction: Transaction, posting: Posting) -> str:
        """Write the posting and give its id; the same posting again gives the same id.

        Raises:
            PostingDoesNotBalance: the entries do not sum to zero.
            PostingIdIsReused: the client id stands for other entries.
        """
        require_balanced(posting)
        posting_id = new_identifier("posting")
        if store.add_posting(transaction, posting_id, posting, moment_of(self._clock.now())):
            return posting_id
        present = store.find_posting(transaction, posting.client_id)
        wanted = [(entry.account, entry.amount_fen) for entry in posting.entries]
        if store.entries_of(transaction, present) != wanted:
            raise PostingIdIsReused(client_id=posting.client_id)
        return present

    def balance(self, transaction: Transaction, account: AccountName) -> Fen:
        """The balance of an account in fen."""
        return Fen(store.balance_of(transaction, account))
