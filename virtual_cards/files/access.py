"""Access conditions: what opens a file (LD/T 32.6, tables 5 to 8: free, PIN, PIN & RK, UK).

Rules: a condition is a set of alternatives, each a set of statuses that must all hold. A status is
won by VERIFY or EXTERNAL AUTHENTICATE, belongs to one DF, and is lost on reset or when another DF
is selected.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NewType

SecurityStatus = NewType("SecurityStatus", str)

PIN: Final = SecurityStatus("PIN")
"""The card holder's PIN was verified."""


def key(reference: int) -> SecurityStatus:
    """The status won by external authentication with this key (P2 of EXTERNAL AUTHENTICATE)."""
    return SecurityStatus(f"key {reference:02X}")


@dataclass(frozen=True, slots=True)
class AccessCondition:
    """Alternatives, any one of which opens the file."""

    alternatives: tuple[frozenset[SecurityStatus], ...]

    def is_met_by(self, won: AbstractSet[SecurityStatus]) -> bool:
        """Whether the statuses won so far open the file."""
        return any(alternative <= won for alternative in self.alternatives)


ALWAYS: Final = AccessCondition((frozenset(),))
"""Free."""

NEVER: Final = AccessCondition(())
"""Closed to every command of this kind."""


def all_of(*statuses: SecurityStatus) -> AccessCondition:
    """Every one of these statuses is needed."""
    return AccessCondition((frozenset(statuses),))


def any_of(*statuses: SecurityStatus) -> AccessCondition:
    """One of these statuses is enough."""
    return AccessCondition(tuple(frozenset([status]) for status in statuses))
