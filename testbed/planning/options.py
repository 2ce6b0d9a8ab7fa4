"""The options that every planning verb takes; `call.call_of` makes a `Call` of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sim.engines import COMPILED
from testbed.bilingual import option

REPLICATIONS = 16
"""Where every setting is played equally often."""


def precision_option(function: Any) -> Any:
    """Declare until how narrow an interval replications go on."""
    return option(
        "--precision",
        type=float,
        zh="区间半宽不超过均值的这一比例为止，如 0.05",
        en="until half width / mean is at most this, as 0.05",
    )(function)


def antithetic_option(function: Any) -> Any:
    """Declare runs in antithetic pairs."""
    return option(
        "--antithetic",
        is_flag=True,
        zh="成对运行：第二次取 1-u",
        en="runs in pairs, the second with 1 - u",
    )(function)


def warm_up_option(function: Any) -> Any:
    """Declare the time that is played, not counted."""
    return option(
        "--warm-up",
        default="0",
        zh="预热秒数，不计入；auto 由 MSER-5 判定",
        en="seconds not counted; auto: found by MSER-5",
    )(function)


def calibration_options(function: Any) -> Any:
    """Declare measured service times: the file, and which station has them."""
    calibration = option(
        "--calibration",
        type=Path,
        zh="onecard calibrate 的结果",
        en="what onecard calibrate wrote",
    )
    service = option(
        "--service",
        "services",
        multiple=True,
        zh="站点=请求：该站点用实测服务时间",
        en="STATION=REQUEST: measured times at this station",
    )
    return calibration(service(function))


def replications_max_option(most: int) -> Callable[[Any], Any]:
    """Declare the most runs of one setting."""
    return option(
        "--replications-max",
        type=int,
        default=most,
        show_default=True,
        zh="每种设置至多运行的次数",
        en="most runs of one setting",
    )


def table_options(function: Any) -> Any:
    """Declare the folders of a report and of tables."""
    for each in (
        option(
            "--parquet",
            "parquet_folder",
            type=Path,
            zh="把表格（Parquet）写入此目录",
            en="write tables into this folder, as Parquet",
        ),
        option(
            "--csv",
            "csv_folder",
            type=Path,
            zh="把表格（CSV）写入此目录",
            en="write tables into this folder, as CSV",
        ),
        option(
            "--report",
            "report_folder",
            type=Path,
            zh="把单个自包含 HTML 报告写入此目录",
            en="write one self-contained HTML report into this folder",
        ),
    ):
        function = each(function)
    return function


def handing_over_options(*, zh: str, en: str) -> Callable[[Any], Any]:
    """Declare where pictures (what they are is said), a report and tables go; `wanted_of` takes
    them together with `--json`.
    """

    def declare(function: Any) -> Any:
        plot = option(
            "--plot", type=Path, zh=f"把{zh}写入此目录", en=f"write {en} into this folder"
        )
        return plot(table_options(function))

    return declare


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
        replications_max_option(replications),
        precision_option,
        antithetic_option,
        warm_up_option,
        calibration_options,
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
