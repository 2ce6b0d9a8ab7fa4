"""The workflow of a version of a catalogue item as a table: state -> action -> state.

Rules (CQ-14a: compiled, decided by the government, published, managed dynamically):
- What is not in the table is refused and changes nothing.
- A published version stays in effect while the version that adjusts it is on its way; publishing
  that one supersedes it.
- Filing upward (CQ-14b) changes no state: an item of a lower level is in effect before it is filed.
"""

from __future__ import annotations

from enum import StrEnum

from card_platform.regions.catalogue.refusals import CatalogueStateForbids
from card_platform.vocabulary.life_table import state_after


class VersionState(StrEnum):
    """Where a version is on its way."""

    COMPILED = "compiled"
    REJECTED = "rejected"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class CatalogueAction(StrEnum):
    """What may be done with it; COMPILE begins a version and is in no row."""

    COMPILE = "compile"
    REVISE = "revise"
    APPROVE = "approve"
    REJECT = "reject"
    PUBLISH = "publish"
    FILE = "file"
    ADJUST = "adjust"
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"


S, A = VersionState, CatalogueAction
WORKFLOW: dict[VersionState, dict[CatalogueAction, VersionState]] = {
    S.COMPILED: {
        A.REVISE: S.COMPILED,
        A.APPROVE: S.APPROVED,
        A.REJECT: S.REJECTED,
        A.WITHDRAW: S.WITHDRAWN,
    },
    S.REJECTED: {A.REVISE: S.COMPILED, A.WITHDRAW: S.WITHDRAWN},
    S.APPROVED: {A.PUBLISH: S.PUBLISHED, A.WITHDRAW: S.WITHDRAWN},
    S.PUBLISHED: {
        A.FILE: S.PUBLISHED,
        A.ADJUST: S.PUBLISHED,
        A.SUPERSEDE: S.SUPERSEDED,
        A.WITHDRAW: S.WITHDRAWN,
    },
    S.SUPERSEDED: {},
    S.WITHDRAWN: {},
}


def next_state(state: VersionState, action: CatalogueAction) -> VersionState:
    """The state after the action. Raises CatalogueStateForbids where the table has no such row."""
    return state_after(WORKFLOW, state, action, CatalogueStateForbids)
