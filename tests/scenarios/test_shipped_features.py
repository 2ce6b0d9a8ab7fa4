"""The shipped features hold in process, on both databases.

At length only: `make test` runs them all through PC/SC, on SQLite by the main job
(`tests/testbed/test_main_job.py`) and on PostgreSQL (`test_shipped_features_over_pcsc.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.whole_suite import SUITE_S_MAX, check_every_scenario


@pytest.mark.long
@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_sqlite(tmp_path: Path) -> None:
    check_every_scenario(tmp_path, "inprocess", None)


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_postgresql(tmp_path: Path, fresh_postgresql: str) -> None:
    check_every_scenario(tmp_path, "inprocess", fresh_postgresql)
