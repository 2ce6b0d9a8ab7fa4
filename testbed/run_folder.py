"""The folder of a run: one run at a time in it, each with a folder of its own below it."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from testbed.faults import Fault

LOCK = "run.lock"
LATEST = "latest"


class RunFolder:
    """Locks a data folder for one `onecard run`, makes the folder of this run.

    A context manager.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock: TextIO | None = None

    def __enter__(self) -> Path:
        """Folder of this run, new and empty. Raises `Fault` (read-only, or another run is here)."""
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            self._lock = (self._data / LOCK).open("a+", encoding="utf-8")
            self._take_lock(self._lock)
            folder = self._data / datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
            folder.mkdir()
            self._point_latest_at(folder)
        except OSError as fault:
            self._release()
            raise Fault(
                f"数据目录 {self._data} 不可写（{fault.strerror}）：请用 --data 指定可写的目录。",
                f"the data folder {self._data} cannot be written ({fault.strerror}): "
                "name another with --data.",
            ) from None
        except Fault:
            self._release()
            raise
        return folder

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._release()

    def _take_lock(self, lock: TextIO) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "?"
            raise Fault(
                f"另一个 onecard run（进程 {owner}）正在使用 {self._data}："
                "请等它结束，或用 --data 指定别的目录。",
                f"another onecard run (process {owner}) is using {self._data}: "
                "wait for it to end, or name another folder with --data.",
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()

    def _point_latest_at(self, folder: Path) -> None:
        fresh = self._data / f".{LATEST}-{os.getpid()}"
        fresh.symlink_to(folder.name)
        fresh.replace(self._data / LATEST)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
