"""One run at a time in a folder, and a folder that cannot be written is said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from testbed.faults import CALL_IS_WRONG, Fault
from testbed.run_folder import LATEST, RunFolder


def test_a_run_gets_a_new_folder_and_latest_points_at_it(tmp_path: Path) -> None:
    with RunFolder(tmp_path / "runs") as folder:
        assert folder.is_dir()
        assert (tmp_path / "runs" / LATEST).resolve() == folder.resolve()


def test_a_second_run_beside_the_first_is_refused_with_its_process_and_the_mend(
    tmp_path: Path,
) -> None:
    with (
        RunFolder(tmp_path),
        pytest.raises(Fault, match=r"another onecard run \(process \d+\).*--data") as refused,
        RunFolder(tmp_path),
    ):
        pass
    assert refused.value.exit_code == CALL_IS_WRONG


def test_the_lock_goes_with_the_run(tmp_path: Path) -> None:
    with RunFolder(tmp_path) as first:
        pass
    first.rename(tmp_path / "earlier")  # two runs in one second
    with RunFolder(tmp_path) as second:
        assert second.is_dir()


def test_a_folder_that_cannot_be_written_is_one_sentence_with_its_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with (
        pytest.raises(Fault, match=r"cannot be written .*name another with --data") as refused,
        RunFolder(tmp_path / "file" / "runs"),
    ):
        pass
    assert refused.value.exit_code == CALL_IS_WRONG
