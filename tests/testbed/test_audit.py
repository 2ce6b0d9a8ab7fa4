"""`onecard audit`: whole, broken, not there; each with its exit code, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from card_platform.installation import open_installation
from card_platform.oversight.audit import Sealer
from card_platform.oversight.audit.anchor import ANCHOR_FILE
from card_platform.oversight.audit.store import add_record
from card_platform.settings import Settings
from card_platform.storage import Transaction
from tests.testbed.onecard import call_here


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_the_command_tells_a_whole_audit_from_one_that_was_tampered_with(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = None if kind == "sqlite" else str(request.getfixturevalue("fresh_postgresql"))
    data = tmp_path / "data"
    platform = open_installation(Settings(data, url))

    def keep_three(tx: Transaction) -> None:
        for detail in ("a", "b", "c"):
            add_record(tx, at="2026-01-01", by="x", action="y", card_id=None, detail=detail)

    platform.database.write_now(keep_three)
    sealer = Sealer(data / ANCHOR_FILE)
    for _ in range(3):
        platform.database.write_now(lambda tx: sealer.seal(tx, platform.clock.now()))
    words = ["audit", "--data", str(data), *(["--database", url] if url else [])]

    whole = call_here(*words, "--json", "-", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    (told,) = json.loads(whole.stdout)
    assert (told["region"], told["whole"], told["sealed"]) == ("CQ", True, 3)
    assert (told["first_fault"], told["head"]["position"]) == (None, 3)
    assert "The audit is whole." in call_here(*words, cwd=tmp_path).stdout

    def tamper(tx: Transaction) -> Any:
        return tx.execute(text("UPDATE audit_records SET detail = 'forged' WHERE number = 2"))

    platform.database.write_now(tamper)
    broken = call_here(*words, "--json", "-", cwd=tmp_path)
    assert broken.returncode == 1
    (told,) = json.loads(broken.stdout)
    fault = {"kind": "record-differs", "position": 2, "number": 2}
    assert (told["whole"], told["first_fault"]) == (False, fault)
    spoken = call_here(*words, "--lang", "zh", cwd=tmp_path).stdout
    assert "第 2 环，记录 2：记录被改动" in spoken
    platform.database.close()
    other = call_here(*words, "--regions", "SC", cwd=tmp_path)
    assert (other.returncode, other.stdout) == (2, "")
    assert "belongs to region 500000" in other.stderr


def test_without_a_platforms_data_there_is_nothing_to_check(tmp_path: Path) -> None:
    told = call_here("audit", "--data", str(tmp_path), cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, "")
    assert "no audit to check" in told.stderr
    assert list(tmp_path.iterdir()) == []
