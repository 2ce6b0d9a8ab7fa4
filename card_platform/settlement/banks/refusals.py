"""What is refused of banks and contracts with them."""

from __future__ import annotations

from card_platform.errors import Refusal


class BankIsNotChosen(Refusal):
    """The financial function is opened with a bank of the holder's choice."""

    code = "bank-not-chosen"
    status = 422
    title = "Bank not chosen"
    zh = "开通金融功能须由持卡人自愿选择合作银行，请求中没有银行。"
    en = "The financial function is opened with a bank the holder chose; the request names none."


class BankIsUnknown(Refusal):
    """No partner bank of the region has that code."""

    code = "bank-unknown"
    status = 422
    title = "Bank unknown"
    zh = "本地区没有合作银行 {bank}。"
    en = "The region has no partner bank {bank}."


class BankHasNoAgreement(Refusal):
    """The bank's agreement of the day does not name this service, or there is none."""

    code = "bank-without-agreement"
    status = 409
    title = "No agreement with the bank"
    zh = "银行 {bank} 当日没有载明该项服务的合作协议。"
    en = "The bank {bank} has no agreement today that names this service."


class BankContractIsUnknown(Refusal):
    """There is no such contract, or it is another bank's."""

    code = "bank-contract-unknown"
    status = 404
    title = "Bank contract unknown"
    zh = "没有该银行合约，或不属于该银行。"
    en = "There is no such contract with a bank, or it is another bank's."


class BankContractStateForbids(Refusal):
    """The table has no such step."""

    code = "bank-contract-state-forbids"
    status = 409
    title = "Contract's state forbids this"
    zh = "银行合约状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The contract is {state}; it does not allow {action}. Allowed now: {allowed}."
