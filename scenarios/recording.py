"""What a running scenario tells the stream of outcomes.

Its steps, their facts, the APDUs of each step; in a walk also the platforms' answers.
"""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import msgspec

from scenarios import outcomes
from scenarios.outcomes import ApduExchanged, Named, PlatformAnswered, Result
from scenarios.phrases import in_both_languages
from virtual_cards.readers import Exchange
from virtual_cards.terminals.platform_line import Problem
from virtual_cards.transcripts import DecodedExchange


class Recorder:
    """Writes the outcomes of one scenario in the order things happen."""

    def __init__(self, stream: Path | None, scenario: str, *, walked: bool = False) -> None:
        """`stream` None: nothing is written, as in a run of plain pytest. `walked`: what platforms
        answer is written too.
        """
        self._walked = walked
        self._stream = stream
        self._scenario = scenario
        self._began = time.monotonic()
        self._step_began = self._began
        self._step = ""
        self._facts: list[Named] = []
        self._exchanges: list[ApduExchanged] = []
        self._answers: list[PlatformAnswered] = []

    def start(self, feature: str, name: str, tags: set[str]) -> None:
        """The scenario begins; its name is `Chinese / English`."""
        zh, _, en = name.partition(" / ")
        self._append(
            outcomes.ScenarioStarted(
                at=outcomes.now(),
                scenario=self._scenario,
                feature=feature,
                name_zh=zh,
                name_en=en or zh,
                tags=sorted(tags),
            )
        )

    def announce_step(self, keyword: str, text: str) -> None:
        """A step of a walk is about to begin."""
        zh, en = in_both_languages(text)
        self._append(
            outcomes.StepAnnounced(
                at=outcomes.now(),
                scenario=self._scenario,
                keyword=keyword.strip(),
                text_zh=zh,
                text_en=en,
            )
        )

    def start_step(self, text: str) -> None:
        """A step begins."""
        self._step, self._facts, self._exchanges, self._answers = text, [], [], []
        self._step_began = time.monotonic()

    def fact(self, zh: str, en: str, value: object) -> None:
        """Something worth telling about the step: a number, a state, a reason."""
        self._facts.append(Named(zh, en, str(value)))

    def exchanged(self, exchange: Exchange, told: DecodedExchange, phase: str) -> None:
        """A command and its response, to be written with the step that is under way."""
        self._exchanges.append(
            ApduExchanged(
                at=outcomes.now(),
                scenario=self._scenario,
                step=self._step,
                phase=phase,
                reader=exchange.reader,
                sequence=exchange.sequence,
                command=told.command,
                response=told.response,
                duration_s=round(exchange.duration_s, 6),
                title_zh=told.title_zh,
                title_en=told.title_en,
                fields=[Named(one.name_zh, one.name_en, one.value) for one in told.fields],
                status_zh=told.status_zh,
                status_en=told.status_en,
            )
        )

    def hear(self, response: httpx.Response) -> None:
        """A platform answered; in a walk it is written with the step that is under way."""
        if not self._walked:
            return
        problem = _problem_of(response)
        self._answers.append(
            PlatformAnswered(
                at=outcomes.now(),
                scenario=self._scenario,
                step=self._step,
                method=response.request.method,
                path=response.request.url.path,
                status=response.status_code,
                code=problem.code,
                detail_zh=problem.detail_zh,
                detail_en=problem.detail_en,
            )
        )

    def finish_step(self, keyword: str, text: str, result: Result, message: str = "") -> None:
        """A step ended; its exchanges and answers follow it in the stream."""
        zh, en = in_both_languages(text)
        self._append(
            outcomes.StepFinished(
                at=outcomes.now(),
                scenario=self._scenario,
                keyword=keyword.strip(),
                text_zh=zh,
                text_en=en,
                result=result,
                duration_s=round(time.monotonic() - self._step_began, 4),
                message=message,
                facts=self._facts,
            )
        )
        for exchange in self._exchanges:
            self._append(exchange)
        for answer in self._answers:
            self._append(answer)
        self._facts, self._exchanges, self._answers = [], [], []

    def finish(self, result: Result) -> None:
        """The scenario ended."""
        duration_s = round(time.monotonic() - self._began, 3)
        self._append(
            outcomes.ScenarioFinished(
                at=outcomes.now(), scenario=self._scenario, result=result, duration_s=duration_s
            )
        )

    @property
    def scenario(self) -> str:
        """Id of the scenario."""
        return self._scenario

    @property
    def step(self) -> str:
        """Text of the step under way."""
        return self._step

    def _append(self, outcome: outcomes.Outcome) -> None:
        if self._stream is not None:
            outcomes.append(self._stream, outcome)


def _problem_of(response: httpx.Response) -> Problem:
    """Why a platform refused; empty where it did not, or does not say."""
    if response.is_success:
        return Problem(code="")
    try:
        return msgspec.json.decode(response.read(), type=Problem)
    except msgspec.MsgspecError:
        return Problem(code="")
