"""A terminal's journal: nothing it did is lost, forgotten or told twice, whoever pulls a plug."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.virtual_cards import people, platform_stand
from tests.virtual_cards.platform_stand import Stand
from virtual_cards.terminals import (
    Journal,
    JournalIsAnothers,
    JournalIsFull,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
    Refusal,
    Tap,
)
from virtual_cards.terminals.journal import journal as journal_module

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def tap(sequence: int) -> Tap:
    return Tap(
        application_serial="0" * 20,
        issuer="0" * 16,
        kind="entry",
        station="0201",
        entry_station=None,
        amount_fen=0,
        balance_after_fen=100,
        offline_sequence=sequence,
        terminal_sequence=sequence + 1,
        transaction_type="09",
        date="20260504",
        time="081500",
        tac="00000000",
    )


REFUSAL = Refusal("0" * 20, "card-expired", "0201", "2026-05-04T08:15:00+08:00", 7)


@pytest.fixture
def stand() -> Iterator[Stand]:
    with platform_stand.running() as stand:
        yield stand


def journal_of(path: Path | None = None, line: PlatformLine | None = None) -> Journal:
    journal = Journal(line, path)
    journal.belong_to(people.TERMINAL)
    return journal


def test_a_report_goes_the_direct_way_while_the_platform_answers(stand: Stand) -> None:
    with PlatformLine(stand.url, "token") as line:
        journal = journal_of(line=line)
        journal.write(tap(1), NOW)
        assert journal.send() is not None
    assert [path for path, _, _ in stand.requests] == ["/v1/transit/taps"]
    assert journal.waiting == []


def test_what_waits_is_signed_in_a_chain_the_platform_can_check(
    stand: Stand, tmp_path: Path
) -> None:
    journal = journal_of(tmp_path / "journal")
    for sequence in range(3):
        journal.write(tap(sequence), NOW)
        assert journal.send() is None
    journal.write(REFUSAL, NOW)
    journal.close()
    again = journal_of(tmp_path / "journal")
    assert again.unsent == (tap(0), tap(1), tap(2), REFUSAL)
    stand.public_key = again.key.public
    with PlatformLine(stand.url, "token") as line:
        again.use_line(line)
        again.send_unsent()
    assert [each["kind"] for each in stand.records] == ["tap", "tap", "tap", "refusal"]
    assert again.waiting == []


def test_a_record_somebody_changed_breaks_the_chain(stand: Stand, tmp_path: Path) -> None:
    journal = journal_of(tmp_path / "journal")
    journal.write(tap(1), NOW)
    journal.send()
    stand.public_key = journal.key.public
    journal.close()
    with sqlite3.connect(tmp_path / "journal") as database:
        database.execute("UPDATE waiting SET body = replace(body, '0201', '0205')")
    again = journal_of(tmp_path / "journal")
    with PlatformLine(stand.url, "token") as line:
        again.use_line(line)
        with pytest.raises(PlatformIsUnreachable):
            again.send_unsent()
    assert stand.records == []
    assert len(again.waiting) == 1


def test_what_the_platform_refuses_is_set_aside_and_the_rest_is_told(stand: Stand) -> None:
    journal = journal_of()
    journal.write(tap(1), NOW)
    journal.write(REFUSAL, NOW)
    journal.write(tap(2), NOW)
    stand.public_key = journal.key.public
    stand.refused_kinds = {"refusal"}
    with PlatformLine(stand.url, "token") as line:
        journal.use_line(line)
        with pytest.raises(PlatformRefuses, match="tac-wrong"):
            journal.send_unsent()
    assert journal.waiting == []
    (refused,) = journal.refused
    assert (refused.entry.kind, refused.code) == ("refusal", "tac-wrong")
    taps = [body["offline_sequence"] for body in stand.taken("/v1/transit/taps")]
    assert taps == [1, 2]


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_may_pass_keeps_the_report(stand: Stand, status: int) -> None:
    stand.problem = {"status": status, "code": "later", "detail_zh": "稍后", "detail_en": "later"}
    with PlatformLine(stand.url, "token") as line:
        journal = journal_of(line=line)
        journal.write(tap(1), NOW)
        with pytest.raises(PlatformRefuses, match="later"):
            journal.send()
    assert journal.unsent == (tap(1),)


def test_a_platform_that_fails_is_no_platform(stand: Stand) -> None:
    stand.problem = {"status": 503, "code": "busy", "detail_zh": "忙", "detail_en": "busy"}
    with PlatformLine(stand.url, "token") as line:
        journal = journal_of(line=line)
        journal.write(tap(1), NOW)
        assert journal.send() is None
        assert journal.unsent == (tap(1),)


def test_cards_do_not_wait_for_a_platform_that_just_did_not_answer(stand: Stand) -> None:
    stand.problem = {"status": 503, "code": "busy", "detail_zh": "忙", "detail_en": "busy"}
    with PlatformLine(stand.url, "token") as line:
        journal = journal_of(line=line)
        for sequence in range(5):
            journal.write(tap(sequence), NOW)
            journal.send()
    assert len(stand.requests) == 1


def test_a_full_journal_stops_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "WAITING_MAX", 2)
    journal = journal_of()
    for sequence in range(2):
        journal.require_room()
        journal.write(tap(sequence), NOW)
    with pytest.raises(JournalIsFull, match="2 reports"):
        journal.require_room()


def test_the_journal_of_another_terminal_is_refused(tmp_path: Path) -> None:
    journal_of(tmp_path / "journal").close()
    with pytest.raises(JournalIsAnothers, match="500000000001"):
        Journal(path=tmp_path / "journal").belong_to(bytes(6))


def test_only_its_owner_reads_the_file(tmp_path: Path) -> None:
    journal_of(tmp_path / "journal").close()
    assert (tmp_path / "journal").stat().st_mode & 0o777 == 0o600


KILLED = """
import sys
from collections.abc import Iterator
from datetime import datetime, UTC
from pathlib import Path
from tests.virtual_cards.test_journal import journal_of, tap
journal = journal_of(Path(sys.argv[1]))
sequence = 0
while True:
    sequence += 1
    journal.begin("card", "entry", tap(sequence), datetime.now(UTC))
    journal.write(tap(sequence), datetime.now(UTC), "card")
    journal.send()
    print(sequence, flush=True)
"""


def test_a_killed_terminal_forgets_nothing_it_had_said(tmp_path: Path, stand: Stand) -> None:
    path = tmp_path / "journal"
    said = 0
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _, told in zip(range(20), process.stdout, strict=False):
            said += bool(told)
        os.kill(process.pid, signal.SIGKILL)
        said += len(process.stdout.readlines())
        process.stdout.close()
        process.wait(timeout=10)
    journal = journal_of(path)
    assert said <= len(journal.waiting) <= said + 3
    begun = journal.begun("card", Tap)
    stand.public_key = journal.key.public
    with PlatformLine(stand.url, "token") as line:
        journal.use_line(line)
        journal.send_unsent()
    assert len(stand.records) >= said
    assert begun is None or begun[0] == "entry"
