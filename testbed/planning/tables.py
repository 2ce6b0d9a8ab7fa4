"""What planning found, as tables for a person."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.planning.alternatives import Sensitivity, Sweep
from sim.planning.intervals import Interval
from sim.planning.questions import as_text
from sim.planning.replications import Replications
from sim.planning.sizing import Sizing, Trial
from sim.planning.staffing import Staffing
from testbed.language import say
from testbed.planning.answers import answer_of, stopped_words
from testbed.planning.clock import clock
from testbed.planning.found import WhatIf

_VERDICTS = {
    "holds": ("[green]成立[/]", "[green]holds[/]"),
    "fails": ("[red]不成立[/]", "[red]fails[/]"),
    "undecided": ("[yellow]未定[/]", "[yellow]undecided[/]"),
}
_SHOWN = {
    "more": ("增加", "more"),
    "less": ("减少", "less"),
    "not shown": ("未见差别", "not shown"),
}


def print_sizing(found: Sizing) -> None:
    """Each setting that was tried, then the answer in one line."""
    if all(len(trial.judged) <= 1 for trial in found.evidence):
        print(found.target)
    Console().print(trials_table(found.evidence))
    print(say(*answer_of(found)))


def print_sweep(found: Sweep) -> None:
    """Each setting, its figures below it; of those given up there are none, and the last line says
    why.
    """
    Console().print(points_table([(as_text(each.setting), each.found) for each in found.points]))
    if answer := say(*answer_of(found)):
        print(answer)


def points_table(points: Sequence[tuple[str, Replications]]) -> Table:
    """Settings in words, and what their runs gave."""
    table = _table(
        say("设置与指标", "setting and figures"), say("均值", "mean"),
        say("95% 区间", "95 % interval"), say("运行次数", "runs"),
    )  # fmt: skip
    for setting, found in points:
        runs, why = str(len(found.runs)), found.stopped
        words = say(*stopped_words(why)) if why else ""
        table.add_row(f"[bold]{escape(setting)}[/]", "", words, runs)
        for figure in () if why else found.figures:
            table.add_row(f"  {escape(figure.text)}", *_told(found.interval(figure)))
    return table


def print_comparison(found: WhatIf) -> None:
    """A row for every figure, then what differs in one line."""
    if not found.comparison.figures:
        print(say(*answer_of(found)))
        return
    table = _table(
        say("指标", "figure"), say("改前", "before"), say("改后", "after"),
        say("差", "difference"), say("95% 区间", "95 % interval"), "",
    )  # fmt: skip
    print(found.change)
    for each in found.comparison.figures:
        table.add_row(
            escape(each.figure.text), _number(each.before.mean), _number(each.after.mean),
            *_told(each.difference), say(*_SHOWN[each.shown]),
        )  # fmt: skip
    Console().print(table)
    print(say(*answer_of(found)))


def print_sensitivity(found: Sensitivity) -> None:
    """The parameters, the one that moves the figure most first."""
    print(words_as_it_is(found))
    Console().print(swings_table(found))
    print(say(*answer_of(found)))


def words_as_it_is(found: Sensitivity) -> str:
    """The figure with nothing moved, or why there is none."""
    base = found.as_it_is
    if base:
        return f"{found.figure.text} = {_with_half_width(base)}"
    why = say(*stopped_words(found.stopped))
    return say(f"{found.figure.text}：不作变动时，{why}", f"{found.figure.text}, as it is: {why}")


def swings_table(found: Sensitivity) -> Table:
    """The parameters moved, a row for each."""
    table = _table(
        say("参数", "parameter"), say("由…到", "from … to"),
        say("指标由…到", "figure from … to"), say("变化（95%）", "change (95 %)"), "",
    )  # fmt: skip
    for swing in found.swings:
        ends = f"{swing.low:g} … {swing.high:g}"
        if swing.effect is None or swing.at_low is None or swing.at_high is None:
            why = say(*stopped_words(swing.why))
            table.add_row(swing.name, ends, "", "", f"{swing.stopped:g}: {why}")
            continue
        figure = f"{_number(swing.at_low)} … {_number(swing.at_high)}"
        shown = "" if swing.effect.sign else say("未见影响", "not shown")
        table.add_row(swing.name, ends, figure, _with_half_width(swing.effect), shown)
    return table


def print_staffing(found: Staffing, first_s_of_day: float = 0.0) -> None:
    """The roster, a row for every hour; none where no roster was tried."""
    print(f"{found.station}: {found.target}")
    if found.hours:
        Console().print(roster_table(found, first_s_of_day))
    print(say(*answer_of(found)))


def roster_table(found: Staffing, first_s_of_day: float) -> Table:
    """A roster with at least one hour, a row for each."""
    figures = [each.condition.figure.text for each in found.hours[0].judged]
    conditions = [escape(text.removeprefix(f"{found.station}.")) for text in figures]
    table = _table(
        say("时刻", "from"), say("负荷", "load"), say("服务台", "servers"), *conditions, ""
    )
    for hour in found.hours:
        told = [_with_half_width(judged.found) for judged in hour.judged]
        verdict = say(*_VERDICTS[hour.verdict])
        at = clock(first_s_of_day + hour.from_s)
        table.add_row(at, f"{hour.load:.1f}", f"{hour.servers}", *told, verdict)
    return table


def trials_table(trials: tuple[Trial, ...]) -> Table:
    """What was tried: a single condition stands in the row of its setting, several below it."""
    table = _table(
        say("设置与条件", "setting and conditions"), say("估计", "estimate"),
        say("95% 区间", "95 % interval"), say("判定", "verdict"), say("运行次数", "runs"),
    )  # fmt: skip
    single = all(len(trial.judged) <= 1 for trial in trials)
    for trial in trials:
        verdict, runs = say(*_VERDICTS[trial.verdict]), str(trial.replications)
        why = say(*stopped_words(trial.stopped)) if trial.stopped else ""
        if single and trial.judged:
            told = _told(trial.judged[0].found)
            table.add_row(as_text(trial.setting), *told, verdict, runs)
            continue
        table.add_row(f"[bold]{as_text(trial.setting)}[/]", "", why, verdict, runs)
        for judged in trial.judged:
            of_condition = say(*_VERDICTS[judged.verdict])
            table.add_row(f"  {escape(str(judged.condition))}", *_told(judged.found), of_condition)
    return table


def _with_half_width(interval: Interval) -> str:
    if interval.is_cut:
        return f"{_number(interval.mean)} ({_number(interval.low)} … {_number(interval.high)})"
    return f"{_number(interval.mean)} ± {_number(interval.half_width)}"


def _told(interval: Interval) -> tuple[str, str]:
    return _number(interval.mean), f"{_number(interval.low)} … {_number(interval.high)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:.4g}"  # noqa: PLR2004


def _table(*headings: str) -> Table:
    # Numbers stay whole: in a narrow place the words give way.
    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        if place == 0:
            table.add_column(heading, overflow="fold")
        else:
            table.add_column(heading, justify="right", no_wrap=bool(heading))
    return table
