"""The data folder is tried before anything is written to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from card_platform.errors import PlatformCannotStart
from card_platform.installation import make_writable


def test_many_workers_try_it_at_once_and_leave_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(make_writable, [folder] * 400))
    assert list(folder.iterdir()) == []


def test_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(PlatformCannotStart, match="is not writable"):
        make_writable(tmp_path / "data")
