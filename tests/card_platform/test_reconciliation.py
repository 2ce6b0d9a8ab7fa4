"""A bank's file of a day against the platform's own: differences found, worked off, days closed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from card_platform.installation import Installation
from card_platform.settings import Settings
from card_platform.settlement.bank_orders.simulated_bank_store import CREDITS
from card_platform.settlement.beside_the_ledger import differences_left, first_fault_beside
from card_platform.settlement.reconciliation import line_store
from card_platform.settlement.reconciliation.model import Line, Result
from card_platform.storage import Transaction
from card_platform.use_cases import build_use_cases
from tests.card_platform.city import City
from tests.card_platform.payees import brought, csv_file, decide, line_of
from tests.card_platform.test_bank_orders import (
    CLEARING,
    DAY_S,
    OWED,
    PAYER,
    behave,
    order,
    ready_account,
    wait,
)
from tests.card_platform.test_banks import BANK, RURAL, sign_in
from tests.card_platform.test_transfers import code
from tests.testbed.onecard import call_here

STATEMENTS = "/v1/bank-statements"
Known = dict[str, Any]


def today(city: City) -> str:
    return str(city.get("/v1/clock").json()["now"][:10])


def ordered(city: City, card_id: str, amounts: list[int], first: int = 1) -> list[str]:
    """Orders of these amounts, which the bank has settled, refused or taken; their ids."""
    made = []
    for number, fen in enumerate(amounts, start=first):
        made.append(order(city, card_id, number, fen, client_id=f"r-{number}").json()["order_id"])
    wait(city, 1)
    return made


def file_of(city: City, day: str, **faults: int) -> str:
    """The simulated bank's file of a day."""
    path = f"/v1/simulated-banks/{BANK}/statements"
    answer = city.post(path, {"day": day, **faults}, "trainer")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["file"])


def bring(city: City, file: str, caller: str = "operator") -> Any:
    return city.post(STATEMENTS, {"file": file}, caller)


def compared(city: City, day: str, file: str | None = None, **faults: int) -> Known:
    answer = bring(city, file_of(city, day, **faults) if file is None else file)
    assert answer.status_code == 201, answer.text
    told: Known = answer.json()
    return told


def differences(city: City, day: str) -> dict[str, Known]:
    path = f"{STATEMENTS}/{BANK}/{day}/differences?limit=200"
    return {each["reference"]: each for each in city.get(path).json()["differences"]}


def left(city: City) -> list[Known]:
    found: list[Known] = city.get("/v1/bank-differences?limit=200", "auditor").json()["differences"]
    return found


def step(city: City, difference: Known, part: str, caller: str = "operator", **body: str) -> Any:
    path = f"/v1/bank-differences/{difference['difference_id']}/{part}"
    return city.post(path, {"reason": "已与银行核实", **body}, caller)


def close(city: City, day: str) -> Any:
    return city.post(f"{STATEMENTS}/{BANK}/{day}/closing", {}, "supervisor")


def require_whole(city: City, settings: Settings) -> None:
    check = city.get("/v1/ledger/check").json()
    assert check["balanced"], check["first_fault"]
    assert first_fault_beside(settings.sqlalchemy_url) is None


def test_both_files_of_a_day_agree_whatever_the_bank_did(city: City, settings: Settings) -> None:
    card_id, day = ready_account(city), today(city)
    behave(city, refuse_percent=30, return_percent=40, return_after_days=0, lose_percent=30)
    ordered(city, card_id, [100 * number for number in range(1, 13)])
    batch = brought(city, csv_file([line_of(1, "12.34")]))["batch_id"]
    decide(city, batch)
    wait(city, 60)
    assert code(bring(city, file_of(city, day))) == "bank-day-not-ended"
    wait(city, DAY_S)
    own = city.get(f"{STATEMENTS}/{BANK}/{day}/own-file").json()
    states = {each["state"] for each in city.get("/v1/bank-orders?limit=50").json()["orders"]}
    assert states == {"settled", "refused", "returned"}
    assert sorted(own["file"].splitlines()) == sorted(file_of(city, day).splitlines())
    assert own["file"].splitlines()[0] == (
        f"onecard.statement,1,{BANK},{day},{own['lines']},{own['sum_fen']}"
    )
    told = compared(city, day)
    assert (told["state"], told["differences"], told["left"]) == ("compared", 0, 0)
    assert told["matched"] == told["lines"] == told["own_lines"] == own["lines"] > 12
    assert told["sum_fen"] == told["own_sum_fen"]
    assert compared(city, day) == told, "the same file again changes nothing"
    assert code(bring(city, file_of(city, day, extra=1))) == "bank-statement-differs"
    assert close(city, day).json()["state"] == "closed"
    assert code(close(city, day)) == "bank-statement-state-forbids"
    assert [each["day"] for each in city.get(STATEMENTS).json()["statements"]] == [day]
    require_whole(city, settings)


