"""The pytest plugin under every scenario run: options, the recorder, and the hooks that feed it."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from pytest_bdd.parser import Feature, Scenario, Step

from scenarios.recording import Recorder
from scenarios.settings import ScenarioSettings

STEP_MODULES = [
    "scenarios.steps.application",
    "scenarios.steps.card_life",
    "scenarios.steps.card_services",
    "scenarios.steps.pin_reset",
    "scenarios.steps.ride",
    "scenarios.steps.fares",
    "scenarios.steps.daily_life",
    "scenarios.steps.clearing",
    "scenarios.steps.banks",
    "scenarios.steps.payday",
    "scenarios.steps.payouts",
    "scenarios.steps.books",
    "scenarios.steps.oversight",
    "scenarios.steps.supervision",
    "scenarios.steps.complaints",
    "scenarios.steps.cases",
    "scenarios.steps.risk",
    "scenarios.steps.queries",
    "scenarios.steps.forged_cards",
    "scenarios.steps.one_interface",
    "scenarios.steps.data_protection",
    "scenarios.steps.linked_data",
    "scenarios.steps.catalogue",
    "scenarios.steps.schemes",
    "scenarios.steps.card_functions",
    "scenarios.steps.identity",
    "scenarios.steps.licences",
    "scenarios.steps.concessions",
    "scenarios.steps.recognition",
    "scenarios.steps.reconciliation",
    "scenarios.steps.production",
    "scenarios.steps.joint_services",
    "scenarios.steps.joint_items",
    "scenarios.steps.foreign_cards",
    "scenarios.steps.care",
    "scenarios.steps.care_elsewhere",
    "scenarios.steps.double_stays",
    "scenarios.steps.old_answers",
    "scenarios.steps.places",
    "scenarios.steps.bills",
    "scenarios.steps.lending",
    "scenarios.steps.nine_domains",
    "scenarios.steps.passed_complaints",
    "scenarios.steps.departments",
    "scenarios.steps.electronic_card",
    "scenarios.steps.employment",
    "scenarios.steps.assistance",
    "scenarios.steps.guided_kiosk",
    "scenarios.steps.training",
    "scenarios.steps.planning",
]
pytest_plugins = ["scenarios.surroundings", "scenarios.step_of_phrase", *STEP_MODULES]

SETTINGS = pytest.StashKey[ScenarioSettings]()
RECORDER = pytest.StashKey[Recorder]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--onecard-settings FILE`: where the platform is, which reader, where outcomes go."""
    parser.addoption("--onecard-settings", type=Path, default=None, help="JSON, ScenarioSettings")


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings once."""
    path: Path | None = config.getoption("--onecard-settings")
    config.stash[SETTINGS] = ScenarioSettings.read(path) if path else ScenarioSettings()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where scenarios are named, keep those, in the order of their names."""
    wanted = config.stash[SETTINGS].scenarios
    if not wanted:
        return
    named = [item for item in items if _id_of(item) in wanted]
    config.hook.pytest_deselected(items=[item for item in items if item not in named])
    items[:] = sorted(named, key=lambda item: wanted.index(_id_of(item)))


@pytest.fixture(scope="session")
def settings(pytestconfig: pytest.Config) -> ScenarioSettings:
    """Settings of this run."""
    return pytestconfig.stash[SETTINGS]


@pytest.fixture
def recorder(request: pytest.FixtureRequest) -> Recorder:
    """Recorder of this scenario."""
    return request.node.stash[RECORDER]  # type: ignore[no-any-return]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Give every scenario a recorder before its fixtures are made."""
    settings = item.config.stash[SETTINGS]
    item.stash[RECORDER] = Recorder(settings.outcomes, item.name, walked=settings.gate is not None)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A scenario whose surroundings cannot be made is a failed scenario, not a missing one."""
    report = yield
    if report.when == "setup" and report.failed:
        recorder = item.stash[RECORDER]
        recorder.start("", item.name, set())
        recorder.start_step("surroundings")
        recorder.finish_step("", "surroundings", "failed", str(report.longrepr).splitlines()[-1])
        recorder.finish("failed")
    return report


def pytest_bdd_before_scenario(
    request: pytest.FixtureRequest, feature: Feature, scenario: Scenario
) -> None:
    """The scenario begins."""
    _recorder(request).start(feature.rel_filename, scenario.name, {*scenario.tags, *feature.tags})


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    """A step begins; in a walk it is announced first and waits at the gate."""
    settings = request.config.stash[SETTINGS]
    if settings.gate is not None:
        _recorder(request).announce_step(step.keyword, step.name)
        if not os.read(settings.gate, 1):
            pytest.exit("the walk was left")
    _recorder(request).start_step(step.name)


def pytest_bdd_after_step(request: pytest.FixtureRequest, step: Step) -> None:
    """A step held."""
    _recorder(request).finish_step(step.keyword, step.name, "passed")


def pytest_bdd_step_error(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, exception: Exception
) -> None:
    """A step did not hold; those after it are not tried."""
    _fail(request, scenario, step, f"{type(exception).__name__}: {exception}")


def pytest_bdd_step_func_lookup_error(
    request: pytest.FixtureRequest, scenario: Scenario, step: Step, exception: Exception
) -> None:
    """A step fits no phrase."""
    _recorder(request).start_step(step.name)
    _fail(request, scenario, step, str(exception))


def pytest_bdd_after_scenario(request: pytest.FixtureRequest, scenario: Scenario) -> None:
    """The scenario ended."""
    failed = any(step.failed for step in scenario.steps)
    _recorder(request).finish("failed" if failed else "passed")


def _fail(request: pytest.FixtureRequest, scenario: Scenario, failed: Step, message: str) -> None:
    recorder = _recorder(request)
    failed.failed = True
    recorder.finish_step(failed.keyword, failed.name, "failed", message)
    position = scenario.steps.index(failed)
    for step in scenario.steps[position + 1 :]:
        recorder.start_step(step.name)
        recorder.finish_step(step.keyword, step.name, "skipped")


def _id_of(item: pytest.Item) -> str:
    """Id of a scenario; of an outline that of all its examples."""
    return item.name.partition("[")[0]


def _recorder(request: pytest.FixtureRequest) -> Recorder:
    return request.node.stash[RECORDER]  # type: ignore[no-any-return]
