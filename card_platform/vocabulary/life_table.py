"""A life as a table: state -> action -> state. What is not in the table is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)


def state_after(
    table: Mapping[State, Mapping[Action, State]],
    state: State,
    action: Action,
    forbids: Callable[..., Exception],
) -> State:
    """The state after the action.

    Raises:
        `forbids`: the table has no such row; it is told state, action and what is allowed.
    """
    allowed = table[state]
    if action not in allowed:
        choice = ", ".join(sorted(each.value for each in allowed)) or "-"
        raise forbids(state=state.value, action=action.value, allowed=choice)
    return allowed[action]
