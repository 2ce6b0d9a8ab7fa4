"""What is refused of bank statements and differences."""

from __future__ import annotations

from card_platform.errors import Refusal
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestIsMalformed


class BankStatementIsFaulty(RequestIsMalformed):
    """The file has faults: all are told, nothing of it is kept."""

    code = "bank-statement-faulty"
    status = 422
    title = "Bank statement faulty"
    zh = "对账文件有 {count} 处错误，整份退回，见 faults。"
    en = "The bank's file has {count} faults and is refused whole, see faults."

    def __init__(self, faults: list[Fault], count: int) -> None:
        super().__init__(faults)
        self.facts = {"count": count}


class BankStatementIsUnknown(Refusal):
    """No file of that bank and day was brought, or it is another bank's."""

    code = "bank-statement-unknown"
    status = 404
    title = "Bank statement unknown"
    zh = "没有该银行该日的对账文件，或不属于该银行；日期写作 2026-01-05。"
    en = "There is no file of that bank and day, or it is another bank's; a day is 2026-01-05."


class BankStatementIsAnothers(Refusal):
    """A bank brings its own file."""

    code = "bank-statement-anothers"
    status = 403
    title = "Another bank's statement"
    zh = "银行只能报送本行的对账文件。"
    en = "A bank brings its own files only."


class BankDayHasNotEnded(Refusal):
    """A day is compared when it is over."""

    code = "bank-day-not-ended"
    status = 409
    title = "Day not ended"
    zh = "{day} 尚未结束，次日起方可对账。"
    en = "{day} has not ended; it is compared from the next day on."


class BankStatementDiffers(Refusal):
    """Another file of that bank and day was brought before."""

    code = "bank-statement-differs"
    status = 409
    title = "Another statement was brought"
    zh = "银行 {bank} {day} 的对账文件已报送，内容不同；差异请逐条处理。"
    en = "Another file of {bank} for {day} was brought before; work off its differences."


class BankStatementIsTooLarge(Refusal):
    """An answer holds a file of so many lines at most."""

    code = "bank-statement-too-large"
    status = 409
    title = "Statement too large for an answer"
    zh = "该日共 {lines} 行，超过 {limit} 行；请用 onecard statements write。"
    en = "The day has {lines} lines, more than {limit}; use onecard statements write."


class BankStatementStateForbids(Refusal):
    """The table has no such step."""

    code = "bank-statement-state-forbids"
    status = 409
    title = "Statement's state forbids this"
    zh = "对账状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The comparison is {state}; it does not allow {action}. Allowed now: {allowed}."


class BankDayHasDifferences(Refusal):
    """A day is closed when every difference was worked off."""

    code = "bank-day-has-differences"
    status = 409
    title = "Differences are left"
    zh = "银行 {bank} {day} 还有 {left} 条差异未处理，不能关账。"
    en = "{left} differences of {bank} on {day} are left; the day cannot be closed."


class BankDifferenceIsUnknown(Refusal):
    """There is no such difference."""

    code = "bank-difference-unknown"
    status = 404
    title = "Difference unknown"
    zh = "没有该对账差异。"
    en = "There is no such difference."


class BankDifferenceStateForbids(Refusal):
    """The table has no such step."""

    code = "bank-difference-state-forbids"
    status = 409
    title = "Difference's state forbids this"
    zh = "差异状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The difference is {state}; it does not allow {action}. Allowed now: {allowed}."


class BankDifferenceMovesNothing(Refusal):
    """Both files owe the bank the same: there is nothing to book."""

    code = "bank-difference-moves-nothing"
    status = 409
    title = "Nothing to book"
    zh = "该差异不涉及应付银行的金额，无可入账；请说明原因。"
    en = "By both files the bank is owed the same; there is nothing to book, explain it."


class OrderMovesByItself(Refusal):
    """The order is known here and goes its own way; booking its money would double it."""

    code = "bank-difference-order-goes-on"
    status = 409
    title = "The order moves its own money"
    zh = "该付款在平台状态为 {state}，其资金随指令自身入账，不得另行入账。"
    en = "The order is {state} here and moves its own money; booking it would double it."


class ApprovalIsOnesOwn(Refusal):
    """Four eyes: who proposed a booking does not approve it."""

    code = "bank-difference-ones-own"
    status = 403
    title = "One's own proposal"
    zh = "入账须由提出人以外的人复核。"
    en = "A booking is approved by somebody other than who proposed it."
