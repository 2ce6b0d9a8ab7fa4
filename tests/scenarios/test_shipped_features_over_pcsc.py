"""The shipped features hold through real PC/SC readers, on both databases; at length.

`make test` runs them all through PC/SC on SQLite by the main job
(`tests/testbed/test_main_job.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.whole_suite import SUITE_S_MAX, check_every_scenario
from virtual_cards.readers import pcsc, pcscd

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        bool(pcscd.missing_parts()) or not pcsc.is_available(),
        reason="needs pcscd, vpcd and pyscard: run make set-up as root",
    ),
]


@pytest.mark.postgresql
@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_postgresql(tmp_path: Path, fresh_postgresql: str) -> None:
    check_every_scenario(tmp_path, "pcsc", fresh_postgresql)


@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_sqlite(tmp_path: Path) -> None:
    check_every_scenario(tmp_path, "pcsc", None)
