"""Progress on a terminal.

Reads the stream of outcomes as it grows and tells it; silent in a pipe.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from rich.console import Console
from rich.markup import escape

from loadtests.senders import Progress as LoadStep
from scenarios import outcomes
from scenarios.outcomes import (
    LoadFinished,
    Note,
    Outcome,
    RunStarted,
    ScenarioStarted,
    SimulationFinished,
    StepFinished,
)
from testbed.language import say
from testbed.status_line import StatusLine

POLL_S = 0.1
_MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "skipped": "[yellow]-[/]"}


class Progress:
    """Follows a stream and prints it to standard error; a context manager."""

    def __init__(self, stream: Path) -> None:
        self._stream = stream
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status("")
        self._decoder = msgspec.json.Decoder(Outcome)
        self._position = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)

    def doing(self, zh: str, en: str) -> None:
        """What is being done now, until the next call."""
        self._status.update(say(zh, en))

    def load_step(self, step: LoadStep) -> None:
        """How far the load test is."""
        self._status.update(load_words(step))

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status.start()
            self._thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._thread.is_alive():
            self._ending.set()
            self._thread.join()
            self._status.stop()

    def _follow(self) -> None:
        while not self._ending.wait(POLL_S):
            self._read_on()
        self._read_on()

    def _read_on(self) -> None:
        if not self._stream.exists():
            return
        with self._stream.open("rb") as file:
            file.seek(self._position)
            for line in file:
                self._position += len(line)
                if told := _line_for(self._decoder.decode(line)):
                    self._console.print(told)


def _line_for(outcome: outcomes.Outcome) -> str | None:  # noqa: PLR0911 - one return an event
    match outcome:
        case RunStarted():
            what = say("读卡器", "reader"), say("数据库", "database")
            return f"[bold]onecard[/]  {what[0]} {outcome.reader}, {what[1]} {outcome.database}"
        case ScenarioStarted():
            return f"\n[bold]{escape(say(outcome.name_zh, outcome.name_en))}[/]"
        case StepFinished():
            text = escape(say(outcome.text_zh, outcome.text_en))
            line = f"  {_MARKS[outcome.result]} {text} [dim]{outcome.duration_s:.2f} s[/]"
            return f"{line}\n    [red]{escape(outcome.message)}[/]" if outcome.message else line
        case SimulationFinished():
            return "\n" + _simulation_line(outcome)
        case LoadFinished():
            return _load_line(outcome)
        case Note():
            colour = "yellow" if outcome.level == "warning" else "dim"
            return f"[{colour}]{escape(say(outcome.text_zh, outcome.text_en))}[/]"
        case _:
            return None


def _simulation_line(outcome: SimulationFinished) -> str:
    result = outcome.result
    waits = ", ".join(
        f"{name} p95 {station['wait_s']['p95']:.0f} s"
        for name, station in result["stations"].items()
    )
    title = say("仿真", "simulation")
    people = say("人次", "people")
    return f"[bold]{title}[/] {result['model']}: {result['customers']} {people}, {escape(waits)}"


def _load_line(outcome: LoadFinished) -> str:
    result = outcome.result
    title = say("压力测试", "load test")
    return (
        f"[bold]{title}[/] {result['profile']}: {result['rate_done_per_s']:.0f}/s, "
        f"p50 {result['latency_ms']['p50']:.1f} ms, p99 {result['latency_ms']['p99']:.1f} ms, "
        f"{say('失败', 'failures')} {result['failures']}"
    )


class LoadProgress(StatusLine):
    """Progress of a load test on a terminal; a context manager."""

    def tell(self, step: LoadStep) -> None:
        """How far the load test is."""
        self.show(load_words(step))


class Counting(StatusLine):
    """A count that grows, on a terminal; quiet elsewhere. A context manager."""

    def tell_cards(self, cards: int, faulty_lines: int) -> None:
        """How far a batch of cards is."""
        self.show(
            say(
                f"{cards} 张卡，{faulty_lines} 行有错",
                f"{cards} cards, {faulty_lines} faulty lines",
            )
        )

    def tell_lines(self, lines: int) -> None:
        """How far a file of payouts, or of a bank's day, is."""
        self.show(say(f"已核对 {lines} 行", f"{lines} lines checked"))

    def tell_people(self, people: int, planned: int) -> None:
        """How far a population is."""
        self.show(say(f"已导入 {people}/{planned} 人", f"{people}/{planned} people loaded"))


_PHASES = {
    "lives": ("虚构生活", "lives"),
    "order": ("排序", "order"),
    "labels": ("核对标注", "labels"),
    "events": ("送入事件", "events sent"),
    "detection": ("识别", "detection"),
}


class Remaining(StatusLine):
    """Phases of long work, with the time left of each; quiet in a pipe. A context manager."""

    def __init__(self) -> None:
        super().__init__()
        self._phase = ""
        self._began_s = 0.0

    def tell(self, phase: str, done: int, planned: int) -> None:
        """How far a phase is."""
        if phase != self._phase:
            self._phase, self._began_s = phase, time.monotonic()
        words = say(*_PHASES[phase])
        if planned <= 1:
            self.show(words)
            return
        spent_s = time.monotonic() - self._began_s
        left_s = spent_s * (planned - done) / done if done else 0.0
        left = say(f"约剩 {left_s:.0f} 秒", f"about {left_s:.0f} s left")
        self.show(f"{words} {done}/{planned}" + (f", {left}" if left_s >= 1 else ""))

    def note(self, zh: str, en: str) -> None:
        """A line that stays."""
        self.print_above(say(zh, en))


def load_words(step: LoadStep) -> str:
    """How far a load test is, in words."""
    if step.phase == "prepare":
        return say(
            f"压力测试：准备 {step.done}/{step.planned} 人",
            f"load test: preparing {step.done}/{step.planned} people",
        )
    return say(
        f"压力测试：{step.done}/{step.planned} 个请求，失败 {step.failed}",
        f"load test: {step.done}/{step.planned} requests, {step.failed} failed",
    )
