"""Capacity curves of a plan as pictures in a folder."""

from __future__ import annotations

from pathlib import Path

from sim.pictures.capacity_curve import CurvePoint, draw_capacity_curve
from sim.planning.sizing import Sizing
from testbed.faults import Fault


def write_curves(found: Sizing, folder: Path) -> tuple[Path, ...]:
    """A curve for each condition, as SVG; none where several numbers were varied.

    Raises `Fault` where they cannot be written.
    """
    judged = next((trial.judged for trial in found.evidence if trial.judged), ())
    if len(found.vary) != 1:
        return ()
    written = []
    for place, of in enumerate(judged):
        points = [
            CurvePoint(
                trial.setting[0][1],
                trial.judged[place].found.mean,
                (trial.judged[place].found.low, trial.judged[place].found.high),
                trial.judged[place].verdict == "holds",
            )
            for trial in found.evidence
            if trial.judged
        ]
        picture = draw_capacity_curve(
            points,
            varied=found.vary[0].name,
            figure=of.condition.figure.text,
            target=of.condition.limit,
            answer=found.answer[0][1] if found.answer else None,
        )
        path = folder / f"capacity-{place + 1}.svg"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(picture, encoding="utf-8")
        except OSError as fault:
            raise Fault(
                f"无法写入 {path}（{fault.strerror}）：请换一个目录。",
                f"{path} cannot be written ({fault.strerror}): name another folder.",
            ) from None
        written.append(path)
    return tuple(written)