def test_each_kind_of_difference_is_found_and_worked_off(city: City, settings: Settings) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100 * number for number in range(1, 13)])
    wait(city, DAY_S)
    told = compared(city, day, missing=1, extra=1, wrong_amounts=1, wrong_results=1)
    assert (told["lines"], told["matched"], told["differences"], told["left"]) == (12, 9, 4, 4)
    found = {each["kind"]: each for each in differences(city, day).values()}
    assert set(found) == {"we_only", "bank_only", "amount", "state"}
    assert code(close(city, day)) == "bank-day-has-differences"
    assert differences_left(settings.sqlalchemy_url) == 4
    before = city.balances()

    amount = found["amount"]
    assert amount["bank_fen"] == amount["own_fen"] + 1
    assert step(city, amount, "explanation").json()["state"] == "explained"
    assert code(step(city, amount, "booking", account="difference:bank")) == (
        "bank-difference-state-forbids"
    )
    city.post("/v1/ledger/accounts", {"name": "difference:bank"}, "operator")
    moved = 0
    for kind in ("we_only", "bank_only", "state"):
        each = found[kind]
        proposed = step(city, each, "booking", account="difference:bank").json()
        assert proposed["state"] == "proposed"
        assert city.balances()[OWED] == before[OWED] + moved
        rejected = step(city, each, "decision", "supervisor", decision="reject").json()
        assert (rejected["state"], rejected["account"]) == ("open", None)
        step(city, each, "booking", account="difference:bank")
        booked = step(city, each, "decision", "supervisor", decision="approve").json()
        assert booked["state"] == "settled"
        assert booked["transfer_id"] is not None
        moved += each["gap_fen"]
        held = city.balances()
        assert held["difference:bank"] == -moved
        assert held[OWED] == before[OWED] + moved
    one = city.get(f"/v1/bank-differences/{found['state']['difference_id']}", "auditor").json()
    assert [(each["action"], each["after"]) for each in one["steps"]] == [
        ("find", "open"),
        ("propose", "proposed"),
        ("reject", "open"),
        ("propose", "proposed"),
        ("approve", "settled"),
    ]
    assert len({each["by"] for each in one["steps"]}) == 2
    assert left(city) == []
    assert close(city, day).json()["state"] == "closed"
    require_whole(city, settings)


def test_what_cannot_be_booked_is_refused_by_name(city: City, installation: Installation) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100])
    wait(city, DAY_S)
    compared(city, day, extra=1)
    (extra,) = left(city)
    assert (extra["kind"], extra["gap_fen"]) == ("bank_only", 100)
    assert code(step(city, {"difference_id": "none"}, "explanation")) == "bank-difference-unknown"
    assert code(city.get(f"{STATEMENTS}/{BANK}/2020-01-01")) == "bank-statement-unknown"
    assert code(step(city, extra, "decision", "supervisor", decision="approve")) == (
        "bank-difference-state-forbids"
    )
    assert step(city, extra, "booking", account="fund:none").status_code == 200
    assert code(step(city, extra, "decision", "supervisor", decision="approve")) == (
        "account-unknown"
    )
    (still,) = left(city)
    assert (still["state"], still["transfer_id"]) == ("proposed", None)

    def approve_own(tx: Transaction) -> None:
        service = build_use_cases(
            installation.policy, installation.keys, installation.clock
        ).reconciliation
        service.decide(tx, extra["difference_id"], "approve", "-", still["proposed_by"])

    with pytest.raises(Exception, match="bank-difference-ones-own"):
        installation.database.write_now(approve_own)


