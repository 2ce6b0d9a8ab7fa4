"""The chain of the audit: whole in use, and broken by every kind of tampering (CQ-19)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.clockwork import Clockwork
from card_platform.installation import Installation, open_installation
from card_platform.oversight.audit import Sealer, sealing
from card_platform.oversight.audit.anchor import ANCHOR_FILE, read_anchor
from card_platform.oversight.audit.checking import AuditCheck, check_audit
from card_platform.settings import Settings
from card_platform.storage.database import open_engine
from card_platform.storage.migration import current_revision, downgrade
from tests.card_platform.city import City


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    return tmp_path / ANCHOR_FILE


def _seal(installation: Installation, anchor: Path, rounds: int = 3) -> None:
    clockwork = Clockwork(installation.database, installation.clock, [Sealer(anchor).seal])
    for _ in range(rounds):
        asyncio.run(clockwork.do_what_is_due())


def _check(installation: Installation, anchor: Path) -> AuditCheck:
    return installation.database.read_now(lambda tx: check_audit(tx, anchor))


def _tamper(installation: Installation, *statements: str) -> None:
    def work(tx: Any) -> None:
        for statement in statements:
            tx.execute(text(statement))

    installation.database.write_now(work)


def test_an_auditor_finds_the_chain_whole_and_what_waits_for_its_seal(
    city: City, installation: Installation, anchor: Path
) -> None:
    city.active_card()
    before = city.get("/v1/audit/check", "auditor").json()
    assert (before["whole"], before["sealed"], before["unsealed"]) == (True, 0, 4)
    _seal(installation, anchor)
    after = city.get("/v1/audit/check", "auditor").json()
    assert (after["whole"], after["sealed"], after["unsealed"]) == (True, 4, 0)
    assert after["head"]["position"] == 4
    assert city.get("/v1/audit/check", "clerk").status_code == 403


def test_batches_go_on_where_the_last_one_ended(
    city: City, installation: Installation, anchor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SEAL_BATCH_MAX", 3)
    for sequence in range(1, 5):
        city.apply(sequence)
    _seal(installation, anchor)
    city.active_card(9)
    _seal(installation, anchor)
    found = _check(installation, anchor)
    assert (found.whole, found.sealed, found.unsealed) == (True, 8, 0)
    assert read_anchor(anchor) == found.head


@pytest.mark.parametrize(
    ("tampering", "kind", "number"),
    [
        (["UPDATE audit_records SET detail = 'other' WHERE number = 2"], "record-differs", 2),
        (["UPDATE audit_records SET \"by\" = 'x' WHERE number = 3"], "record-differs", 3),
        (["DELETE FROM audit_records WHERE number = 3"], "record-missing", 3),
        (
            [
                "DELETE FROM audit_seals WHERE number = 2",
                "DELETE FROM audit_records WHERE number = 2",
            ],
            "seal-missing",
            None,
        ),
        (
            [
                "DELETE FROM audit_seals WHERE number = 2",
                "INSERT INTO audit_seals (position, number, hash) VALUES (2, 99, 'forged')",
            ],
            "record-missing",
            99,
        ),
        (
            [
                "UPDATE audit_records SET number = -1 WHERE number = 2",
                "UPDATE audit_records SET number = 2 WHERE number = 3",
                "UPDATE audit_records SET number = 3 WHERE number = -1",
            ],
            "record-differs",
            2,
        ),
        (
            [
                "UPDATE audit_seals SET number = -1 WHERE number = 2",
                "UPDATE audit_seals SET number = 2 WHERE number = 3",
                "UPDATE audit_seals SET number = 3 WHERE number = -1",
            ],
            "record-differs",
            3,
        ),
        (
            [
                'INSERT INTO audit_records (number, at, "by", action, detail)'
                " VALUES (0, '2026', 'x', 'apply', '')"
            ],
            "record-not-in-chain",
            0,
        ),
        (
            [
                "DELETE FROM audit_seals WHERE number = 4",
                "DELETE FROM audit_records WHERE number = 4",
            ],
            "head-differs",
            None,
        ),
        (
            [
                "UPDATE audit_chain SET position = 3,"
                " hash = (SELECT hash FROM audit_seals WHERE position = 3)",
                "DELETE FROM audit_seals WHERE number = 4",
                "DELETE FROM audit_records WHERE number = 4",
            ],
            "anchor-differs",
            None,
        ),
    ],
    ids=[
        "changed",
        "author-changed",
        "removed",
        "removed-with-its-seal",
        "sealed-by-hand",
        "records-swapped",
        "seals-swapped",
        "inserted",
        "end-cut-off",
        "end-cut-off-with-its-head",
    ],
)
def test_tampering_shows_and_the_first_record_that_does_not_fit_is_named(
    city: City,
    installation: Installation,
    anchor: Path,
    tampering: list[str],
    kind: str,
    number: int | None,
) -> None:
    city.active_card()
    _seal(installation, anchor)
    assert _check(installation, anchor).whole
    _tamper(installation, *tampering)
    found = _check(installation, anchor)
    assert not found.whole
    assert found.first_fault is not None
    assert (found.first_fault.kind, found.first_fault.number) == (kind, number)


def test_a_chain_cut_off_and_grown_again_still_misses_its_anchor(
    city: City, installation: Installation, anchor: Path
) -> None:
    city.active_card()
    _seal(installation, anchor)
    _tamper(
        installation,
        "UPDATE audit_chain SET position = 2, highest = 2, candidate = 2, boundary = 0,"
        " hash = (SELECT hash FROM audit_seals WHERE position = 2)",
        "DELETE FROM audit_seals WHERE number > 2",
        "DELETE FROM audit_records WHERE number > 2",
    )
    city.active_card(2)
    city.active_card(3)
    _seal(installation, anchor, rounds=5)
    found = _check(installation, anchor)
    assert found.first_fault is not None
    assert found.first_fault.kind == "anchor-differs"


def test_concurrent_records_are_all_sealed_once(installation: Installation, anchor: Path) -> None:
    async def work(number: int) -> None:
        statement = text(
            "INSERT INTO audit_records (at, \"by\", action, detail) VALUES ('', '', 'x', :detail)"
        )
        await installation.database.write(
            lambda tx: tx.execute(statement.bindparams(detail=str(number)))
        )

    async def race() -> None:
        sealer = Clockwork(installation.database, installation.clock, [Sealer(anchor).seal])
        for _ in range(5):
            await asyncio.gather(*map(work, range(60)), sealer.do_what_is_due())

    asyncio.run(race())
    _seal(installation, anchor)
    found = _check(installation, anchor)
    assert (found.whole, found.sealed, found.unsealed) == (True, 300, 0)


def _check_by_command(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "card_platform", "--data", str(data), "--check-audit", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _content(folder: Path) -> dict[str, bytes]:
    """What lies in a folder; of SQLite's files the names, since its log is copied at any time."""
    return {
        each.name: b"" if ".sqlite3" in each.name else each.read_bytes()
        for each in sorted(folder.iterdir())
    }


