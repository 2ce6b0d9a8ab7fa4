"""The events of a run put in order: scenarios with their steps, steps with their card exchanges.

Rules: an exchange names its step; it stands in the stream after that step's end, or before it when
it was told live. What belongs to no finished step is kept as `loose`, not dropped. A run or
scenario that never finished says so: it counts as failed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.figures import (
    LoadFigures,
    PlanningFigures,
    SimulationFigures,
    load_figures,
    planning_figures,
    simulation_figures,
)
from scenarios.outcomes import (
    ApduExchanged,
    LoadFinished,
    Note,
    Outcome,
    PlanningFinished,
    Result,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    ScenarioStarted,
    SimulationFinished,
    StepFinished,
)


@dataclass(slots=True)
class StepStory:
    """A finished step and what was said between terminal and card meanwhile."""

    step: StepFinished
    exchanges: list[ApduExchanged]

    def is_called(self, text: str) -> bool:
        """Whether this is the text of the step, in either language or both."""
        names = (self.step.text_zh, self.step.text_en)
        return any(name and name in text for name in names)


@dataclass(slots=True)
class ScenarioStory:
    """One scenario from its start to its end, if it came to one."""

    started: ScenarioStarted
    steps: list[StepStory] = field(default_factory=list)
    loose: list[ApduExchanged] = field(default_factory=list)
    finished: ScenarioFinished | None = None

    def finish_step(self, step: StepFinished) -> None:
        """A step ended: exchanges seen since the one before belong to the one they name."""
        told = StepStory(step, [])
        before = self.steps[-1] if self.steps else told
        for exchange in self.loose:
            (told if told.is_called(exchange.step) else before).exchanges.append(exchange)
        self.loose = []
        self.steps.append(told)

    def finish(self, finished: ScenarioFinished) -> None:
        """The scenario ended: no later step will claim what is left."""
        self.finished = finished
        if self.steps:
            self.steps[-1].exchanges += self.loose
            self.loose = []

    @property
    def result(self) -> Result:
        """How it ended."""
        return self.finished.result if self.finished else "failed"


@dataclass(slots=True)
class RunStory:
    """A whole run."""

    started: RunStarted | None = None
    finished: RunFinished | None = None
    scenarios: list[ScenarioStory] = field(default_factory=list)
    simulations: list[SimulationFigures] = field(default_factory=list)
    plannings: list[PlanningFigures] = field(default_factory=list)
    loads: list[LoadFigures] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def result(self) -> Result:
        """How it ended; a run without an end has failed."""
        return self.finished.result if self.finished else "failed"

    def count(self, result: Result) -> int:
        """How many scenarios ended so."""
        return sum(scenario.result == result for scenario in self.scenarios)


def tell(outcomes: Iterable[Outcome]) -> RunStory:
    """The story of a stream of outcomes.

    Raises `KeyError` for a step or exchange of a scenario that never started, and
    `msgspec.ValidationError` for figures that are not those of the contract.
    """
    story = RunStory()
    scenarios: dict[str, ScenarioStory] = {}
    for outcome in outcomes:
        match outcome:
            case RunStarted():
                story.started = outcome
            case ScenarioStarted():
                scenarios[outcome.scenario] = ScenarioStory(outcome)
                story.scenarios.append(scenarios[outcome.scenario])
            case ApduExchanged():
                scenarios[outcome.scenario].loose.append(outcome)
            case StepFinished():
                scenarios[outcome.scenario].finish_step(outcome)
            case ScenarioFinished():
                scenarios[outcome.scenario].finish(outcome)
            case SimulationFinished():
                story.simulations.append(simulation_figures(outcome))
            case PlanningFinished():
                story.plannings.append(planning_figures(outcome))
            case LoadFinished():
                story.loads.append(load_figures(outcome))
            case Note():
                story.notes.append(outcome)
            case RunFinished():
                story.finished = outcome
    return story
