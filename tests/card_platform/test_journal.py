"""The signed journal: what a terminal did alone is taken once, in order, as if it came direct."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, text

from card_platform.installation import Installation
from card_platform.storage.database import open_engine
from tests.card_platform.chip import Chip
from tests.card_platform.city import City
from tests.card_platform.clinic import hospital, pharmacy
from tests.card_platform.journal_book import JournalBook
from tests.card_platform.medical_chip import MedicalChip

_TAPS = "/v1/transit/taps"
_NOBODY = "9" * 20


@pytest.fixture
def rider(city: City) -> tuple[str, Chip]:
    card_id, chip = city.active_card()
    chip.balance_fen = 100_000
    return card_id, chip


@pytest.fixture
def gate(city: City) -> JournalBook:
    return JournalBook.of_new_terminal(city, "metro_gate", "0201")


@pytest.fixture
def engine(installation: Installation) -> Iterator[Engine]:
    opened = open_engine(installation.database.url)
    yield opened
    opened.dispose()


def _exit(book: JournalBook, chip: Chip) -> dict[str, Any]:
    return chip.tap(book.terminal.number, "exit", "0201", "0201", amount_fen=200)


def _answers(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    answers: list[dict[str, Any]] = answer.json()["answers"]
    return answers


def _refused(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_every_kind_of_record_is_answered_as_its_own_route_answers(
    city: City, rider: tuple[str, Chip]
) -> None:
    card_id, chip = rider
    site_id = hospital(city).site_id
    book = JournalBook.of_new_terminal(
        city, "hospital_desk", None, operator="hospital", site=site_id
    )
    number = book.terminal.number
    book.write("tap", chip.tap(number, "entry", "0201"))
    book.write("purchase", chip.purchase(number, 1500))
    refusal = {
        "application_serial": chip.serial,
        "reason": "revocation-list-too-old",
        "station": "0201",
        "at": "2026-01-05T08:00:00+08:00",
        "revocation_list_version": 0,
    }
    book.write("refusal", refusal)
    book.write("medical-payment", MedicalChip(chip.image).pay(number, 1, 700))
    sent = book.send(city)
    answers = _answers(sent)
    assert sent.json()["accepted_through"] == 4
    assert [(each["sequence"], each["result"], each["problem"]) for each in answers] == [
        (sequence, "taken", None) for sequence in (1, 2, 3, 4)
    ]
    told = [each["answer"] for each in answers]
    assert told[0] == {"tap_id": told[0]["tap_id"], "tac": "right", "ride": None}
    transit = city.get(f"/v1/cards/{card_id}/transit").json()
    assert transit["purchases"][0]["purchase_id"] == told[1]["purchase_id"]
    assert transit["refusals"][0]["refusal_id"] == told[2]["refusal_id"]
    assert transit["refusals"][0]["reason"] == "revocation-list-too-old"
    medical = city.get(f"/v1/cards/{card_id}/medical").json()
    assert medical["payments"][0]["payment_id"] == told[3]["payment_id"]
    assert city.balances() == {
        f"purse:{chip.serial}": -1500,
        f"medical-purse:{card_id}:1": -700,
        "operator:hospital": 2200,
    }


def test_a_report_that_came_direct_and_lost_its_answer_gets_that_answer(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    tap = _exit(gate, rider[1])
    record = gate.write("tap", tap, key="tap-1")
    headers = {"Authorization": f"Bearer {gate.terminal.token}", "Idempotency-Key": "tap-1"}
    headers["Content-Type"] = "application/json"
    direct = city.client.request("POST", _TAPS, content=record["body"], headers=headers)
    assert direct.status_code == 201
    answers = _answers(gate.send(city))
    assert [(each["result"], each["answer"]) for each in answers] == [("taken", direct.json())]
    assert city.balances()["operator:metro"] == 200
    # The same tap under another key is a replay, and another tap under the key is none of it.
    gate.write("tap", tap, key="tap-2")
    gate.write("tap", _exit(gate, rider[1]), key="tap-1")
    codes = [each["problem"] and each["problem"]["code"] for each in _answers(gate.send(city))]
    assert codes == [None, "tap-replayed", "client-id-reused"]
    assert city.balances()["operator:metro"] == 200


def test_a_report_that_comes_direct_after_the_journal_gets_the_journals_answer(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    record = gate.write("tap", _exit(gate, rider[1]), key="tap-1")
    answers = _answers(gate.send(city))
    headers = {"Authorization": f"Bearer {gate.terminal.token}", "Idempotency-Key": "tap-1"}
    headers["Content-Type"] = "application/json"
    direct = city.client.request("POST", _TAPS, content=record["body"], headers=headers)
    assert (direct.status_code, direct.json()) == (201, answers[0]["answer"])
    assert city.balances()["operator:metro"] == 200


def test_a_refused_record_is_undone_by_itself_and_holds_up_no_other(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    card_id, chip = rider
    good = [_exit(gate, chip) for _ in range(3)]
    gate.write("tap", good[0])
    gate.write("tap", _exit(gate, chip) | {"tac": "00000000"})
    gate.write("tap", good[1] | {"application_serial": _NOBODY})
    gate.write("tap", good[1])
    gate.write("tap", "{no JSON")
    gate.write("tap", good[1] | {"amount_fen": -1, "odd": True})
    gate.write("purchase", good[2])
    gate.write("tap", good[2])
    gate.write("tap", "\x00")
    answers = _answers(gate.send(city))
    assert [(each["result"], (each["problem"] or {}).get("code")) for each in answers] == [
        ("taken", None),
        ("refused", "tac-wrong"),
        ("refused", "purse-unknown"),
        ("taken", None),
        ("refused", "request-malformed"),
        ("refused", "request-malformed"),
        ("refused", "request-malformed"),
        ("taken", None),
        ("refused", "request-malformed"),
    ]
    assert answers[1]["answer"] is None
    assert answers[1]["problem"]["detail_zh"]
    assert {each["path"] for each in answers[5]["problem"]["faults"]} == {"amount_fen", "odd"}
    assert len(city.get(f"/v1/cards/{card_id}/transit").json()["rides"]) == 3
    assert city.balances() == {f"purse:{chip.serial}": -600, "operator:metro": 600}
    assert city.get("/v1/ledger/check").json()["postings"] == 3


def test_what_a_refused_record_had_done_before_it_was_refused_is_undone(
    city: City, rider: tuple[str, Chip]
) -> None:
    """A replayed payment is found out after its posting was written."""
    site_id = pharmacy(city).site_id
    book = JournalBook.of_new_terminal(city, "pharmacy", None, site=site_id)
    payment = MedicalChip(rider[1].image).pay(book.terminal.number, 1, 700)
    for _ in range(3):
        book.write("medical-payment", payment)
    book.write("tap", _exit(book, rider[1]))
    answers = _answers(book.send(city))
    codes = [each["problem"] and each["problem"]["code"] for each in answers]
    assert codes == [None, "payment-replayed", "payment-replayed", None]
    assert city.balances()["operator:metro"] == 700 + 200
    assert city.get("/v1/ledger/check").json()["postings"] == 2


def test_a_wrong_signature_refuses_the_whole_and_nothing_of_it_is_taken(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    for _ in range(3):
        gate.write("tap", _exit(gate, rider[1]))
    second = gate.records[1]
    changes: list[dict[str, Any]] = [
        {"kind": "purchase"},
        {"key": "another"},
        {"at": "2026-01-05T08:00:01+08:00"},
        {"body": second["body"] + " "},
        {"previous": "f" * 64},
        {"sequence": 4},
        {"signature": second["signature"][:-1] + ("0" if second["signature"][-1] != "0" else "1")},
        {"signature": "0" * 128},
    ]
    for changed in changes:
        records = [gate.records[0], second | changed, gate.records[2]]
        _refused(gate.send(city, records), 422, "journal-signature-wrong")
    assert city.balances() == {}
    assert len(_answers(gate.send(city))) == 3


def test_a_journal_of_another_terminal_is_not_believed(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    other = JournalBook.of_new_terminal(city, "metro_gate", "0205")
    gate.write("tap", _exit(gate, rider[1]))
    _refused(other.send(city, gate.records), 422, "journal-signature-wrong")
    keyless = JournalBook(city.enrol(), gate.public, gate.private)
    keyless.write("tap", _exit(keyless, rider[1]))
    _refused(keyless.send(city), 422, "terminal-has-no-key")


def test_a_gap_refuses_the_whole_and_nothing_of_it_is_taken(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    for _ in range(5):
        gate.write("tap", _exit(gate, rider[1]))
    one, two, three, four, five = gate.records
    for records in (
        [two],  # the first is missing
        [one, three],
        [one, two, two],
        [two, one],
        [one, gate.sign(two | {"previous": "0" * 64})],  # signed, but not of this chain
        [gate.sign(one | {"previous": "1" * 64})],
    ):
        answer = gate.send(city, records)
        _refused(answer, 409, "journal-has-gap")
        assert "through record 0" in answer.json()["detail_en"]
    assert city.balances() == {}
    assert gate.send(city, [one, two]).json()["accepted_through"] == 2
    _refused(gate.send(city, [four, five]), 409, "journal-has-gap")
    assert gate.send(city, [three, four, five]).json()["accepted_through"] == 5
    assert city.balances()["operator:metro"] == 1000


def test_records_taken_before_are_answered_again_and_nothing_is_done_again(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    gate.write("tap", _exit(gate, rider[1]))
    gate.write("tap", _exit(gate, rider[1]) | {"tac": "00000000"})
    first = gate.send(city, key="upload-1")
    assert gate.send(city, key="upload-1").json() == first.json()
    assert gate.send(city).json() == first.json()
    gate.write("tap", _exit(gate, rider[1]))
    more = gate.send(city)
    assert _answers(more)[:2] == _answers(first)
    assert more.json()["accepted_through"] == 3
    old = gate.send(city, gate.records[:1])
    assert (_answers(old), old.json()["accepted_through"]) == (_answers(first)[:1], 3)
    assert gate.send(city, gate.records[:2], key="upload-1").json() == first.json()
    _refused(gate.send(city, key="upload-1"), 409, "client-id-reused")
    assert city.balances()["operator:metro"] == 400


def test_another_record_in_the_stead_of_one_taken_is_a_gap(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    for _ in range(2):
        gate.write("tap", _exit(gate, rider[1]))
    gate.send(city)
    fork = JournalBook(gate.terminal, gate.public, gate.private)
    fork.write("tap", _exit(gate, rider[1]))
    _refused(fork.send(city), 409, "journal-has-gap")
    fork.write("tap", _exit(gate, rider[1]))
    fork.write("tap", _exit(gate, rider[1]))
    for records in (fork.records, fork.records[2:], [gate.records[0], *fork.records[1:]]):
        _refused(gate.send(city, records), 409, "journal-has-gap")
    assert city.balances()["operator:metro"] == 400


def test_racing_uploads_of_one_terminal_take_every_record_once(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    gate.write("tap", _exit(gate, rider[1]))
    gate.send(city)  # from here on the journal is there, and only its row makes them wait
    for _ in range(11):
        gate.write("tap", _exit(gate, rider[1]))
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: gate.send(city), range(8)))
    answers = [_answers(each) for each in sent]
    assert all(each == answers[0] for each in answers)
    assert {each["result"] for each in answers[0]} == {"taken"}
    assert len({each["answer"]["tap_id"] for each in answers[0]}) == 12
    assert city.balances()["operator:metro"] == 12 * 200


def test_racing_first_uploads_of_a_terminal_take_every_record_once(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    for _ in range(4):
        gate.write("tap", _exit(gate, rider[1]))
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: gate.send(city), range(8)))
    assert all(_answers(each) == _answers(sent[0]) for each in sent)
    assert city.balances()["operator:metro"] == 4 * 200


def test_a_report_that_races_with_its_own_journal_is_taken_once(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    city.get("/v1/transit/terminal-parameters", gate.terminal.token)
    for number in range(12):
        gate.write("tap", _exit(gate, rider[1]), key=f"tap-{number}")

    def direct(record: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {gate.terminal.token}"}
        headers |= {"Idempotency-Key": record["key"], "Content-Type": "application/json"}
        return city.client.request("POST", _TAPS, content=record["body"], headers=headers)

    with ThreadPoolExecutor(8) as pool:
        journal = pool.submit(gate.send, city)
        reports = list(pool.map(direct, reversed(gate.records)))
    answers = [each["answer"] for each in _answers(journal.result())]
    assert [each.json() for each in reversed(reports)] == answers
    assert city.balances()["operator:metro"] == 12 * 200


def test_journals_that_pay_for_the_same_cards_in_other_orders_do_not_block_each_other(
    city: City,
) -> None:
    patients = [city.active_card(sequence) for sequence in (1, 2)]
    chips = [MedicalChip(chip.image) for _, chip in patients]
    site_id = pharmacy(city).site_id
    books = [JournalBook.of_new_terminal(city, "pharmacy", None, site=site_id) for _ in range(4)]
    for number, book in enumerate(books):
        for chip in (chips if number % 2 else reversed(chips)) if number else chips:
            for _ in range(6):
                book.write("medical-payment", chip.pay(book.terminal.number, 1, 100))
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda book: book.send(city), books))
    assert {each["result"] for answer in sent for each in _answers(answer)} == {"taken"}
    assert city.balances()["operator:metro"] == 4 * 12 * 100


def test_a_fault_of_the_platform_takes_nothing_and_the_journal_is_sent_again(
    city: City, rider: tuple[str, Chip], gate: JournalBook, engine: Engine
) -> None:
    gate.write("tap", _exit(gate, rider[1]))
    refusal = {
        "application_serial": rider[1].serial,
        "reason": "missing-entry",
        "station": "0201",
        "at": "2026-01-05T08:00:00+08:00",
        "revocation_list_version": 0,
    }
    gate.write("refusal", refusal)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gate_refusals RENAME TO gate_refusals_away"))
    _refused(gate.send(city), 500, "platform-fault")
    assert city.balances() == {}
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE gate_refusals_away RENAME TO gate_refusals"))
    answers = _answers(gate.send(city))
    assert [each["result"] for each in answers] == ["taken", "taken"]
    assert city.balances()["operator:metro"] == 200


def test_five_hundred_records_are_taken_at_once_and_one_more_is_not(
    city: City, rider: tuple[str, Chip], gate: JournalBook
) -> None:
    rider[1].balance_fen = 1_000_000
    for _ in range(501):
        gate.write("tap", _exit(gate, rider[1]))
    too_many = gate.send(city)
    _refused(too_many, 400, "request-malformed")
    assert [each["path"] for each in too_many.json()["faults"]] == ["records"]
    answers = _answers(gate.send(city, gate.records[:500]))
    assert {each["result"] for each in answers} == {"taken"}
    assert city.balances()["operator:metro"] == 500 * 200
    _refused(gate.send(city, []), 400, "request-malformed")
    large = {"records": [], "padding": "x" * 1_100_000}
    answer = city.post("/v1/terminal-journal", large, gate.terminal.token)
    _refused(answer, 413, "body-too-large")


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "has space"},
        {"key": "line\n"},
        {"key": "x" * 65},
        {"at": "today"},
        {"at": "2026-01-05T08:00:00"},
        {"kind": "load"},
        {"previous": "0" * 63},
        {"signature": "0" * 127},
        {"sequence": 0},
        {"body": "x" * 2001},
    ],
)
def test_a_record_of_another_shape_is_malformed(
    city: City, rider: tuple[str, Chip], gate: JournalBook, changed: dict[str, Any]
) -> None:
    gate.write("tap", _exit(gate, rider[1]))
    answer = gate.send(city, [gate.records[0] | changed])
    _refused(answer, 400, "request-malformed")
    assert [each["path"] for each in answer.json()["faults"]] == [
        f"records[0].{next(iter(changed))}"
    ]


def test_only_terminals_send_journals(city: City) -> None:
    _refused(city.post("/v1/terminal-journal", {"records": []}, "clerk"), 403, "role-forbids")


def test_however_a_journal_is_cut_and_sent_again_every_record_is_done_once(
    city: City, rider: tuple[str, Chip], gate: JournalBook, engine: Engine
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown when the test fails: put it in place of the random one
    choose = random.Random(seed)
    right = 0
    for _ in range(40):
        tap = _exit(gate, rider[1])
        wrong = choose.random() < 0.3
        right += not wrong
        gate.write("tap", tap | ({"tac": "00000000"} if wrong else {}))
    told: dict[int, Any] = {}
    through = 0
    while through < len(gate.records):
        first = choose.randrange(0, through + 1)
        last = min(first + choose.randrange(1, 15), len(gate.records))
        answer = gate.send(city, gate.records[first:last])
        for each in _answers(answer):
            assert told.setdefault(each["sequence"], each) == each, "answered otherwise before"
        through = max(through, last)
        assert answer.json()["accepted_through"] == through
    assert city.balances()["operator:metro"] == right * 200
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT body FROM journal_records ORDER BY sequence"))
        assert [bytes(row[0]).decode() for row in kept] == [each["body"] for each in gate.records]
