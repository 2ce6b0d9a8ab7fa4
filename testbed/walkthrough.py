"""What a trainer sees of a walk: each step in both languages, then what happened.

A consumer of the stream of outcomes with a gate before each step: Enter on a terminal, a pause
elsewhere. `q` and Enter, or the end of the input, leaves the walk.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from scenarios.outcomes import (
    ApduExchanged,
    Named,
    Outcome,
    PlatformAnswered,
    Result,
    ScenarioFinished,
    ScenarioStarted,
    StepAnnounced,
    StepFinished,
)
from scenarios.walking import Walk
from testbed.language import say

LEAVE = "q"
_WORDS: dict[Result, tuple[str, str, str]] = {
    "passed": ("✓ 通过", "✓ held", "green"),
    "failed": ("✗ 未通过", "✗ did not hold", "red"),
    "skipped": ("- 未执行", "- not tried", "yellow"),
}

Gate = Callable[[], bool]
"""Waits before a step; False: the trainer leaves."""


def wait_for_enter() -> bool:
    """Until the trainer presses Enter."""
    print(say("  [Enter 继续，q 退出] ", "  [Enter to go on, q to leave] "), end="", flush=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        print()
    return line != "" and line.strip().lower() != LEAVE


def pause_of(seconds: float) -> Gate:
    """Goes on by itself after so many seconds."""

    def wait() -> bool:
        time.sleep(seconds)
        return True

    return wait


@dataclass
class Walkthrough:
    """Tells a walk on standard output, and counts what was shown."""

    gate: Gate
    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    shown: list[tuple[str, Result, int]] = field(default_factory=list)
    """Of each scenario its name, how it ended, how many steps held."""
    _name: str = ""
    _held: int = 0

    def follow(self, walk: Walk) -> bool:
        """Tell everything, to the end; whether it was not left before."""
        for outcome in walk.outcomes():
            self._tell(outcome)
            if isinstance(outcome, StepAnnounced):
                if not self.gate():
                    self._print(say("演示到此为止。", "The walk was left here."), "yellow")
                    return False
                walk.let_through()
        return True

    def list_shown(self) -> None:
        """What was shown, at the end."""
        self._print("\n" + say("演示清单", "What was shown"), "bold")
        for name, result, held in self.shown:
            zh, en, colour = _WORDS[result]
            steps = say(f"{held} 步成立", f"{held} steps held")
            self._print(f"  {say(zh, en)}  {name}  ({steps})", colour)
        if not self.shown:
            self._print(
                "  " + say("没有演示完的场景", "no scenario was shown to its end"), "yellow"
            )

    def _tell(self, outcome: Outcome) -> None:
        match outcome:
            case ScenarioStarted():
                self._name, self._held = f"{outcome.name_zh} / {outcome.name_en}", 0
                self._print(f"\n{self._name}", "bold")
            case StepAnnounced():
                self._print(f"\n▶ {outcome.text_zh}", "bold cyan")
                if outcome.text_en != outcome.text_zh:
                    self._print(f"  {outcome.text_en}", "cyan")
            case StepFinished():
                self._tell_step(outcome)
            case ApduExchanged():
                self._tell_exchange(outcome)
            case PlatformAnswered():
                self._tell_answer(outcome)
            case ScenarioFinished():
                self.shown.append((self._name, outcome.result, self._held))
            case _:
                pass

    def _tell_step(self, step: StepFinished) -> None:
        zh, en, colour = _WORDS[step.result]
        if step.result == "skipped":
            self._print(f"\n  {say(step.text_zh, step.text_en)}", "dim")
        self._held += step.result == "passed"
        self._print(f"  {say(zh, en)}  ({step.duration_s:.2f} s)", colour)
        if step.message:
            self._print(f"    {step.message}", "red")
        for fact in step.facts:
            self._print(f"    {_named(fact)}")

    def _tell_exchange(self, exchange: ApduExchanged) -> None:
        title = say(exchange.title_zh, exchange.title_en)
        status = say(exchange.status_zh, exchange.status_en)
        zh, _, en = exchange.phase.partition(" / ")
        line = f"    {say('卡', 'card')} ⇄ {say(zh, en or zh)}: {title} → {status}"
        self._print(line)
        self._print(f"      {exchange.command} → {exchange.response}", "dim")
        for one in exchange.fields:
            self._print(f"      {_named(one)}", "dim")

    def _tell_answer(self, answer: PlatformAnswered) -> None:
        line = f"    {say('平台', 'platform')}: {answer.method} {answer.path} → {answer.status}"
        if answer.code:
            line += f" {answer.code}: {say(answer.detail_zh, answer.detail_en)}"
        self._print(line)

    def _print(self, text: str, style: str = "") -> None:
        self.console.print(escape(text), style=style or None)


def _named(one: Named) -> str:
    return f"{say(one.name_zh, one.name_en)}: {one.value}"
