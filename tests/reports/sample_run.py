"""A realistic stream of outcomes to build reports from: made-up people, real shapes.

`python -m tests.reports.sample_run FOLDER` writes it and the report of it, to look at.
"""

from __future__ import annotations

import math
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from reports import build_report
from scenarios.outcomes import (
    ApduExchanged,
    LoadFinished,
    Named,
    Note,
    Outcome,
    PlanningFinished,
    PlanningRow,
    Result,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    ScenarioStarted,
    SimulationFinished,
    StepFinished,
    TitledPicture,
    append,
)
from sim.engines import SIMPY
from sim.pictures import CurvePoint, draw_capacity_curve
from sim.playing import run_prepared
from sim.run import Call, prepare
from testbed.simulation_files import told_of_simulation

AT = "2026-11-21T21:30:00.125+08:00"
RIDE, LOST = "metro-ride", "lost-card"


def step(scenario: str, keyword: str, zh: str, en: str, **more: Any) -> StepFinished:
    result: Result = more.pop("result", "passed")
    return StepFinished(
        at=AT, scenario=scenario, keyword=keyword, text_zh=zh, text_en=en,
        result=result, duration_s=0.0123, **more,
    )  # fmt: skip


def exchange(number: int, command: str, response: str, title: str, **more: Any) -> ApduExchanged:
    zh, en = title.split("|")
    status = {"9000": ("成功", "success"), "6A82": ("找不到文件", "file not found")}
    meaning = status.get(response[-4:], ("未知", "unknown"))
    return ApduExchanged(
        at=AT, scenario=RIDE, step="她在较场口站刷卡进站", phase="entry", reader="in-process 0",
        sequence=number, command=command, response=response, duration_s=0.000041,
        title_zh=zh, title_en=en, fields=more.get("fields", []),
        status_zh=meaning[0], status_en=meaning[1],
    )  # fmt: skip


def ride_exchanges() -> list[Outcome]:
    """One complex purchase as a gate and a purse talk it."""
    journey = "03" + "0000500000000001" + "01" + "0201" * 3 + "00" * 37
    trip = [
        Named("可用余额", "balance", "50.00 元 / CNY"),
        Named("脱机交易序号", "offline sequence", "0"),
        Named("随机数", "random", "1122 3344"),
    ]
    return [
        exchange(
            1, "00A4040008A000000632010105",
            "6F318408A000000632010105A5259F0801029F0C1E50000001FFFFFFFF"
            "020103105000000000000000202601012036010100009000",
            "选择交通联合电子钱包|SELECT the T-Union purse",
            fields=[Named("应用标识", "AID", "A000000632010105"),
                    Named("应用序列号", "application serial", "0310 5000 0000 0000 0001")],
        ),
        exchange(2, "00B201D480", "27007D01" + "00" * 124 + "9000",
                 "读轨道交通记录|READ RECORD 1A, rail"),
        exchange(3, "805003020B0100000000500000000001", "00001388000000000001001122334490" + "00",
                 "复合消费初始化|INITIALIZE FOR CAPP PURCHASE", fields=trip),
        exchange(4, "80DC00F030" + journey, "9000", "缓存行程记录|UPDATE CAPP DATA CACHE, file 1E"),
        exchange(5, "805401000F0000000120261121081500F15CAB75", "98A1B2C356988A139000",
                 "复合消费|DEBIT FOR CAPP PURCHASE",
                 fields=[Named("交易验证码", "TAC", "98A1B2C3"),
                         Named("MAC2", "MAC2", "56988A13")]),
        exchange(6, "00B0990000", "6A82", "读不存在的文件|READ BINARY of a file that is not there"),
    ]  # fmt: skip


def load_outcome() -> LoadFinished:
    """Ten seconds at 200 a second, with one stall."""
    p99 = [14.0 + 3 * math.sin(second) for second in range(10)]
    p99[6] = 1_012.0
    latencies = {"p50": 4.2, "p95": 19.5, "p99": 702.5, "p999": 1_008.1, "max": 1_012.0}
    by_request = {
        name: {"requests": count, "failures": failures, "latency_ms": latencies}
        for name, count, failures in (
            ("identity-check", 400, 0), ("tap-entry", 800, 2), ("tap-exit", 800, 0))
    }  # fmt: skip
    thresholds = [
        {"name": "failures_share", "limit": 0.0, "value": 0.001, "ok": False},
        {"name": "latency_ms_p95", "limit": 300.0, "value": 19.5, "ok": True},
        {"name": "latency_ms_p99", "limit": 1000.0, "value": 702.5, "ok": True},
        {
            "name": "rate_done_per_s",
            "limit": 190.0,
            "value": 199.8,
            "ok": True,
            "sense": "at least",
        },
    ]
    result = {
        "profile": "station-rush", "rate_target_per_s": 200.0, "rate_sent_per_s": 200.0,
        "rate_done_per_s": 199.8, "requests": 2_000, "failures": 2, "latency_ms": latencies,
        "late_ms_p99": 1.4, "by_request": by_request, "thresholds": thresholds,
        "failure_codes": {"tap-replayed": 2}, "duration_s": 10.0,
    }  # fmt: skip
    series = {
        "t_s": [float(second) for second in range(10)],
        "rate_per_s": [200.0, 200.0, 199.0, 201.0, 200.0, 200.0, 12.0, 386.0, 200.0, 200.0],
        "latency_p50_ms": [4.2] * 6 + [480.0] + [4.4] * 3,
        "latency_p99_ms": p99,
    }
    return LoadFinished(at=AT, result=result, series=series)


