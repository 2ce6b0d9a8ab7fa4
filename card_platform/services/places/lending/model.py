"""A copy that was brought back: where it was taken, what its library says.

Rules (NM-17, NX-9d, SC-e, SC-m):
- A reader is registered by the social security card; there is no other card.
- A copy is brought back without any card: what is stopped is borrowing, not giving back.
- A copy of another region is taken under an agreement on culture, and its region ends the loan: one
  message, so that it is ended once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from card_platform.services.places.lending.refusals import ReturnStateForbids
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.life_table import state_after

CopyText = Annotated[str, exactly(r"[A-Z0-9][A-Z0-9-]{3,31}")]
"""The number on a copy; no two copies of a region share one."""


class ReturnState(StrEnum):
    """Where a return is."""

    TAKEN = "taken"
    PASSED_ON = "passed-on"
    RETURNED = "returned"
    REFUSED = "refused"


class ReturnAction(StrEnum):
    """What may happen to a return."""

    END_LOAN = "end_loan"
    SEND_ON = "send_on"
    REFUSE = "refuse"


_S, _A = ReturnState, ReturnAction
RETURN_LIFE: dict[ReturnState, dict[ReturnAction, ReturnState]] = {
    _S.TAKEN: {_A.END_LOAN: _S.RETURNED, _A.SEND_ON: _S.PASSED_ON},
    _S.PASSED_ON: {_A.END_LOAN: _S.RETURNED, _A.REFUSE: _S.REFUSED},
    _S.RETURNED: {},
    _S.REFUSED: {},
}


class Return(msgspec.Struct, frozen=True):
    """A return; `region` is that of the copy, the overdue days are what its library told."""

    return_id: str
    copy: str
    region: str
    site_id: str
    state: ReturnState
    at: str
    by: str
    act_id: str | None = None
    overdue_days: int | None = None
    problem_code: str | None = None
    problem_zh: str | None = None
    problem_en: str | None = None

    def after(self, action: ReturnAction) -> ReturnState:
        """The state after the action. Raises ReturnStateForbids."""
        return state_after(RETURN_LIFE, self.state, action, ReturnStateForbids)
