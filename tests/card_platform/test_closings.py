"""Closing a month: balances go on from it, nothing is dated into it, and the check sees through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.installation import Installation
from card_platform.settlement.ledger import Periods, check_books
from card_platform.settlement.ledger.periods import read_period
from tests.card_platform.city import City
from tests.card_platform.test_transfers import balance, code, opened, transfer
from tests.testbed.onecard import call_here


def month_on(city: City) -> str:
    """Move the clock into the third day of the next month; the month that ended."""
    now = datetime.fromisoformat(city.get("/v1/clock").json()["now"])
    then = (now.replace(day=1) + timedelta(days=32)).replace(day=3)
    advance = {"advance_s": int((then - now).total_seconds())}
    assert city.post("/v1/clock", advance, "trainer").status_code == 200
    return f"{now:%Y-%m}"


def close(city: City, period: str) -> Any:
    return city.post("/v1/ledger/closings", {"period": period}, "supervisor")


def test_a_balance_goes_on_from_the_last_closing(city: City, installation: Installation) -> None:
    opened(city, "fund:test", "personal:a", "personal:b")
    transfer(city, "fund:test", "personal:a", 100)
    first = month_on(city)
    transfer(city, "personal:a", "personal:b", 30)
    closed = close(city, first)
    assert closed.status_code == 201, closed.text
    assert (closed.json()["accounts"], closed.json()["entries"]) == (2, 2)
    assert balance(city, "personal:a") == 70
    second = month_on(city)
    third = month_on(city)
    assert code(close(city, third)) == "period-not-next"
    assert close(city, second).status_code == 201
    assert close(city, third).json()["accounts"] == 0
    transfer(city, "personal:b", "personal:a", 5)
    assert balance(city, "personal:a") == 75
    assert balance(city, "fund:test") == -100
    told = city.get("/v1/ledger/closings", "auditor").json()["closings"]
    assert [each["period"] for each in told] == [third, second, first]
    at = f"/v1/ledger/closings/{second}/balances"
    assert city.get(at, "supervisor").json()["balances"] == [
        {"account": "personal:a", "balance_fen": 70},
        {"account": "personal:b", "balance_fen": 30},
    ]
    for unknown in ("1999-01", "now"):
        answer = city.get(f"/v1/ledger/closings/{unknown}/balances", "supervisor")
        assert code(answer) == "period-unknown"
    found = check_books(installation.database.url)
    assert (found.balanced, found.closings, found.first_fault) == (True, 3, None)


def test_a_month_is_closed_when_it_has_ended_and_once(city: City) -> None:
    now = city.get("/v1/clock").json()["now"]
    assert code(close(city, now[:7])) == "period-not-ended"
    ended = month_on(city)
    assert close(city, ended).status_code == 201
    assert code(close(city, ended)) == "period-closed"
    assert code(close(city, "2020-01")) == "period-closed"
    by_operator = city.post("/v1/ledger/closings", {"period": ended}, "operator")
    assert by_operator.status_code == 403


def test_what_is_dated_into_a_closed_month_is_refused(city: City) -> None:
    opened(city, "fund:test", "personal:a")
    today = city.get("/v1/clock").json()["now"][:10]
    ended = month_on(city)
    assert transfer(city, "fund:test", "personal:a", 10, day=today).status_code == 201
    assert close(city, ended).json()["entries"] == 2
    assert code(transfer(city, "fund:test", "personal:a", 11, day=today)) == "period-closed"
    assert transfer(city, "fund:test", "personal:a", 12).status_code == 201
    assert balance(city, "personal:a") == 22
    assert city.get("/v1/ledger/check").json()["balanced"]


def test_a_closing_that_was_cut_off_anywhere_goes_on_and_balances_are_right_meanwhile(
    city: City, installation: Installation
) -> None:
    names = ("fund:test", "personal:a", "personal:b", "personal:c")
    opened(city, *names)
    transfer(city, "fund:test", "personal:a", 100)
    first = month_on(city)
    assert close(city, first).status_code == 201
    today = city.get("/v1/clock").json()["now"][:10]
    transfer(city, "fund:test", "personal:b", 20)
    transfer(city, "personal:a", "personal:b", 30)
    ended = month_on(city)
    transfer(city, "personal:b", "personal:c", 5)
    expected = {"fund:test": -120, "personal:a": 70, "personal:b": 45, "personal:c": 5}

    database, period = installation.database, read_period(ended)
    for moved in range(6, 16):  # each time another process, which is killed after one piece
        periods = Periods(installation.clock, piece=1)
        database.write_now(partial(periods.begin, period=period, by="killed"))
        piece = database.read_now(partial(periods.next_piece, period=period))
        if piece is None:
            break
        assert len(piece.counted) <= 1
        added = [database.write_now(partial(periods.add_piece, piece=piece)) for _ in range(2)]
        assert added == [True, False], "of two that counted the same, one is dropped"
        transfer(city, "personal:b", "personal:c", moved)  # requests get their turn
        expected["personal:b"] -= moved
        expected["personal:c"] += moved
        assert {name: balance(city, name) for name in names} == expected
        refused = transfer(city, "fund:test", "personal:a", moved, day=today)
        assert code(refused) == "period-closed", "nothing is dated into it any more"
        found = check_books(installation.database.url)
        assert (found.balanced, found.closings) == (True, 1)
        told = city.get("/v1/ledger/closings", "auditor").json()["closings"]
        assert [each["period"] for each in told] == [first]
        unknown = city.get(f"/v1/ledger/closings/{ended}/balances", "auditor")
        assert code(unknown) == "period-unknown"
    else:
        pytest.fail("it was never counted to its end")

    closed = close(city, ended).json()
    assert (closed["accounts"], closed["entries"], closed["by"]) == (3, 4, "supervisor")
    assert code(close(city, ended)) == "period-closed"
    assert {name: balance(city, name) for name in names} == expected
    at = f"/v1/ledger/closings/{ended}/balances"
    told = city.get(at, "auditor").json()["balances"]
    assert {each["account"]: each["balance_fen"] for each in told} == {
        "fund:test": -120,
        "personal:a": 70,
        "personal:b": 50,
    }
    found = check_books(installation.database.url)
    assert (found.balanced, found.closings, found.first_fault) == (True, 2, None)


def test_of_supervisors_who_close_at_once_one_closes_and_the_same_request_is_answered_again(
    city: City, installation: Installation
) -> None:
    opened(city, "fund:test", *(f"personal:{number}" for number in range(30)))
    for number in range(30):
        transfer(city, "fund:test", f"personal:{number}", 10)
    ended = month_on(city)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: close(city, ended), range(4)))
    done = [each.json() for each in answers if each.status_code == 201]
    assert [(each["accounts"], each["entries"]) for each in done] == [(31, 60)]
    assert {code(each) for each in answers if each.status_code != 201} == {"period-closed"}
    headers = {"Authorization": f"Bearer {city.tokens['supervisor']}", "Idempotency-Key": "k-1"}
    following = month_on(city)
    told = [
        city.client.post("/v1/ledger/closings", json={"period": each}, headers=headers)
        for each in (following, following, ended)
    ]
    assert told[0].json() == told[1].json()
    assert (told[0].status_code, code(told[2])) == (201, "client-id-reused")
    assert check_books(installation.database.url).balanced


def test_a_month_that_does_not_balance_is_not_closed_and_leaves_nothing(
    city: City, installation: Installation
) -> None:
    opened(city, "fund:test", "personal:a")
    transfer(city, "fund:test", "personal:a", 100)
    today = city.get("/v1/clock").json()["now"][:10]
    ended = month_on(city)
    spoil = "UPDATE entries SET amount_fen = {} WHERE account = 'personal:a'"
    installation.database.write_now(lambda tx: tx.execute(text(spoil.format(99))))
    assert code(close(city, ended)) == "books-do-not-balance"
    left = (
        "SELECT (SELECT COUNT(*) FROM ledger_closings)"
        " + (SELECT COUNT(*) FROM ledger_closing_balances)"
    )
    assert installation.database.read_now(lambda tx: tx.execute(text(left)).scalar()) == 0
    installation.database.write_now(lambda tx: tx.execute(text(spoil.format(100))))
    assert transfer(city, "fund:test", "personal:a", 1, day=today).status_code == 201
    assert close(city, ended).status_code == 201
    assert balance(city, "personal:a") == 101


@pytest.mark.faulty_books("a closing or an entry is changed for the check to find")
@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        (
            "UPDATE ledger_closing_balances SET balance_fen = 99 WHERE account = 'personal:a'",
            "personal:a: closed at 99 fen, entries say 100",
        ),
        (
            "DELETE FROM ledger_closing_balances WHERE account = 'fund:test'",
            "fund:test: closed at None fen, entries say -100",
        ),
        ("UPDATE entries SET period = 209901", "is of the month 209901"),
        (
            "UPDATE entries SET amount_fen = 2 * amount_fen",
            "fund:test: closed at -100 fen, entries say -200",
        ),
    ],
)
def test_the_check_names_a_closing_that_its_entries_contradict(
    city: City, installation: Installation, tampering: str, fault: str
) -> None:
    opened(city, "fund:test", "personal:a")
    transfer(city, "fund:test", "personal:a", 100)
    assert close(city, month_on(city)).status_code == 201
    installation.database.write_now(lambda tx: tx.execute(text(tampering)))
    found = check_books(installation.database.url)
    assert not found.balanced
    assert fault in (found.first_fault or "")


@pytest.mark.faulty_books("an entry is changed for the check to find")
def test_the_command_checks_the_books(
    city: City, installation: Installation, tmp_path: Path
) -> None:
    opened(city, "fund:test", "personal:a")
    transfer(city, "fund:test", "personal:a", 100)
    where = ("--data", str(tmp_path), "--database", installation.database.url)
    assert "sum 0 fen" in call_here("books", *where, cwd=tmp_path).stdout
    tampering = text("UPDATE entries SET amount_fen = 99 WHERE account = 'personal:a'")
    installation.database.write_now(lambda tx: tx.execute(tampering))
    told = call_here("books", *where, cwd=tmp_path)
    assert told.returncode == 1
    assert "2 entries that sum to -1 fen" in told.stdout
    empty = call_here("books", "--data", str(tmp_path), cwd=tmp_path)
    assert (empty.returncode, empty.stdout) == (2, "")
