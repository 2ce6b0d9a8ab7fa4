"""What is refused of the ledger: each way a transfer can fail has its own."""

from __future__ import annotations

from card_platform.errors import Refusal


class PostingDoesNotBalance(Refusal):
    """The entries do not sum to zero, or are too few or too many."""

    code = "posting-does-not-balance"
    status = 422
    title = "Posting does not balance"
    zh = "记账分录共 {count} 条，合计 {sum_fen} 分；须为 2 至 64 条且合计为零。"
    en = (
        "The posting has {count} entries that sum to {sum_fen} fen; it needs 2 to 64 that sum to 0."
    )


class PostingIdIsReused(Refusal):
    """The client id stands for another posting."""

    code = "posting-id-reused"
    status = 409
    title = "Posting id reused"
    zh = "记账编号 {client_id} 已用于另一笔记账。"
    en = "The posting id {client_id} was used for another posting."


class AccountNameIsWrong(Refusal):
    """The name means no kind of account, or one that nobody opens by hand."""

    code = "account-name-wrong"
    status = 422
    title = "Account name wrong"
    zh = "账户名 {account} 不属于可由人工开立的账户种类。"
    en = "The account name {account} is of no kind that is opened by hand."


class AccountIsKnown(Refusal):
    """It was opened before."""

    code = "account-already-open"
    status = 409
    title = "Account opened before"
    zh = "账户 {account} 已经开立。"
    en = "The account {account} was opened before."


class AccountIsUnknown(Refusal):
    """Nobody opened it and nothing was ever posted to it."""

    code = "account-unknown"
    status = 404
    title = "Account unknown"
    zh = "没有账户 {account}。"
    en = "There is no account {account}."


class AccountIsClosed(Refusal):
    """A closed account takes part in no transfer."""

    code = "account-closed"
    status = 409
    title = "Account closed"
    zh = "账户 {account} 已销户，不能转账。"
    en = "The account {account} is closed and takes part in no transfer."


class AccountIsFrozen(Refusal):
    """A frozen account takes part in no transfer."""

    code = "account-frozen"
    status = 409
    title = "Account frozen"
    zh = "账户 {account} 已冻结，解冻前不能转账。"
    en = "The account {account} is frozen and takes part in no transfer until that is lifted."


class AccountStateForbids(Refusal):
    """The table has no such step."""

    code = "account-state-forbids"
    status = 409
    title = "Account's state forbids this"
    zh = "账户状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The account is {state}; it does not allow {action}. Allowed now: {allowed}."


class AccountHoldsMoney(Refusal):
    """Only an account that holds nothing is closed."""

    code = "account-holds-money"
    status = 409
    title = "Account not at zero"
    zh = "账户余额为 {balance_fen} 分，余额为零方可销户。"
    en = "The account stands at {balance_fen} fen; it is closed only at zero."


class AccountMovesByCard(Refusal):
    """The money is on a chip or in a till: it moves by the card's receipts alone."""

    code = "account-moves-by-card"
    status = 409
    title = "Account moves by card only"
    zh = "账户 {account} 的资金在卡上或柜台现金中，只随卡交易变动，不能转账。"
    en = "The money of {account} is on a card or in a till; it moves by the card's receipts only."


class BalanceIsInsufficient(Refusal):
    """The account can give no more than it holds."""

    code = "insufficient-balance"
    status = 422
    title = "Balance insufficient"
    zh = "账户余额 {balance_fen} 分，不足以转出 {amount_fen} 分。"
    en = "The account holds {balance_fen} fen, which is less than {amount_fen} fen."


class AmountIsNotPositive(Refusal):
    """A transfer moves at least one fen, in the direction it names."""

    code = "amount-not-positive"
    status = 422
    title = "Amount not positive"
    zh = "转账金额为 {amount_fen} 分，须为正整数。"
    en = "The amount is {amount_fen} fen; a transfer moves at least one."


class AmountIsOverLimit(Refusal):
    """More than one transfer may move."""

    code = "amount-over-limit"
    status = 422
    title = "Amount over the limit"
    zh = "金额 {amount_fen} 分超过单笔限额 {limit_fen} 分。"
    en = "The amount of {amount_fen} fen is over the limit of one transfer, {limit_fen} fen."


class AccountsAreTheSame(Refusal):
    """Money goes from one account to another."""

    code = "accounts-are-the-same"
    status = 422
    title = "Same account on both sides"
    zh = "转出与转入均为账户 {account}。"
    en = "The account {account} stands on both sides."


class TransferIdIsReused(Refusal):
    """The client id stands for another transfer."""

    code = "transfer-id-reused"
    status = 409
    title = "Transfer id reused"
    zh = "转账编号 {client_id} 已用于另一笔转账。"
    en = "The transfer id {client_id} was used for another transfer."


class PeriodIsClosed(Refusal):
    """Nothing is dated into a month that was closed, or is being closed."""

    code = "period-closed"
    status = 409
    title = "Period closed"
    zh = "会计期间 {period} 已结账或正在结账，不能再记入该期间。"
    en = "The period {period} is closed, or being closed; nothing is dated into it any more."


class DayIsAhead(Refusal):
    """A transfer is dated today or earlier."""

    code = "transfer-day-ahead"
    status = 422
    title = "Day lies ahead"
    zh = "记账日期 {day} 晚于今天。"
    en = "The day {day} lies ahead; a transfer is dated today or earlier."


class PeriodIsUnknown(Refusal):
    """No month of that name is closed."""

    code = "period-unknown"
    status = 404
    title = "Period not closed"
    zh = "没有该名称的已结账期间；期间写作 2026-01。"
    en = "No period of that name is closed; a period is written 2026-01."


class PeriodHasNotEnded(Refusal):
    """A month is closed when it has ended, and a day more for what is still on its way."""

    code = "period-not-ended"
    status = 409
    title = "Period not ended"
    zh = "会计期间 {period} 须在月末满一日之后结账。"
    en = "The period {period} is closed a day after its end, and not before."


class PeriodIsNotNext(Refusal):
    """Months are closed one after another."""

    code = "period-not-next"
    status = 409
    title = "Not the next period"
    zh = "会计期间须逐月结账；下一个应结的期间是 {next}。"
    en = "Periods are closed one after another; the next is {next}."


class PeriodHasDifferences(Refusal):
    """Differences with banks are worked off before their month is closed."""

    code = "period-has-differences"
    status = 409
    title = "Differences with banks are left"
    zh = "{period} 及以前还有 {left} 条银行对账差异未处理，不能结账。"
    en = "{left} differences with banks of {period} or before are left; work them off first."


class PeriodHasDaysNotCompared(Refusal):
    """What a bank booked is compared with its file before the month is closed."""

    code = "period-has-days-not-compared"
    status = 409
    title = "Days of banks are not compared"
    zh = "{period} 及以前还有 {count} 个银行日未对账，最早的是 {bank} 的 {day}，不能结账。"
    en = (
        "{count} days of banks in {period} or before were not compared, the first that of {bank} on"
        " {day}; bring their files first."
    )


class BooksDoNotBalance(Refusal):
    """A month whose entries do not sum to zero is mended before it is closed."""

    code = "books-do-not-balance"
    status = 409
    title = "Books do not balance"
    zh = "期间 {period} 的分录合计 {sum_fen} 分，不为零，不能结账。"
    en = "The entries of {period} sum to {sum_fen} fen, not zero; it cannot be closed."
