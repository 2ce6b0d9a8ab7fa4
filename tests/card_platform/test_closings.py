"""Closing a month: balances go on from it, nothing is dated into it, and the check sees through."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.installation import Installation
from card_platform.settlement.ledger import check_books
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
