"""Transfers: each way to fail by its name, once for each client id, the last fen given once."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.settlement.ledger import Ledger, check_books
from card_platform.settlement.ledger.accounts import AccountName, kind_of
from card_platform.settlement.ledger.model import Entry, Posting, Transfer
from card_platform.settlement.ledger.refusals import AccountNameIsWrong
from card_platform.storage import Transaction
from card_platform.vocabulary.moment import RealClock
from card_platform.vocabulary.money import Fen
from tests.card_platform.city import City

RACERS = 20
ROUNDS = count(1)
ACCOUNTS = ("fund:test", "personal:a", "personal:b", "operator:c")
FLOORED = frozenset({"personal:a", "personal:b"})


def transfer(city: City, debit: str, credit: str, amount_fen: int, **more: Any) -> Any:
    body = {"client_id": f"t-{debit}-{credit}-{amount_fen}", "purpose": "测试", **more}
    body |= {"debit": debit, "credit": credit, "amount_fen": amount_fen}
    return city.post("/v1/ledger/transfers", body, "operator")


def opened(city: City, *names: str) -> None:
    for name in names:
        answer = city.post("/v1/ledger/accounts", {"name": name}, "operator")
        assert answer.status_code == 201, answer.text


def change(city: City, name: str, action: str) -> Any:
    body = {"name": name, "action": action, "reason": "测试"}
    return city.post("/v1/ledger/account-changes", body, "supervisor")


def open_now(installation: Installation, ledger: Ledger, name: AccountName) -> None:
    installation.database.write_now(partial(ledger.open_account, account=name, by="test"))


def code(answer: Any) -> str:
    return str(answer.json().get("code", answer.status_code))


def balance(city: City, name: str) -> int:
    told = city.post("/v1/ledger/account-queries", {"name": name}, "operator")
    return int(told.json()["balance_fen"])


def test_each_way_to_fail_has_its_name_and_moves_nothing(city: City) -> None:
    opened(city, *ACCOUNTS)
    assert transfer(city, "fund:test", "personal:a", 100).status_code == 201
    tomorrow = {"day": "2099-01-01"}
    assert code(transfer(city, "fund:test", "personal:a", 0)) == "amount-not-positive"
    assert code(transfer(city, "fund:test", "personal:a", -5)) == "amount-not-positive"
    assert code(transfer(city, "fund:test", "personal:a", 10**15)) == "amount-over-limit"
    assert code(transfer(city, "personal:a", "personal:a", 1)) == "accounts-are-the-same"
    assert code(transfer(city, "personal:nobody", "personal:a", 1)) == "account-unknown"
    assert code(transfer(city, "personal:a", "strange:x", 1)) == "account-unknown"
    assert code(transfer(city, "purse:1", "personal:a", 1)) == "account-moves-by-card"
    assert code(transfer(city, "personal:a", "cash:1", 1)) == "account-moves-by-card"
    assert code(transfer(city, "personal:a", "personal:b", 101)) == "insufficient-balance"
    assert code(transfer(city, "personal:a", "personal:b", 1, **tomorrow)) == "transfer-day-ahead"
    used = {"client_id": "t-fund:test-personal:a-100"}
    assert code(transfer(city, "personal:a", "personal:b", 1, **used)) == "transfer-id-reused"
    assert change(city, "personal:a", "freeze").json()["state"] == "frozen"
    assert code(transfer(city, "personal:a", "personal:b", 1)) == "account-frozen"
    assert code(transfer(city, "personal:b", "personal:a", 1)) == "account-frozen"
    assert code(change(city, "personal:a", "close")) == "account-state-forbids"
    assert change(city, "personal:a", "lift").json()["state"] == "open"
    assert code(change(city, "personal:a", "close")) == "account-holds-money"
    assert change(city, "personal:b", "close").json()["state"] == "closed"
    assert code(transfer(city, "personal:a", "personal:b", 1)) == "account-closed"
    assert balance(city, "personal:a") == 100
    assert city.get("/v1/ledger/check").json()["postings"] == 1


def test_the_same_transfer_again_is_the_same(city: City) -> None:
    opened(city, "fund:test", "personal:a")
    first = transfer(city, "fund:test", "personal:a", 70)
    change(city, "personal:a", "freeze")
    assert transfer(city, "fund:test", "personal:a", 70).json() == first.json()
    assert balance(city, "personal:a") == 70


def test_accounts_are_opened_once_and_their_kind_follows_from_the_name(city: City) -> None:
    opened(city, "fund:test")
    again = city.post("/v1/ledger/accounts", {"name": "fund:test"}, "operator")
    assert code(again) == "account-already-open"
    for name in ("purse:1", "clearing:x", "strange:x"):
        answer = city.post("/v1/ledger/accounts", {"name": name}, "operator")
        assert code(answer) == "account-name-wrong"
    told = city.get("/v1/ledger/accounts").json()["accounts"]
    assert told == [{"name": "fund:test", "kind": "fund", "state": "open", "balance_fen": 0}]
    missing = city.post("/v1/ledger/account-queries", {"name": "fund:none"}, "auditor")
    assert code(missing) == "account-unknown"
    with pytest.raises(AccountNameIsWrong):
        kind_of("nothing")


def test_of_twenty_that_race_for_the_last_fen_one_wins(installation: Installation) -> None:
    ledger, database = Ledger(RealClock()), installation.database
    a, b = AccountName("personal:a"), AccountName("personal:b")
    fund = AccountName("fund:test")
    entries = (Entry(fund, Fen(-1)), Entry(a, Fen(1)))
    database.write_now(lambda tx: ledger.post(tx, Posting("first", "test", entries)))
    for name in (b, fund):
        open_now(installation, ledger, name)

    def racer(number: int) -> Any:
        asked = Transfer(f"r{number}", a, (b, fund)[number % 2], Fen(1), "race")
        return lambda tx: ledger.transfer(tx, asked, "test")

    async def race() -> list[Any]:
        writes = [database.write(racer(number)) for number in range(RACERS)]
        return await asyncio.gather(*writes, return_exceptions=True)

    results = asyncio.run(race())
    failed = [each for each in results if isinstance(each, BaseException)]
    assert {each.code for each in failed if isinstance(each, Refusal)} == {"insufficient-balance"}
    assert len(failed) == RACERS - 1
    assert database.read_now(lambda tx: ledger.balance(tx, a)) == 0
    assert check_books(database.url).balanced


def test_transfers_both_ways_at_once_do_not_wait_for_each_other(
    installation: Installation,
) -> None:
    ledger, database = Ledger(RealClock()), installation.database
    names = [AccountName(f"region:{letter}") for letter in "abc"]
    for name in names:
        open_now(installation, ledger, name)

    def mover(number: int) -> Any:
        debit, credit = names[number % 3], names[(number + 1 + number % 2) % 3]
        asked = Transfer(f"m{number}", debit, credit, Fen(number + 1), "test")
        return lambda tx: ledger.transfer(tx, asked, "test")

    async def move() -> list[Any]:
        return await asyncio.gather(*(database.write(mover(number)) for number in range(60)))

    assert len(asyncio.run(move())) == 60
    assert check_books(database.url).postings == 60


class Auditor:
    """Rebuilds the books from what was asked and what was answered; it never looks inside."""

    def __init__(self) -> None:
        self.balances = dict.fromkeys(ACCOUNTS, 0)
        self.done: dict[str, tuple[str, str, int]] = {}

    def expect(self, client_id: str, debit: str, credit: str, amount_fen: int) -> str:
        """What the answer must be: "done", or the code of a refusal."""
        if amount_fen <= 0:
            return "amount-not-positive"
        if debit == credit:
            return "accounts-are-the-same"
        if client_id in self.done:
            is_same = self.done[client_id] == (debit, credit, amount_fen)
            return "done" if is_same else "transfer-id-reused"
        if debit in FLOORED and self.balances[debit] < amount_fen:
            return "insufficient-balance"
        self.done[client_id] = (debit, credit, amount_fen)
        self.balances[debit] -= amount_fen
        self.balances[credit] += amount_fen
        return "done"


MOVES = st.tuples(
    st.integers(0, 30).map(lambda number: f"move-{number}"),
    st.sampled_from(ACCOUNTS),
    st.sampled_from(ACCOUNTS),
    st.integers(-1, 40),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(MOVES, max_size=40))
def test_an_auditor_rebuilds_the_books_from_requests_and_answers(
    installation: Installation, moves: list[tuple[str, str, str, int]]
) -> None:
    number = next(ROUNDS)  # each example has accounts of its own in the one book
    ledger, database, auditor = Ledger(RealClock()), installation.database, Auditor()
    inside = {name: AccountName(f"{name}-{number}") for name in ACCOUNTS}
    for name in inside.values():
        open_now(installation, ledger, name)
    for client_id, debit, credit, amount_fen in moves:
        asked = Transfer(
            f"{client_id}-{number}", inside[debit], inside[credit], Fen(amount_fen), "t"
        )

        def work(tx: Transaction, asked: Transfer = asked) -> str:
            ledger.transfer(tx, asked, "test")
            return "done"

        try:
            answered = database.write_now(work)
        except Refusal as refused:
            answered = refused.code
        assert answered == auditor.expect(client_id, debit, credit, amount_fen)
    told = {
        name: database.read_now(partial(ledger.balance, account=account))
        for name, account in inside.items()
    }
    assert told == auditor.balances
    assert sum(told.values()) == 0
    assert all(told[name] >= 0 for name in FLOORED)
    assert check_books(database.url).balanced