def test_the_command_checks_a_platform_that_does_not_run(settings: Settings, city: City) -> None:
    city.active_card()
    words = ["--database", settings.database_url] if settings.database_url else []
    before = _content(settings.data)
    told = _check_by_command(settings.data, *words)
    assert told.returncode == 0, told.stderr
    assert '"whole":true' in told.stdout
    assert _content(settings.data) == before
    another = _check_by_command(settings.data, *words, "--regions", "SC")
    assert (another.returncode, another.stdout) == (2, "")
    assert "belongs to region 500000" in another.stderr


def test_the_command_makes_nothing_where_there_is_no_platform(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    of_something_else = tmp_path / "else"
    of_something_else.mkdir()
    (of_something_else / "note.txt").write_text("kept", encoding="utf-8")
    for data in (tmp_path / "absent", empty, of_something_else):
        told = _check_by_command(data)
        assert (told.returncode, told.stdout) == (2, ""), told.stderr
        chinese, english = told.stderr.splitlines()
        assert str(data) in chinese
        assert english.startswith(f"There is no platform's data in {data}")
    left = sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*"))
    assert left == ["else", "else/note.txt", "empty"]


def test_a_database_of_an_older_version_is_not_brought_up_by_a_check(settings: Settings) -> None:
    open_installation(settings).database.close()
    engine = open_engine(settings.sqlalchemy_url)
    downgrade(engine, "0013")
    words = ["--database", settings.database_url] if settings.database_url else []
    told = _check_by_command(settings.data, *words)
    assert (told.returncode, told.stdout) == (2, "")
    assert "start the platform once" in told.stderr
    assert current_revision(engine) == "0013"
    engine.dispose()