def test_money_returned_for_nobodys_order_becomes_a_difference(
    city: City, settings: Settings
) -> None:
    card_id, day = ready_account(city), today(city)
    behave(city, return_percent=100, return_after_days=0)
    (returned,) = ordered(city, card_id, [500])
    stray = city.post(f"/v1/simulated-banks/{BANK}/stray-returns", {"amount_fen": 777}, "trainer")
    reference = stray.json()["reference"]
    before = city.balances()
    wait(city, 1)
    (found,) = left(city)
    assert (found["reference"], found["kind"], found["gap_fen"]) == (reference, "bank_only", -777)
    assert city.balances() == before, "nothing is booked until somebody decides"
    wait(city, DAY_S)
    told = compared(city, day)
    assert (told["matched"], told["left"]) == (2, 1)
    assert [each["reference"] for each in left(city)] == [reference], "one difference, not two"
    city.post("/v1/ledger/accounts", {"name": "difference:stray"}, "operator")
    step(city, found, "booking", account="difference:stray")
    assert step(city, found, "decision", "supervisor", decision="approve").status_code == 200
    held = city.balances()
    assert (held["difference:stray"], held[OWED]) == (777, before.get(OWED, 0) - 777)
    assert city.get(f"/v1/bank-orders/{returned}").json()["state"] == "returned"
    require_whole(city, settings)


def test_a_return_of_a_refused_order_stops_nothing_else(
    city: City, installation: Installation, settings: Settings
) -> None:
    """It used to make the due work fail for good: the life of an order has no such step."""
    card_id, day = ready_account(city), today(city)
    behave(city, refuse_percent=100)
    (refused,) = ordered(city, card_id, [500])
    behave(city)

    def come_back(tx: Transaction) -> None:
        of_it = CREDITS.c.order_id == refused
        back = {"returns_at": f"{day}T00:00:00.000+08:00", "return_reason": "closed"}
        tx.execute(update(CREDITS).where(of_it).values(back))

    installation.database.write_now(come_back)
    wait(city, 1)
    (found,) = left(city)
    assert (found["kind"], found["own_result"], found["gap_fen"]) == (
        "state",
        "order-refused",
        -500,
    )
    assert step(city, found, "booking", account=PAYER).json()["state"] == "proposed"
    assert step(city, found, "decision", "supervisor", decision="approve").status_code == 200
    assert city.balances()[OWED] == -500
    (settled,) = ordered(city, card_id, [600], first=2)
    assert city.get(f"/v1/bank-orders/{settled}").json()["state"] == "settled"
    require_whole(city, settings)


def test_what_the_platform_learns_late_settles_the_difference_by_itself(
    city: City, settings: Settings
) -> None:
    card_id, day = ready_account(city), today(city)
    behave(city, slow_s=60)
    (late,) = ordered(city, card_id, [900])
    behave(city, slow_s=60, down=True)
    wait(city, DAY_S)
    assert city.balances()[CLEARING] == 900
    told = compared(city, day)
    assert (told["own_lines"], told["left"]) == (0, 1)
    (found,) = left(city)
    assert (found["reference"], found["kind"]) == (late, "state")
    assert found["own_result"] == "order-accepted"
    assert code(step(city, found, "booking", account=PAYER)) == "bank-difference-order-goes-on"
    assert code(close(city, day)) == "bank-day-has-differences"
    behave(city)
    wait(city, 3600)
    assert left(city) == []
    one = differences(city, day)[late]
    assert (one["state"], one["reason"]) == ("settled", "learned-later")
    held = city.balances()
    assert (held[CLEARING], held[OWED]) == (0, 900)
    assert close(city, day).json()["state"] == "closed"
    require_whole(city, settings)


