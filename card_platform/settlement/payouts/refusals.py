"""What is refused of payouts as a whole; what is wrong with a line is in `line_faults`."""

from __future__ import annotations

from card_platform.errors import Refusal


class PayoutFileIsUnreadable(Refusal):
    """The file does not begin as one of these formats does."""

    code = "payout-file-unreadable"
    status = 422
    title = "Payout file not readable"
    zh = "发放文件第 {line} 行无法识别：{found}；应为 {expected}。"
    en = "The payout file cannot be read at line {line}: found {found}; expected {expected}."


class ProgrammeIsNotListed(Refusal):
    """The finance department's list has no such programme, or not on this day (NM-12a)."""

    code = "programme-not-listed"
    status = 422
    title = "Programme not on the list"
    zh = "项目 {programme} 不在财政部门当日有效的补贴（待遇）目录内，不予发放。"
    en = "The programme {programme} is not on the finance department's list of today."


class PayoutPeriodIsAhead(Refusal):
    """The period is later than the rules let anybody pay for today."""

    code = "payout-period-ahead"
    status = 422
    title = "Payout period too far ahead"
    zh = "项目 {programme} 现在最远可发放 {latest} 期，{period} 期过早，整份文件不予受理。"
    en = (
        "{programme} is paid for periods up to {latest} at present; {period} is too far ahead,"
        " and nothing of the file is taken."
    )


class PayoutMessageIdIsReused(Refusal):
    """Another file had this message id."""

    code = "payout-message-id-reused"
    status = 409
    title = "Message id reused"
    zh = "报文标识 {message_id} 已用于另一个文件（{batch}）；请换新标识后重新报送。"
    en = "The message id {message_id} was that of another file ({batch}); send it under a new one."


class PayoutFilesRace(Refusal):
    """Two files name the same person for the same payout at the same moment."""

    code = "payout-files-race"
    status = 409
    title = "Payout files at the same moment"
    zh = "另一个文件正在登记相同人员的同一项发放，请稍后用同一文件重试。"
    en = "Another file is just naming the same people for the same payout; send this one again."


class PayoutBatchIsUnknown(Refusal):
    """There is no such batch, or no such line of it."""

    code = "payout-batch-unknown"
    status = 404
    title = "Payout batch unknown"
    zh = "没有该发放批次，或该批次没有这一行。"
    en = "There is no such batch of payouts, or it has no such line."


class PayoutBatchStateForbids(Refusal):
    """The table has no such step."""

    code = "payout-batch-state-forbids"
    status = 409
    title = "Batch's state forbids this"
    zh = "发放批次状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The batch is {state}; it does not allow {action}. Allowed now: {allowed}."


class PayoutLineStateForbids(Refusal):
    """The table has no such step."""

    code = "payout-line-state-forbids"
    status = 409
    title = "Line's state forbids this"
    zh = "该行状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The line is {state}; it does not allow {action}. Allowed now: {allowed}."


class DecisionIsOnesOwn(Refusal):
    """Who brought the file decides (four eyes)."""

    code = "payout-decision-ones-own"
    status = 403
    title = "Decision on one's own file"
    zh = "报送人不得复核自己报送的文件，须由另一人决定。"
    en = "Who brought the file does not decide on it; somebody else must."


class StatusFileIsTooLarge(Refusal):
    """The batch has more lines than an answer holds."""

    code = "payout-status-too-large"
    status = 409
    title = "Status file too large for an answer"
    zh = "该批次有 {lines} 行，超过接口的 {limit} 行；请用 onecard payouts status 导出。"
    en = (
        "The batch has {lines} lines, more than the {limit} of an answer;"
        " write it with onecard payouts status."
    )


class CertificationIsUnknown(Refusal):
    """There is no such certification."""

    code = "certification-unknown"
    status = 404
    title = "Certification unknown"
    zh = "没有该资格认证记录。"
    en = "There is no such certification."
