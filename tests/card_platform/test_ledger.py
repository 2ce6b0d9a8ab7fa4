"""The ledger: balanced or refused, once for each client id, and the check of the whole book."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.settings import Settings
from card_platform.settlement.ledger import Ledger, check_books
from card_platform.settlement.ledger.accounts import (
    AccountName,
)
from card_platform.settlement.ledger.model import Entry, Posting
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import RealClock
from card_platform.vocabulary.money import Fen
from tests.books import require_all_whole, require_whole_database


def _posting(client_id: str, *amounts: int) -> Posting:
    entries = tuple(
        Entry(AccountName(f"purse:{index}"), Fen(amount)) for index, amount in enumerate(amounts)
    )
    return Posting(client_id, "test", entries)


@pytest.mark.parametrize("amounts", [(), (0,), (1, 2), (5, -4)])
def test_a_posting_that_does_not_balance_is_refused(
    installation: Installation, amounts: tuple[int, ...]
) -> None:
    ledger = Ledger(RealClock())
    with pytest.raises(Refusal) as refused:
        installation.database.write_now(lambda tx: ledger.post(tx, _posting("a", *amounts)))
    assert refused.value.code == "posting-does-not-balance"


def test_one_client_id_posts_once(installation: Installation) -> None:
    ledger, database = Ledger(RealClock()), installation.database
    first = database.write_now(lambda tx: ledger.post(tx, _posting("a", 5, -5)))
    assert database.write_now(lambda tx: ledger.post(tx, _posting("a", 5, -5))) == first
    with pytest.raises(Refusal) as refused:
        database.write_now(lambda tx: ledger.post(tx, _posting("a", 6, -6)))
    assert refused.value.code == "posting-id-reused"
    assert check_books(database.url).postings == 1


def test_large_amounts_keep_every_fen(installation: Installation) -> None:
    ledger, database = Ledger(RealClock()), installation.database
    huge = 2**53 + 1
    database.write_now(lambda tx: ledger.post(tx, _posting("a", huge, -huge)))
    assert database.read_now(lambda tx: ledger.balance(tx, AccountName("purse:0"))) == huge


@pytest.mark.faulty_books("an entry is changed for the check to find")
def test_the_check_names_the_first_fault(installation: Installation, settings: Settings) -> None:
    ledger, database = Ledger(RealClock()), installation.database
    posting_id = database.write_now(lambda tx: ledger.post(tx, _posting("a", 5, -5)))
    assert check_books(database.url).balanced

    def tamper(tx: Transaction) -> None:
        tx.execute(text("UPDATE entries SET amount_fen = 7 WHERE amount_fen = 5"))

    database.write_now(tamper)
    found = check_books(database.url)
    assert not found.balanced
    assert found.sum_fen == 2
    assert found.first_fault == f"{posting_id}: 2 entries that sum to 2 fen"
    with pytest.raises(AssertionError, match="2 entries that sum to 2 fen"):
        require_whole_database(database.url)
    if settings.database_url is None:
        with pytest.raises(AssertionError, match="2 entries that sum to 2 fen"):
            require_all_whole(settings.data.parent)
