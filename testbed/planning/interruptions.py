"""Ctrl-C in a planning verb: what is known so far, and that nothing was written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from sim.planning.alternatives import Sensitivity
from sim.planning.alternatives.sweeps import Point
from sim.planning.questions import as_text
from sim.planning.replications import Replications
from sim.planning.sizing import Trial
from sim.planning.staffing import Staffing
from testbed.language import say
from testbed.planning.tables import (
    points_table,
    roster_table,
    swings_table,
    trials_table,
    words_as_it_is,
)

if TYPE_CHECKING:
    from rich.table import Table


@contextmanager
def telling_what_is_known(tell: Callable[[], bool]) -> Iterator[None]:
    """Where this is broken off: `tell` prints what is known on standard error, and whether that was
    anything; then it is said that no file was written. Raises `KeyboardInterrupt`.
    """
    try:
        yield
    except KeyboardInterrupt:
        if not tell():
            print(say("尚未得出任何结果。", "Nothing is known yet."), file=sys.stderr)
        words = say(
            "没有写出任何文件，结果不作保留；再次运行同样的命令会得到同样的数。",
            "No file was written, and nothing is kept; the same call gives the same figures again.",
        )
        print(words, file=sys.stderr)
        raise


def tell_trials(trials: Sequence[Trial]) -> bool:
    """The settings that a search has tried."""
    return bool(trials) and _tell(trials_table(tuple(trials)))


def tell_points(points: Sequence[Point]) -> bool:
    """The settings that a sweep has played."""
    return bool(points) and _tell(points_table([(as_text(of.setting), of.found) for of in points]))


def tell_before(before: str, known: Sequence[Replications]) -> bool:
    """The first of two settings, `before` in words, where it was played."""
    return bool(known) and _tell(points_table([(before, known[-1])]))


def tell_swings(known: Sequence[Sensitivity]) -> bool:
    """The parameters that were moved; of no more than the figure as it is, that."""
    if not known:
        return False
    return _tell(swings_table(known[-1]), words_as_it_is(known[-1]))


def tell_roster(known: Sequence[Staffing], first_s_of_day: float) -> bool:
    """The best roster of those tried."""
    if not known:
        return False
    words = say("最后一次尝试的排班，尚未成立", "the last roster tried, which does not hold yet")
    if known[-1].ok:
        words = say("这一排班已成立，也许还能再少", "this roster holds; fewer may do as well")
    return _tell(roster_table(known[-1], first_s_of_day), words)


def _tell(table: Table, above: str = "") -> bool:
    print(say("目前已知：", "known so far: ") + above, file=sys.stderr)
    Console(stderr=True).print(table)
    return True
