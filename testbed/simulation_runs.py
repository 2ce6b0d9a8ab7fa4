"""A simulation run for a person: ready, set, progress with the time left, and Ctrl-C.

Quiet in a pipe: what is written then is the answer alone.
"""

from __future__ import annotations

import signal
import time
from types import FrameType, TracebackType
from typing import Any, Final, Self

from sim.compilation import is_compiled
from sim.engines import COMPILED
from sim.network import Network
from sim.planning.replications import Runs
from sim.playing import Prepared, Run, make_ready, run_prepared
from sim.stopped_run import moment
from testbed.language import say
from testbed.status_line import StatusLine

COMPILING_S: Final = 20
"""About how long compiling takes, once on a machine; 20 s of processor time were measured."""
REFRESH_S: Final = 0.2
LEFT_TOLD_FROM_S: Final = 1.0


class RunWasInterrupted(Exception):
    """Ctrl-C before the engine could say what it saw; `zh` and `en` say how far it was."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def play(prepared: Prepared, runs: Runs, *, digest: bool, traced: bool) -> Run:
    """Play the first of these runs with progress. Raises `RunWasInterrupted`."""
    seed, engine = runs.seed, runs.engine
    with RunProgress(prepared.network) as progress:
        try:
            progress.preparing(engine)
            make_ready(engine)
            progress.begins()
            return run_prepared(
                prepared, seed, engine, digest=digest, traced=traced,
                measured_from_s=runs.measured_from_s, progress=progress.tell,
            )  # fmt: skip
        except KeyboardInterrupt:
            raise RunWasInterrupted(*progress.words_so_far()) from None


class RunProgress(StatusLine):
    """How far a run is, and about how long it will take; a context manager."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._horizon_s = network.horizon_s
        self._expected = network.expected_customers()
        self._began_s = self._told_s = time.monotonic()
        self._model_s, self._customers = 0.0, 0
        self._is_asked = False
        self._before: Any = None

    def preparing(self, engine: str) -> None:
        """The engine is loaded, and compiled where that has not been done."""
        if engine == COMPILED and not is_compiled():
            words = say(
                f"编译引擎（仅首次，约 {COMPILING_S} 秒）",
                f"compiling the engine (once, about {COMPILING_S} s)",
            )
            self.show(words)

    def begins(self) -> None:
        """The run begins now."""
        self._began_s = self._told_s = time.monotonic()
        self.show(say("运行中", "running"))

    def tell(self, model_s: float, customers: int) -> None:
        """How far it is: what engines call."""
        self._model_s, self._customers = model_s, customers
        if self._is_asked:
            raise KeyboardInterrupt
        now_s = time.monotonic()
        if now_s - self._told_s < REFRESH_S:
            return
        self._told_s = now_s
        done = min(customers / self._expected, 1.0) if self._expected else 0.0
        words = say(
            f"模型时间 {moment(model_s)}，{customers:,} 人，{done:.0%}",
            f"model time {moment(model_s)}, {customers:,} customers, {done:.0%}",
        )
        left_s = (now_s - self._began_s) * (1 - done) / done if done else 0.0
        if left_s >= LEFT_TOLD_FROM_S:
            words += say(f"，约剩 {left_s:.0f} 秒", f", about {left_s:.0f} s left")
        self.show(words)

    def words_so_far(self) -> tuple[str, str]:
        """What is known of a run that did not end, in both languages."""
        at = moment(self._model_s)
        return (
            f"已中断：模型时间 {at}，已来 {self._customers:,} 人。",
            f"Interrupted at {at} of model time; {self._customers:,} customers had come.",
        )

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)
        super().__exit__(kind, value, trace)

    def _interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """Ctrl-C. Python loses an exception that comes while it frees something: it is kept."""
        self._is_asked = True
        raise KeyboardInterrupt
