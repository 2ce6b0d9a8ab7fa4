"""The pictures of what planning found, whichever kind it is."""

from __future__ import annotations

from scenarios.outcomes import TitledPicture
from sim.pictures.planned import (
    Bar,
    Difference,
    Held,
    Period,
    draw_differences,
    draw_roster,
    draw_tornado,
)
from sim.planning.alternatives import Sensitivity, Sweep
from sim.planning.sizing import Sizing
from sim.planning.staffing import Staffing
from testbed.planning.found import Found, WhatIf
from testbed.planning.handing_over.curves import curves_of


def planned_pictures(found: Found, first_s_of_day: float) -> tuple[str, list[TitledPicture]]:
    """What their files are called, and the pictures: a curve for each figure of a plan or sweep
    over one number, else one; none where nothing could be played.
    """
    match found:
        case Sizing() | Sweep():
            return "capacity", curves_of(found)
        case WhatIf():
            return "differences", _of_comparison(found)
        case Sensitivity():
            return "tornado", _of_sensitivity(found)
        case Staffing():
            return "roster", _of_roster(found, first_s_of_day)


def _of_comparison(found: WhatIf) -> list[TitledPicture]:
    told = [
        Difference(
            each.figure.text, each.figure.quantity, each.before.mean, each.after.mean,
            each.difference.mean, (each.difference.low, each.difference.high),
        )
        for each in found.comparison.figures
    ]  # fmt: skip
    if not told:
        return []
    return [
        TitledPicture(
            f"{found.change}：各指标的差（成对的 95% 区间）",
            f"{found.change}: what differs, with paired 95 % intervals",
            draw_differences(told, found.change),
        )
    ]


def _of_sensitivity(found: Sensitivity) -> list[TitledPicture]:
    bars = [
        Bar(
            swing.name, swing.low, swing.high, swing.at_low, swing.at_high,
            (swing.effect.low, swing.effect.high),
        )
        for swing in found.swings
        if swing.effect is not None and swing.at_low is not None and swing.at_high is not None
    ]  # fmt: skip
    if not bars:
        return []
    figure, base = found.figure.text, found.as_it_is
    return [
        TitledPicture(
            f"哪个参数最影响 {figure}（横线为变化的 95% 区间）",
            f"Which parameter moves {figure} most; a whisker is the 95 % interval of the change",
            draw_tornado(bars, figure, base.mean if base else None),
        )
    ]


def _of_roster(found: Staffing, first_s_of_day: float) -> list[TitledPicture]:
    if not found.hours:
        return []
    periods = [
        Period(
            hour.from_s,
            hour.load,
            hour.servers,
            tuple(
                Held(each.found.mean, (each.found.low, each.found.high), each.verdict)
                for each in hour.judged
            ),
        )
        for hour in found.hours
    ]
    first = next((hour.judged for hour in found.hours if hour.judged), ())
    drawn = draw_roster(
        periods,
        [(each.condition.figure.text, each.condition.limit) for each in first],
        station=found.station,
        period_s=found.period_s,
        first_s_of_day=first_s_of_day,
    )
    return [
        TitledPicture(
            f"{found.station} 各时段的服务台与目标（95% 区间）",
            f"Servers of {found.station} by the hour and the target, with 95 % intervals",
            drawn,
        )
    ]
