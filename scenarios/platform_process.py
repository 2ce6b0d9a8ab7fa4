"""A card platform in a process of its own, ended when its user is done."""

from __future__ import annotations

import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

START_S_MAX = 30.0
END_S_MAX = 5.0
LOG = "platform.log"


class PlatformDidNotStart(Exception):
    """The platform ended before it answered; `exit_code` is its own (2 or 3 as in the contract)."""

    def __init__(self, zh: str, en: str, exit_code: int) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.exit_code = exit_code


class PlatformProcess:
    """A running platform; a context manager."""

    def __init__(
        self,
        data: Path,
        database: str | None = None,
        port: int = 0,
        clock: Literal["real", "virtual"] = "real",
        region: str = "CQ",
    ) -> None:
        """`data` is its folder, `region` the pack it serves, or several with commas.

        `database` a URL of PostgreSQL, None SQLite; `port` 0 a free one; a `virtual` clock can be
        moved.
        """
        self._clock = clock
        self._region = region
        self.access_file = data / "access.json"
        self._data = data
        self._database = database
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and wait until it answers. Raises `PlatformDidNotStart`."""
        self._data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "card_platform", "--data", str(self._data)]
        command += ["--port", str(self._port), "--clock", self._clock, "--end-with-stdin"]
        command += ["--regions", self._region]
        command += ["--database", self._database] if self._database else []
        with (self._data / LOG).open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,  # its lifeline: it ends with this process, however that ends
                stdout=subprocess.PIPE,
                stderr=log,
                # out of the terminal's Ctrl-C: whoever started it ends it, after its own clean-up
                start_new_session=True,
            )
        assert self._process.stdout is not None  # noqa: S101
        if not _says_ready(self._process.stdout):
            raise self._failure()
        return self

    def stop(self) -> None:
        """End it; harmless when it has ended."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_S_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, no clean-up."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def __enter__(self) -> Self:
        return self if self._process is not None else self.start()

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _failure(self) -> PlatformDidNotStart:
        assert self._process is not None  # noqa: S101
        process = self._process
        self.stop()
        told = (self._data / LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        zh, en = told[-2:] if len(told) > 1 else (*told, *told) if told else ("?", "?")
        code = process.returncode if process.returncode in {2, 3} else 1
        return PlatformDidNotStart(zh, en, code)


def _says_ready(output: IO[bytes]) -> bool:
    """Whether the line that says it is ready came in time."""
    deadline = time.monotonic() + START_S_MAX
    while (left_s := deadline - time.monotonic()) > 0:
        if select.select([output], [], [], left_s)[0]:
            return output.readline().startswith(b'{"url"')
    return False
