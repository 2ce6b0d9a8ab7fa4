"""Uses of codes without a line, told later by terminals: directly or through their journal.

Rules: the report is always taken, because the use has happened; what it found is the answer and
stays on record. A single-use code is burnt by the first report; every other is a double use, each
with its terminal. A terminal's moment counts within the tolerance of clocks.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from card_platform.issuance.ecards import store
from card_platform.issuance.ecards.codes import Codes
from card_platform.issuance.ecards.model import CodeUseReported, IssuedCode
from card_platform.issuance.lifecycle import CardState
from card_platform.regions import RegionPolicy
from card_platform.regions.electronic_card_policy import CodePurpose
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import CHINA_STANDARD_TIME, Clock, moment_of

RIGHT = "right"
DOUBLE_USE = "code-already-used"
OFFLINE_FORBIDDEN = "code-needs-line"


class CodeUses:
    """Takes reports of one region's terminals."""

    def __init__(self, policy: RegionPolicy, codes: Codes, clock: Clock) -> None:
        self._rules = policy.electronic_card
        self._codes = codes
        self._clock = clock

    def report(
        self, tx: Transaction, text: str, purpose: CodePurpose, used_at: datetime, by: str
    ) -> tuple[str, str]:
        """Put a use on record; its id and what was found: `right`, or a reason."""
        moment = used_at.astimezone(CHINA_STANDARD_TIME)
        judged = self._codes.judge(tx, text, purpose, moment)
        finding = judged.reason or RIGHT
        if judged.code is not None:
            finding = self._found(tx, judged.code, purpose, moment)
        burns = finding == RIGHT and self._rules.rule(purpose).single_use
        use_id, at = new_identifier("code-use"), moment_of(self._clock.now())
        values: dict[str, str | int | None] = {
            "use_id": use_id,
            "code_number": judged.code.code_number if judged.code else None,
            "card_id": judged.code.card_id if judged.code else None,
            "purpose": purpose.value,
            "offline": 1,
            "used_at": moment_of(moment),
            "at": at,
            "by": by,
        }
        if not store.add_use(tx, **values, finding=finding, burns=int(burns)):
            finding = DOUBLE_USE  # another report of the same moment was first
            store.add_use(tx, **values, finding=finding, burns=0)
        card_id = judged.code.card_id if judged.code else None
        number = judged.code.code_number if judged.code else None
        told = CodeUseReported(at=at, by=by, card_id=card_id, finding=finding, code_number=number)
        tx.emit(told)
        return use_id, finding

    def _found(
        self, tx: Transaction, code: IssuedCode, purpose: CodePurpose, used_at: datetime
    ) -> str:
        """What is to say of a use of a known code, at its own moment."""
        if (wrong := self._wrong_at(code, purpose, used_at)) is not None:
            return wrong
        if store.card_state_at(tx, code.card_id, moment_of(used_at)) is not CardState.ACTIVE:
            return "card-is-not-active"
        if self._rules.rule(purpose).single_use and store.is_burnt(tx, code.code_number):
            return DOUBLE_USE
        return RIGHT

    def _wrong_at(self, code: IssuedCode, purpose: CodePurpose, used_at: datetime) -> str | None:
        """What was wrong with the code itself at that moment."""
        tolerance = timedelta(seconds=self._rules.clock_tolerance.on_or_first(used_at.date()))
        if code.purpose is not purpose:
            return "code-purpose-differs"
        if not self._rules.rule(purpose).offline:
            return OFFLINE_FORBIDDEN
        if moment_of(used_at + tolerance) < code.issued_at:
            return "code-from-the-future"
        return "code-expired" if moment_of(used_at - tolerance) >= code.expires_at else None