def test_what_is_learned_after_a_file_without_it_is_a_new_difference(city: City) -> None:
    card_id, day = ready_account(city), today(city)
    behave(city, slow_s=60)
    (late,) = ordered(city, card_id, [900])
    behave(city, slow_s=60, down=True)
    wait(city, DAY_S)
    assert compared(city, day, missing=1)["differences"] == 0
    assert close(city, day).json()["state"] == "closed"
    behave(city)
    wait(city, 3600)
    (found,) = left(city)
    assert (found["reference"], found["kind"], found["gap_fen"]) == (late, "we_only", -900)


def test_a_month_is_not_closed_while_differences_of_it_are_left(city: City) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100])
    wait(city, DAY_S)
    compared(city, day, missing=1)
    wait(city, 40 * DAY_S)
    closing = {"period": day[:7]}
    assert code(city.post("/v1/ledger/closings", closing, "supervisor")) == "period-has-differences"
    step(city, left(city)[0], "explanation")
    assert city.post("/v1/ledger/closings", closing, "supervisor").status_code == 201


def test_a_month_is_not_closed_while_a_bank_has_brought_no_file(city: City) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100, 250])

    def open_days() -> Any:
        return city.get("/v1/bank-days-not-compared", "auditor").json()["days"]

    assert open_days() == [], "the day is not over"
    wait(city, DAY_S)
    assert open_days() == [{"bank": BANK, "day": day, "lines": 2, "sum_fen": 350}]
    wait(city, 40 * DAY_S)
    closing = {"period": day[:7]}
    refused = city.post("/v1/ledger/closings", closing, "supervisor")
    assert code(refused) == "period-has-days-not-compared"
    assert f"{BANK} on {day}" in refused.json()["detail_en"]
    # The bank brings no files any more: an operator brings one without lines.
    columns = "reference,result,amount_fen,moment"
    none = f"onecard.statement,1,{BANK},{day},0,0\r\n{columns}\r\n"
    assert compared(city, day, none)["left"] == 2
    assert open_days() == []
    for each in left(city):
        step(city, each, "explanation")
    assert city.post("/v1/ledger/closings", closing, "supervisor").status_code == 201


def test_a_faulty_file_tells_every_fault_and_leaves_nothing(city: City) -> None:
    card_id, day = ready_account(city), today(city)
    other = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    (order_id,) = ordered(city, card_id, [100])
    wait(city, DAY_S)
    at = f"{day}T09:00:00.000+08:00"
    rows = [
        f"onecard.statement,1,{BANK},{day},9,100",
        "reference,result,amount_fen,moment",
        f"{order_id},settled,100,{at}",
        f"{order_id},refused,100,{at}",
        f"a b,settled,1.00,{at}",
        f"c,paid,-1,{other}T09:00:00.000+08:00",
        f"d,settled,07,{day}T25:00:00.000+08:00",
        "e,settled",
    ]
    refused = bring(city, "\r\n".join(rows))
    assert (refused.status_code, code(refused)) == (422, "bank-statement-faulty")
    told = refused.json()
    assert [each["path"] for each in told["faults"]] == [
        "line 4 reference",
        "line 5 reference",
        "line 5 amount_fen",
        "line 6 result",
        "line 6 amount_fen",
        "line 6 moment",
        "line 7 amount_fen",
        "line 7 moment",
        "line 8",
        "line 1 lines",
        "line 1 sum_fen",
    ]
    assert "11" in told["detail_zh"]
    assert city.get(STATEMENTS).json()["statements"] == []
    for header, code_told in (
        ("onecard.payouts,1,a,b,c,1,1", "bank-statement-faulty"),
        (f"onecard.statement,1,{BANK},{day[:8]}32,0,0", "bank-statement-faulty"),
        (f"onecard.statement,1,no-bank,{day},0,0", "bank-unknown"),
    ):
        file = f"{header}\r\nreference,result,amount_fen,moment\r\n"
        assert code(bring(city, file)) == code_told
    for broken in ('"', "\x01\udcff".encode("utf-8", "ignore").decode(), "\n\n", "," * 9):
        assert code(bring(city, broken)) == "bank-statement-faulty"


