"""The options that every planning verb takes; `call.call_of` makes a `Call` of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.engines import COMPILED
from testbed.bilingual import option

REPLICATIONS = 16
"""Where every setting is played equally often."""


def report_option(function: Any) -> Any:
    """Declare the folder of a report."""
    return option(
        "--report",
        "report_folder",
        type=Path,
        zh="把单个自包含 HTML 报告写入此目录",
        en="write one self-contained HTML report into this folder",
    )(function)


def planning_options(replications: int = REPLICATIONS) -> Callable[[Any], Any]:
    """Declare the options of a `Call`; a verb hands them to `call_of`."""
    declared = (
        option("--preset", default="", zh="预设（默认第一个）", en="preset (default: the first)"),
        option(
            "--set", "settings", multiple=True, zh="参数，如 gates=8", en="a parameter: gates=8"
        ),
        option("--scale", type=float, default=1.0, zh="客流倍数", en="times as many people"),
        option("--seed", type=int, default=1, zh="随机种子", en="seed of random numbers"),
        option(
            "--engine",
            default=COMPILED,
            show_default=True,
            zh="引擎：compiled 或 simpy",
            en="engine: compiled or simpy",
        ),
        option(
            "--replications-max",
            type=int,
            default=replications,
            show_default=True,
            zh="每种设置至多运行的次数",
            en="most runs of one setting",
        ),
        option(
            "--precision",
            type=float,
            zh="区间半宽不超过均值的这一比例为止，如 0.05",
            en="until half width / mean is at most this, as 0.05",
        ),
        option(
            "--antithetic",
            is_flag=True,
            zh="成对运行：第二次取 1-u",
            en="runs in pairs, the second with 1 - u",
        ),
        option(
            "--warm-up",
            default="0",
            zh="预热秒数，不计入；auto 由 MSER-5 判定",
            en="seconds not counted; auto: found by MSER-5",
        ),
        option(
            "--calibration",
            type=Path,
            zh="onecard calibrate 的结果",
            en="what onecard calibrate wrote",
        ),
        option(
            "--service",
            "services",
            multiple=True,
            zh="站点=请求：该站点用实测服务时间",
            en="STATION=REQUEST: measured times at this station",
        ),
        option("--scheduler", default="", zh="Dask 调度器地址", en="address of a Dask scheduler"),
        option(
            "--processes",
            type=int,
            default=0,
            zh="本机进程数（0：每核一个）",
            en="local processes (0: one a core)",
        ),
        option(
            "--json",
            "json_file",
            zh="写 JSON 结果，- 为标准输出",
            en="write JSON, - is standard output",
        ),
    )

    def declare(function: Any) -> Any:
        for each in reversed(declared):
            function = each(function)
        return function

    return declare
