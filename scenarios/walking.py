"""A walk through scenarios: each step is announced and waits until it is let through.

A walk is a run (`running`) with a gate before each step and somebody who reads its stream of
outcomes meanwhile. The gate is a pipe: a byte lets one step through; when the end that writes is
closed, or its process has ended, the walk is left and the run ends by itself.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from scenarios import outcomes
from scenarios.outcomes import Outcome
from scenarios.running import ScenarioRun, ScenariosCannotRun, run_scenarios
from scenarios.settings import ScenarioSettings

_POLL_S = 0.02
_LET_THROUGH = b"."


class Walk:
    """A run under way; a context manager. Read `outcomes`, and `let_through` each step that is
    announced.
    """

    def __init__(self, settings: ScenarioSettings, stream: Path, tags: str = "") -> None:
        """`stream`: where this run's outcomes go; `tags` as in a run."""
        self._stream = stream
        self._tags = tags
        self._waiting_end, self._opening_end = os.pipe()
        self._settings = msgspec.structs.replace(settings, outcomes=stream, gate=self._waiting_end)
        self._ended = threading.Event()
        self._run: ScenarioRun | None = None
        self._fault: ScenariosCannotRun | None = None
        self._thread = threading.Thread(target=self._go, name="walk", daemon=True)

    def let_through(self) -> None:
        """Let the step through that waits."""
        os.write(self._opening_end, _LET_THROUGH)

    def outcomes(self) -> Iterator[Outcome]:
        """What happens, as it happens, until the run has ended.

        Raises `ScenariosCannotRun` when nothing matches or pytest itself fails.
        """
        position = 0
        while True:
            has_ended = self._ended.is_set()
            for outcome, after in outcomes.read_from(self._stream, position):
                position = after
                yield outcome
            if has_ended:
                break
            self._ended.wait(_POLL_S)
        if self._fault is not None:
            raise self._fault

    @property
    def passed(self) -> bool:
        """Whether the run has ended and every scenario held."""
        return self._run is not None and self._run.passed

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        os.close(self._opening_end)
        self._thread.join()
        os.close(self._waiting_end)

    def _go(self) -> None:
        try:
            self._run = run_scenarios(self._settings, self._tags)
        except ScenariosCannotRun as fault:
            self._fault = fault
        finally:
            self._ended.set()
