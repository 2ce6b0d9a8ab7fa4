"""Every kind of terminal against the platform: what the card paid is what the books hold."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.agreement.conftest import Town
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.terminals import (
    Admitted,
    CardRefusesCommand,
    HospitalDesk,
    Journal,
    Paid,
    PlatformLine,
    PlatformRefuses,
    Purchase,
    Received,
    Settlement,
    Sold,
)

PIN = "123456"


def account_fen(town: Town, name: str) -> int:
    accounts = town.desk.get("operator", "/v1/ledger/accounts")["accounts"]
    return sum(int(each["balance_fen"]) for each in accounts if each["name"] == name)


def test_a_day_of_buses_meals_and_a_missing_exit_agrees_to_the_fen(town: Town) -> None:
    _, card_id, card = town.issue()
    town.reader.insert(card.card)
    counter, desk, till = town.counter(), town.station_desk(), town.till()
    first, second = town.bus("B104"), town.bus("B181")
    gate = town.gate("0201")
    differences_fen = account_fen(town, "fare-differences")
    counter.load(5_000)
    told = [first.board(), second.board()]
    assert isinstance(gate.enter(), Admitted)
    told.append(desk.end_ride())
    spent_fen = 0
    for each in told:
        assert isinstance(each, Admitted), each
        assert each.receipt is not None
        spent_fen += each.tap.amount_fen
    assert [each.tap.amount_fen for each in told if isinstance(each, Admitted)] == [200, 100, 600]
    meal = till.sell("1", 1_250)
    assert isinstance(meal, Sold)
    assert meal.receipt is not None
    on_card_fen = counter.read_purse().balance_fen
    assert on_card_fen == 5_000 - spent_fen - 1_250
    view = town.desk.transit(card_id)
    assert view["balance_fen"] == on_card_fen
    assert [each["amount_fen"] for each in view["purchases"]] == [1_250]
    assert account_fen(town, "fare-differences") == differences_fen
    assert town.desk.check_books()["sum_fen"] == 0


def test_money_of_the_fund_is_loaded_and_paid_to_the_hospital(town: Town) -> None:
    _, card_id, card = town.issue()
    town.reader.insert(card.card)
    counter, hospital = town.counter(), town.hospital()
    town.desk.grant_medical_credit(card_id, 1, 10_000)
    loaded = counter.load_medical(Account.CURRENT_YEAR, 6_000, PIN)
    assert (loaded.balance_after_fen, loaded.recovered) == (6_000, False)
    with pytest.raises(PlatformRefuses, match="insufficient-medical-credit"):
        counter.load_medical(Account.CURRENT_YEAR, 4_001, PIN)
    patient = hospital.register()
    assert isinstance(patient, Received)
    assert patient.check_id is not None
    settled = hospital.settle(patient.holder, "B1", 2_345, PIN)
    assert isinstance(settled, Settlement)
    (payment,) = settled.payments
    assert isinstance(payment, Paid)
    assert payment.receipt is not None
    view = town.desk.medical(card_id)
    assert view["credit_fen"] == {"1": 4_000, "2": 0}
    assert view["balance_fen"] == {"1": 3_655, "2": 0}
    assert hospital.balance_fen(patient.holder) == 3_655
    assert town.desk.check_books()["sum_fen"] == 0


def test_a_desk_without_the_keys_of_medical_payments_takes_none(town: Town) -> None:
    _, card_id, card = town.issue()
    town.reader.insert(card.card)
    town.desk.grant_medical_credit(card_id, 1, 1_000)
    town.counter().load_medical(Account.CURRENT_YEAR, 1_000, PIN)
    hospital = town.hospital()
    line, module, _ = town.enrol("library_desk", None)
    library = HospitalDesk(town.reader, module, hospital.parameters, line, clock=hospital.clock)
    patient = library.register()
    assert isinstance(patient, Received)
    with pytest.raises(CardRefusesCommand, match="6A88"):
        library.pay(patient.holder, "B1", Account.CURRENT_YEAR, 100, PIN)
    assert hospital.balance_fen(patient.holder) == 1_000


def test_what_a_till_sold_alone_comes_by_its_signed_journal(town: Town, tmp_path: Path) -> None:
    """Offline, killed, and one answer lost on the way: each sale is booked once."""
    _, card_id, card = town.issue()
    town.reader.insert(card.card)
    counter = town.counter()
    counter.load(10_000)
    journal = Journal(path=tmp_path / "journal")
    till = town.till(journal)
    line = town.lines[-1]
    sold = till.sell("1", 100)
    assert isinstance(sold, Sold)
    assert sold.receipt is not None
    with PlatformLine("http://127.0.0.1:9", "token") as dead:
        journal.use_line(dead)
        for bill in range(2, 6):
            assert isinstance(till.sell(str(bill), 100), Sold)
    assert len(journal.waiting) == 4
    journal.close()
    again = Journal(line, tmp_path / "journal")
    again.belong_to(till.module.terminal_number)
    # The first of them had reached the direct route, and its answer was lost.
    first = again.waiting[0].entry
    line.post(Purchase.path, first.body.encode(), first.key)
    again.send_unsent()
    assert again.waiting == []
    assert again.refused == []
    view = town.desk.transit(card_id)
    assert [each["amount_fen"] for each in view["purchases"]] == [100] * 5
    assert view["balance_fen"] == counter.read_purse().balance_fen == 9_500


def test_a_journal_somebody_changed_is_not_taken(town: Town, tmp_path: Path) -> None:
    _, card_id, card = town.issue()
    town.reader.insert(card.card)
    town.counter().load(10_000)
    journal = Journal(path=tmp_path / "journal")
    till = town.till(journal)
    line = town.lines[-1]
    journal.use_line(None)
    for bill in range(3):
        till.sell(str(bill), 100)
    journal.close()
    with sqlite3.connect(tmp_path / "journal") as database:
        database.execute("DELETE FROM waiting WHERE number = 2")
    again = Journal(line, tmp_path / "journal")
    again.belong_to(till.module.terminal_number)
    with pytest.raises(PlatformRefuses, match="journal-has-gap"):
        again.send_unsent()
    assert len(again.waiting) == 2
    assert town.desk.transit(card_id)["purchases"] == []
