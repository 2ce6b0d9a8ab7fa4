"""The bounds of what is varied: both ends must be possible before anything is played."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sim.network_file import FaultyFile
from sim.parameters import FaultyParameters
from sim.planning.questions import Range, as_setting
from testbed.planning.call import Call, Gathered


def expect_ends(call: Call, ranges: Sequence[Range], key: str) -> None:
    """Raises `FaultyParameters` or `FaultyFile` with all ends that cannot be, each told as a fault
    of the range as it was typed, behind the option `key`; the other numbers are at their most.
    """
    most = {each.name: each.values[-1] for each in ranges}
    faults = Gathered()
    for each in ranges:
        typed = f"{key} {each.name}={each.low:g}..{each.high:g}"
        told: set[str] = set()
        for end in dict.fromkeys((each.values[0], each.values[-1])):
            with faults:
                try:
                    with told_as_typed(each.name, as_setting(end), typed):
                        call.question(most | {each.name: end})
                except (FaultyParameters, FaultyFile) as faulty:
                    expected = str([of.expected for of in faulty.faults])
                    if expected not in told:  # an unknown name is told once
                        told.add(expected)
                        raise
    faults.tell()


@contextmanager
def told_as_typed(name: str, value: str, typed: str) -> Iterator[None]:
    """What is wrong with this number is told as it was `typed`, without the dashes before it."""
    try:
        yield
    except FaultyParameters as faulty:
        told = [
            replace(of, key=typed)
            if of.key == name and not of.expected.startswith("one of")
            else of
            for of in faulty.faults
        ]
        raise FaultyParameters(tuple(told)) from None
    except FaultyFile as faulty:
        in_file = [
            replace(of, file=f"--{typed}", line=0, setting="")
            if of.setting == f"{name}={value}"
            else of
            for of in faulty.faults
        ]
        raise FaultyFile(tuple(in_file)) from None
