"""Capacity curves of a plan or a sweep: each figure over the number that was varied."""

from __future__ import annotations

from scenarios.outcomes import TitledPicture
from sim.pictures.capacity_curve import CurvePoint, draw_capacity_curve
from sim.planning.alternatives import Sweep
from sim.planning.sizing import Sizing


def curves_of(found: Sizing | Sweep) -> list[TitledPicture]:
    """A curve for each condition of a plan, or each figure of a sweep; none where several numbers
    were varied.
    """
    return _of_plan(found) if isinstance(found, Sizing) else _of_sweep(found)


def _of_plan(found: Sizing) -> list[TitledPicture]:
    trials = [trial for trial in found.evidence if trial.judged]
    if len(found.vary) != 1 or not trials:
        return []
    pictures = []
    for place, of in enumerate(trials[0].judged):
        points = [
            CurvePoint(
                trial.setting[0][1],
                trial.judged[place].found.mean,
                (trial.judged[place].found.low, trial.judged[place].found.high),
                trial.judged[place].verdict,
            )
            for trial in trials
        ]
        drawn = draw_capacity_curve(
            points,
            varied=found.vary[0].name,
            figure=of.condition.figure.text,
            target=of.condition.limit,
            answer=found.answer[0][1] if found.answer else None,
        )
        pictures.append(_titled(of.condition.figure.text, found.vary[0].name, drawn))
    return pictures


def _of_sweep(found: Sweep) -> list[TitledPicture]:
    if any(len(point.setting) != 1 for point in found.points):
        return []
    varied = found.points[0].setting[0][0]
    pictures = []
    for figure in found.figures:
        points = [
            CurvePoint(point.setting[0][1], interval.mean, (interval.low, interval.high))
            for point in found.points
            if (interval := point.interval(figure))
        ]
        if points:
            drawn = draw_capacity_curve(points, varied=varied, figure=figure.text)
            pictures.append(_titled(figure.text, varied, drawn))
    return pictures


def _titled(figure: str, varied: str, svg: str) -> TitledPicture:
    return TitledPicture(
        f"{figure} 随 {varied} 的变化（95% 区间）",
        f"{figure} over {varied}, with 95 % intervals",
        svg,
    )
