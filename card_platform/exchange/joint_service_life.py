"""The life of a service taken in here for another region's card, as a table.

What the issuing region decides at once comes with its answer; what waits there for a supervisor
comes by a message of its own. That message may be here before the answer to the first, so a service
may end without having been seen waiting.
"""

from __future__ import annotations

from enum import StrEnum

from card_platform.exchange.refusals import JointServiceStateForbids
from card_platform.vocabulary.life_table import state_after


class JointServiceState(StrEnum):
    """Where it is."""

    PASSED_ON = "passed-on"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class JointServiceAction(StrEnum):
    """What the issuing region tells."""

    WAIT = "wait"
    DO = "do"
    REFUSE = "refuse"


S, A = JointServiceState, JointServiceAction
JOINT_SERVICE_LIFE: dict[JointServiceState, dict[JointServiceAction, JointServiceState]] = {
    S.PASSED_ON: {A.WAIT: S.WAITING, A.DO: S.DONE, A.REFUSE: S.REFUSED},
    S.WAITING: {A.DO: S.DONE, A.REFUSE: S.REFUSED},
    S.DONE: {},
    S.REFUSED: {},
}


def next_state(state: JointServiceState, action: JointServiceAction) -> JointServiceState:
    """The state after what the issuing region told.

    Raises:
        JointServiceStateForbids: the table has no such row.
    """
    return state_after(JOINT_SERVICE_LIFE, state, action, JointServiceStateForbids)
