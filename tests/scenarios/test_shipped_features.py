"""The shipped features hold in process, on both databases.

`make test` runs them all on PostgreSQL here, and on SQLite through PC/SC by the main job
(`tests/testbed/test_main_job.py`); the other two pairs run at length.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.whole_suite import SUITE_S_MAX, check_every_scenario


@pytest.mark.long
@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_sqlite(tmp_path: Path) -> None:
    check_every_scenario(tmp_path, "inprocess", None)


@pytest.mark.postgresql
@pytest.mark.timeout(SUITE_S_MAX)
def test_every_scenario_holds_on_postgresql(tmp_path: Path, fresh_postgresql: str) -> None:
    check_every_scenario(tmp_path, "inprocess", fresh_postgresql)
