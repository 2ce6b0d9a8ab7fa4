"""Models, their inputs and the figures of a run, as tables on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from sim.models.model import Model
from sim.places import UNLIMITED
from sim.result import SimulationResult
from testbed.language import say

STATIONS_TOLD_MAX = 40
WIDE_TOLD_MAX = 5


def print_models(told: tuple[Model, ...]) -> None:
    """Name, presets and title of each."""
    table = _table(say("模型", "model"), say("预设", "presets"), say("内容", "what it is"))
    for model in told:
        table.add_row(model.name, ", ".join(model.presets), say(model.title_zh, model.title_en))
    Console().print(table)


def print_inputs(title: str, inputs: list[dict[str, str]]) -> None:
    """Every input: value, unit, source or the mark of an assumption, what it means."""
    print(title)
    meant = any(row["meaning_en"] for row in inputs)
    headings = [say("参数", "parameter"), say("数值", "value"), say("单位", "unit")]
    headings += [say("出处", "source"), say("含义", "meaning")][: 2 if meant else 1]
    table = _table(*headings, right={1})
    for row in inputs:
        source, unit = say(row["source_zh"], row["source"]), say(row["unit_zh"], row["unit"])
        meaning = [say(row["meaning_zh"], row["meaning_en"])] if meant else []
        table.add_row(row["name"], row["value"], unit, source, *meaning)
    Console().print(table)


def print_result(result: SimulationResult) -> None:
    """The figures of each station, then the answer; of many stations the tightest."""
    print(say(result.title_zh, result.title_en))
    lost = [("refused", say("拒绝", "refused")), ("abandoned", say("离队", "gave up"))]
    lost = [each for each in lost if any(getattr(s, each[0]) for s in result.stations.values())]
    table = _table(
        say("站点", "station"), say("人次", "visits"), *(heading for _, heading in lost),
        say("等候均值 秒", "mean wait s"), "p95 s", say("最长队列", "longest queue"),
        say("利用率", "in use"), right=set(range(1, 8)),
    )  # fmt: skip
    names = list(result.stations)
    if len(names) > STATIONS_TOLD_MAX:
        tight = sorted(
            names, key=lambda name: (_is_link(result, name), -result.stations[name].wait_s["p95"])
        )
        names = [name for name in names if name in set(tight[:STATIONS_TOLD_MAX])]
    for name in names:
        station = result.stations[name]
        table.add_row(
            name,
            f"{station.visits:,}",
            *(f"{getattr(station, kind):,}" for kind, _ in lost),
            f"{station.wait_s['mean']:,.1f}",
            f"{station.wait_s['p95']:,.1f}",
            f"{station.queue_max:,}",
            f"{station.utilisation:.0%}",
        )
    Console().print(table)
    _print_intervals(result, names)
    left_out = len(result.stations) - len(names)
    if left_out:
        print(
            say(
                f"另有 {left_out} 个站点等候较短；全部见 --json。",
                f"{left_out} more stations with shorter waits; --json has all.",
            )
        )
    _print_journeys(result)
    print(say(result.answer_zh, result.answer_en))


def _is_link(result: SimulationResult, name: str) -> bool:
    """Whether nobody waits for a server there: for a train, or the end of an outage, at most."""
    return max(servers for _, servers in result.capacity[name]) == UNLIMITED


def _print_intervals(result: SimulationResult, names: list[str]) -> None:
    if result.warm_up_s:
        print(
            say(
                f"预热 {result.warm_up_s:,.0f} 秒不计入。",
                f"The first {result.warm_up_s:,.0f} s are the warm-up, not counted.",
            )
        )
    if result.replications == 1:
        return
    if not result.ci95:
        print(
            say(
                f"{result.replications} 次运行中有的被中止：没有区间。",
                f"Of {result.replications} runs some were broken off: no intervals.",
            )
        )
        return
    pairs_zh = "（成对）" if result.antithetic else ""
    pairs_en = " in antithetic pairs" if result.antithetic else ""
    print(
        say(
            f"重复运行 {result.replications} 次{pairs_zh}的 95% 区间：",
            f"95 % intervals over {result.replications} replications{pairs_en}:",
        )
    )
    table = _table(
        say("站点", "station"), say("等候均值 秒", "mean wait s"), "p95 s",
        say("最长队列", "longest queue"), say("利用率", "in use"), right={1, 2, 3, 4},
    )  # fmt: skip
    for name in names:
        of = result.ci95[name]
        table.add_row(
            name,
            "{:,.1f} - {:,.1f}".format(*of["wait_s"]["mean"]),
            "{:,.1f} - {:,.1f}".format(*of["wait_s"]["p95"]),
            "{:,.0f} - {:,.0f}".format(*of["queue_max"]),
            "{:.1%} - {:.1%}".format(*of["utilisation"]),
        )
    Console().print(table)
    _print_precision(result)


def _print_precision(result: SimulationResult) -> None:
    if not result.precision:
        return
    asked, widths = result.precision["asked"], result.precision["figures"]
    if result.precision["reached"]:
        print(
            say(
                f"要求的精度 {asked:.3g} 已达到（半宽 / 均值）：{len(widths)} 项指标。",
                f"Half width / mean is at most {asked:.3g}, as asked, of {len(widths)} figure(s).",
            )
        )
        return
    wide = [
        f"{name} {'?' if width is None else f'{width:.3g}'}"
        for name, width in widths.items()
        if width is None or width > asked
    ]
    told = "; ".join(wide[:WIDE_TOLD_MAX]) + ("; ..." if len(wide) > WIDE_TOLD_MAX else "")
    print(
        say(
            f"运行 {result.replications} 次后仍未达到精度 {asked:.3g}：{told}。"
            "请加大 --replications-max，或用 --figure 指定指标。",
            f"Still above {asked:.3g} after {result.replications} runs: {told}. Allow more with "
            "--replications-max, or name what matters with --figure.",
        )
    )


def _print_journeys(result: SimulationResult) -> None:
    if len(result.journeys) == 1 and len(result.stations) == 1:
        return
    table = _table(
        say("类别", "class"), say("人数", "customers"), say("全程均值 秒", "mean journey s"),
        "p95 s", right={1, 2, 3},
    )  # fmt: skip
    for name, times in result.journeys.items():
        figures = (times["customers"], times["mean"], times["p95"])
        table.add_row(name, f"{figures[0]:,.0f}", *(f"{each:,.1f}" for each in figures[1:]))
    Console().print(table)


def _table(*headings: str, right: set[int] | None = None) -> Table:
    table = Table(box=None, pad_edge=False)
    for at, heading in enumerate(headings):
        if at in (right or set()):
            table.add_column(heading, justify="right")
        else:
            table.add_column(heading, overflow="fold", no_wrap=at == 0)
    return table
