"""What planning found as a report tells it: the answer, the pictures, every setting, the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenarios import outcomes
from testbed.planning.answers import answer_of
from testbed.planning.call import Call
from testbed.planning.found import Found
from testbed.planning.handing_over.rows import rows_of


def told_of_planning(
    call: Call, found: Found, result: dict[str, Any], pictures: Sequence[outcomes.TitledPicture]
) -> outcomes.PlanningFinished:
    """The event of it; `result` is the JSON that the verb writes."""
    prepared = call.prepared({})
    answer_zh, answer_en = answer_of(found)
    return outcomes.PlanningFinished(
        at=outcomes.now(),
        result=result,
        model=call.what,
        preset=prepared.preset,
        title_zh=prepared.title_zh,
        title_en=prepared.title_en,
        answer_zh=answer_zh,
        answer_en=answer_en,
        rows=rows_of(found, prepared.first_s_of_day),
        assumptions=[*prepared.assumptions, *call.measured.inputs()],
        pictures=[*pictures],
    )


def command_of(verb: str, call: Call, words: Sequence[str], replications_max: int) -> str:
    """What was typed, as far as it changes what is found; a verb that is not told plays so many
    replications at most.
    """
    how = call.asked.words()
    if call.effort.replications_max != replications_max:
        how.append(f"--replications-max {call.effort.replications_max}")
    how += call.measured.words()
    if call.effort.precision is not None:
        how.append(f"--precision {call.effort.precision:g}")
    if call.antithetic:
        how.append("--antithetic")
    if call.warm_up != "0":
        how.append(f"--warm-up {call.warm_up}")
    return " ".join([verb, call.what, *words, *how])