@cache
def simulation_outcome() -> SimulationFinished:
    """A real run of the metro station."""
    run = run_prepared(prepare("metro-station", Call()), 1, SIMPY, traced=True)
    return msgspec.structs.replace(told_of_simulation(run), at=AT)


def planning_outcome() -> PlanningFinished:
    """Three settings tried against one limit; one of them would never have ended."""
    rows = [
        PlanningRow(
            "gates=5", "", 2, verdict="fails", stopped_zh="已中止", stopped_en="broken off"
        ),
        PlanningRow("gates=6", "gates.wait_s.p95 <= 30", 64, 31.5, 28.9, 34.1, "undecided"),
        PlanningRow("gates=7", "gates.wait_s.p95 <= 30", 8, 3.7, 2.9, 4.4, "holds"),
    ]
    curve = draw_capacity_curve(
        [CurvePoint(6, 31.5, (28.9, 34.1), "undecided"), CurvePoint(7, 3.7, (2.9, 4.4), "holds")],
        varied="gates", figure="gates.wait_s.p95", target=30, answer=7,
    )  # fmt: skip
    return PlanningFinished(
        at=AT, model="metro-station", preset="average",
        result={"call": {"engine": "compiled", "seed": 1, "scale": 1, "settings": {"gates": "7"}}},
        title_zh="地铁站早高峰进站闸机", title_en="Entry gates of a metro station",
        answer_zh="最少 gates=7", answer_en="Least: gates=7", rows=rows,
        assumptions=simulation_outcome().assumptions,
        pictures=[TitledPicture("随 gates 的变化", "over gates", curve)],
    )  # fmt: skip


def outcomes() -> list[Outcome]:
    """A whole run with everything that a report can show."""
    faulty = "余额应为 4700 分，实为 5000 分\nexpected a balance of 4700 fen, found 5000 fen"
    return [
        RunStarted(
            at=AT, run_id="20261121-213000-5f3a", command="onecard run",
            host={"system": "Linux 6.1 x86_64", "cores": "2", "python": "3.11.2"},
            reader="in-process (no PC/SC here)", database="SQLite",
            versions={"onecard-testbed": "0.1.0", "litestar": "2.25.0", "locust": "2.47.0"},
        ),
        Note(at=AT, level="warning",
             text_zh="没有 pcscd：改用进程内读卡器，未经过真实的 PC/SC 协议栈。",
             text_en="pcscd is missing: the in-process reader was used, not a real PC/SC stack."),
        Note(at=AT, level="info", text_zh="数据库为嵌入式 SQLite。",
             text_en="The database is SQLite."),
        ScenarioStarted(at=AT, scenario=RIDE, feature="轨道交通 / Metro",
                        tags=["@CQ-18b", "@transit"],
                        name_zh="持卡人用社保卡乘坐轨道交通2号线",
                        name_en="A holder rides Line 2 with the social security card"),
        step(RIDE, "假如", "李晓梅已领取并激活一张社会保障卡，卡内余额50元",
             "Li Xiaomei holds an active card with a balance of 50 yuan",
             facts=[Named("卡号", "card number", "A12345678"),
                    Named("ATR 历史字节", "historical bytes", "00814A4446866050000000002A")]),
        *ride_exchanges(),
        step(RIDE, "当", "她在较场口站刷卡进站", "she taps in at Jiaochangkou"),
        step(RIDE, "那么", "闸机放行，平台记录一次进站",
             "the gate opens and the platform records an entry"),
        ScenarioFinished(at=AT, scenario=RIDE, result="passed", duration_s=0.412),
        ScenarioStarted(at=AT, scenario=LOST, feature="挂失 / Loss", tags=["@CQ-21"],
                        name_zh="挂失的卡不能进站 <script>alert(1)</script>",
                        name_en="A lost card does not open the gate"),
        step(LOST, "假如", "王建国的卡已正式挂失", "Wang Jianguo's card is formally reported lost"),
        step(LOST, "当", "有人用该卡在李子坝站刷卡", "someone taps it at Liziba",
             result="failed", message=faulty),
        step(LOST, "那么", "闸机拒绝", "the gate refuses", result="skipped"),
        ScenarioFinished(at=AT, scenario=LOST, result="failed", duration_s=0.2),
        simulation_outcome(),
        planning_outcome(),
        load_outcome(),
        RunFinished(at=AT, result="failed", duration_s=24.7),
    ]  # fmt: skip


def write_sample(folder: Path) -> Path:
    """The sample as a stream in this folder."""
    stream = folder / "outcomes.jsonl"
    stream.unlink(missing_ok=True)
    for outcome in outcomes():
        append(stream, outcome)
    return stream


if __name__ == "__main__":
    there = Path(sys.argv[1])
    there.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"{build_report(write_sample(there), there)}\n")