def test_a_bank_brings_and_reads_its_own_file_only(city: City) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100])
    wait(city, DAY_S)
    own, other = sign_in(city, BANK), sign_in(city, RURAL)
    path = f"{STATEMENTS}/{BANK}/{day}/own-file"
    assert code(city.get(path, other)) == "bank-statement-unknown"
    assert city.get(path, own).json()["lines"] == 1
    file = file_of(city, day)
    assert code(bring(city, file, other)) == "bank-statement-anothers"
    assert bring(city, file, own).json()["brought_by"] == f"bank:{BANK}"
    assert code(city.get(f"{STATEMENTS}/no-bank/{day}/own-file")) == "bank-unknown"
    assert code(city.get(f"{STATEMENTS}/{BANK}/2026/own-file")) == "bank-statement-unknown"


def test_the_command_writes_the_own_file_and_reads_the_banks(
    city: City, settings: Settings, tmp_path: Path
) -> None:
    card_id, day = ready_account(city), today(city)
    ordered(city, card_id, [100, 200])
    wait(city, DAY_S)
    where = ["--data", str(settings.data)]
    if settings.database_url:
        where += ["--database", settings.database_url]
    own, bank = tmp_path / "own.csv", tmp_path / "bank.csv"
    written = call_here("statements", "write", BANK, day, "-o", own.name, *where, cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    assert (
        own.read_bytes().decode() == city.get(f"{STATEMENTS}/{BANK}/{day}/own-file").json()["file"]
    )
    bank.write_text(f"onecard.statement,1,{BANK},{day},2,1\nnothing\n", encoding="utf-8")
    call = ["statements", "read", bank.name, "--by", "wang.fang", *where]
    faulty = call_here(*call, cwd=tmp_path)
    assert (faulty.returncode, len(faulty.stdout.splitlines())) == (1, 3)
    early = call_here(*call[:2], own.name, *call[3:], cwd=tmp_path)
    assert early.returncode == 2, "this platform's clock is ahead of the machine's"
    assert day in early.stderr
    assert call_here("statements", "read", "none.csv", "--by", "x", cwd=tmp_path).returncode == 2
    nobodys = call_here("statements", "write", "no-bank", day, *where, cwd=tmp_path)
    assert nobodys.returncode == 2
    compared(city, day, extra=2)
    told = call_here("books", *where, cwd=tmp_path)
    assert told.returncode == 0
    assert "2 differences with banks are still to be worked off" in told.stdout


@pytest.mark.faulty_books("the bank's book has what no order moved")
def test_a_large_file_is_read_a_piece_at_a_time_and_on_after_a_kill(
    city: City, installation: Installation, tmp_path: Path
) -> None:
    ready_account(city)
    day, lines = today(city), 5_500
    at = f"{day}T09:00:00.000+08:00"

    def book(tx: Transaction) -> None:
        for number in range(lines):
            line_store.add_movement(tx, BANK, Line(f"o-{number}", Result.SETTLED, number, at))

    installation.database.write_now(book)
    wait(city, DAY_S)
    file = tmp_path / "day.csv"
    rows = [f"o-{number},settled,{number},{at}" for number in range(7, lines)]
    total = sum(range(7, lines))
    head = (
        f"onecard.statement,1,{BANK},{day},{len(rows)},{total}\nreference,result,amount_fen,moment"
    )
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    intake = build_use_cases(
        installation.policy, installation.keys, installation.clock
    ).reconciliation.intake

    class Killed(Exception):
        pass

    def kill(read: int) -> None:
        if read > 5_000:
            raise Killed

    with pytest.raises(Killed):
        intake.read_file(installation.database, file, "one", progress=kill)
    assert city.get(f"{STATEMENTS}/{BANK}/{day}").json()["state"] == "reading"
    told = intake.read_file(installation.database, file, "one")
    assert (told.state.value, told.matched, told.own_lines) == ("compared", len(rows), lines)
    assert set(differences(city, day)) == {f"o-{number}" for number in range(7)}
