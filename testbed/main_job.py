"""The main job: the whole testbed once, for real, into one stream of outcomes and one report.

The story: start the platform; see which reader can be had; run the scenarios; play a model; put
load on the platform; check the books again; build the report. What happens is written to the
stream; the terminal and the report only read it.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from loadtests import LoadTestCannotRun, run_load
from reports import build_report
from scenarios import outcomes
from scenarios.outcomes import Named
from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.running import FEATURES, run_scenarios
from scenarios.service_desk import Access, ServiceDesk
from scenarios.settings import ReaderKind, ScenarioSettings
from sim.engines import SIMPY
from sim.playing import run_prepared
from sim.run import Call, prepare
from testbed.faults import Fault
from testbed.last_results import keep_results
from testbed.progress import Progress
from testbed.reader_choice import WantedReader, reader_to_use
from testbed.simulation_files import told_of_simulation

MODEL = "metro-station"
LOAD_PROFILE = "station-rush"
LOAD_RATE_PER_S = 200.0
LOAD_DURATION_S = 10.0
QUICK_LOAD_DURATION_S = 3.0
FIRST_STORY = FEATURES / "chongqing" / "one_card.feature"
"""All of a card's way, from application to the books; what `--quick` runs of the scenarios."""
VERSIONS_TOLD = ("onecard-testbed", "litestar", "uvicorn", "sqlalchemy", "simpy", "locust")


@dataclass(frozen=True, slots=True)
class MainJob:
    """What `onecard run` was asked: `database` None means SQLite in the folder of the run."""

    folder: Path
    reader: WantedReader = "auto"
    database: str | None = None
    port: int = 0
    seed: int = 1
    quick: bool = False


@dataclass(frozen=True, slots=True)
class MainJobResult:
    """Whether all held, the report, what its reader should know beforehand, what did not hold."""

    passed: bool
    report: Path
    warnings: list[outcomes.Note]
    fell_short: list[Named]


def do_main_job(job: MainJob) -> MainJobResult:
    """Do it. Raises `Fault` when something needed cannot be had; ends all it started."""
    stream = job.folder / "outcomes.jsonl"
    began = time.monotonic()
    with Progress(stream) as progress:
        progress.doing("检查读卡器", "looking for readers")
        reader, note = reader_to_use(job.reader)
        _start_stream(stream, job, reader)
        if note is not None:
            outcomes.append(stream, note)
        progress.doing("启动卡平台", "starting the card platform")
        with _platform(job) as running:
            progress.doing("运行场景", "running the scenarios")
            passed = _run_scenarios(stream, job, running.access_file, reader)
            progress.doing("早高峰仿真", "playing the morning rush")
            _simulate(stream, job.seed)
            progress.doing("压力测试", "putting load on the platform")
            passed &= _load(stream, job, running.access_file, progress)
            passed &= _check_books(stream, running.access_file)
        result: outcomes.Result = "passed" if passed else "failed"
        outcomes.append(
            stream,
            outcomes.RunFinished(
                at=outcomes.now(), result=result, duration_s=round(time.monotonic() - began, 1)
            ),
        )
        progress.doing("生成报告", "building the report")
        report = build_report(stream, job.folder)
        told = list(outcomes.read(stream))
    warnings = [one for one in told if isinstance(one, outcomes.Note) and one.level == "warning"]
    return MainJobResult(passed, report, warnings, [*_what_fell_short(told)])


def _what_fell_short(told: Iterable[outcomes.Outcome]) -> Iterator[Named]:
    """Failed scenarios and missed limits of the load; the books tell of themselves in a note."""
    for one in told:
        match one:
            case outcomes.StepFinished(result="failed"):
                yield Named("场景", "scenario", f"{one.scenario}: {one.message}".strip())
            case outcomes.LoadFinished():
                for limit in one.result["thresholds"]:
                    if not limit["ok"]:
                        sign = "≤" if limit["sense"] == "at most" else "≥"
                        asked = f"({sign} {limit['limit']:g})"
                        value = f"{limit['name']} {limit['value']:g} {asked}"
                        yield Named("压力测试", "load", value)


def _platform(job: MainJob) -> PlatformProcess:
    try:
        return PlatformProcess(
            job.folder / "platform", job.database, job.port, clock="virtual"
        ).start()
    except PlatformDidNotStart as fault:
        raise Fault(fault.zh, fault.en, fault.exit_code) from None


def _start_stream(stream: Path, job: MainJob, reader: ReaderKind) -> None:
    outcomes.append(
        stream,
        outcomes.RunStarted(
            at=outcomes.now(),
            run_id=job.folder.name,
            command="onecard run" + (" --quick" if job.quick else ""),
            host={
                "system": f"{platform.system()} {platform.release()}",
                "python": platform.python_version(),
                "cores": str(os.cpu_count()),
            },
            reader="PC/SC (pcscd, vpcd)" if reader == "pcsc" else "in-process",
            database="PostgreSQL" if job.database else "SQLite",
            versions={name: version(name) for name in VERSIONS_TOLD},
        ),
    )


def _run_scenarios(stream: Path, job: MainJob, access: Path, reader: ReaderKind) -> bool:
    settings = ScenarioSettings(
        access=access.resolve(),
        database=job.database,
        reader=reader,
        outcomes=stream.resolve(),
        seed=job.seed,
        features=[FIRST_STORY] if job.quick else [],
    )
    run = run_scenarios(settings)
    keep_results(stream)
    if not run.passed:
        (job.folder / "scenarios.log").write_text(run.log, encoding="utf-8")
    return run.passed


def _simulate(stream: Path, seed: int) -> None:
    run = run_prepared(prepare(MODEL, Call(seed=seed)), seed, SIMPY, traced=True)
    outcomes.append(stream, told_of_simulation(run))


def _load(stream: Path, job: MainJob, access: Path, progress: Progress) -> bool:
    try:
        result = run_load(
            LOAD_PROFILE,
            None,
            rate=LOAD_RATE_PER_S,
            duration_s=QUICK_LOAD_DURATION_S if job.quick else LOAD_DURATION_S,
            processes=1,
            access=access,
            progress=progress.load_step,
        )
    except LoadTestCannotRun as fault:
        outcomes.append(
            stream,
            outcomes.Note(at=outcomes.now(), level="warning", text_zh=fault.zh, text_en=fault.en),
        )
        return False
    outcomes.append(
        stream,
        outcomes.LoadFinished(at=outcomes.now(), result=result.to_json(), series=result.series),
    )
    return result.ok


def _check_books(stream: Path, access: Path) -> bool:
    with ServiceDesk(Access.read(access)) as desk:
        check = desk.check_books()
    balanced = bool(check["balanced"])
    count_zh = f"{check['postings']} 笔记账、{check['entries']} 条分录、{check['accounts']} 个账户"
    count_en = (
        f"{check['postings']} postings, {check['entries']} entries, {check['accounts']} accounts"
    )
    outcomes.append(
        stream,
        outcomes.Note(
            at=outcomes.now(),
            level="info" if balanced else "warning",
            text_zh=f"压力测试后账目{'平衡' if balanced else '不平衡'}：{count_zh}。",
            text_en=f"after the load the books {'balance' if balanced else 'do not balance'}: "
            f"{count_en}.",
        ),
    )
    return balanced
