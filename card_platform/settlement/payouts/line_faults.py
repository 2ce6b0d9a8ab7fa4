"""What may be wrong with a line of a payout file: each with a code, where, and how to mend it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

FOUND_LENGTH_MAX: Final = 80
"""Longest piece of the faulty value that is kept, in characters."""


class LineFault(StrEnum):
    """The kinds of faults."""

    COLUMNS = "columns-wrong"
    TEXT = "text-not-utf-8"
    LINE_ID = "line-id-wrong"
    LINE_ID_TWICE = "line-id-twice"
    DOCUMENT_NUMBER = "document-number-wrong"
    NAME = "name-missing"
    AMOUNT = "amount-wrong"
    CURRENCY = "currency-wrong"
    OTHER_ACCOUNT = "other-account-forbidden"
    OTHER_BANK = "other-bank-wrong"
    OTHER_REASON = "exception-reason-missing"
    PAYEE_UNKNOWN = "payee-unknown"
    NAME_DIFFERS = "name-differs"
    PAYEE_DEAD = "payee-dead"
    PAYEE_WITHOUT_CARD = "payee-without-card"
    PAID_ALREADY = "paid-already"
    BROKEN = "file-broken"
    CONTROL_LINES = "control-lines-differ"
    CONTROL_SUM = "control-sum-differs"


class Words(NamedTuple):
    """What was expected, and how the fault is mended."""

    expected_zh: str
    expected_en: str
    mend_zh: str
    mend_en: str


_F = LineFault
WORDS: Final[dict[LineFault, Words]] = {
    _F.COLUMNS: Words(
        "4 列或 7 列", "4 or 7 columns", "按列说明补齐或删去列", "give the columns as documented"
    ),
    _F.TEXT: Words("UTF-8 文本", "UTF-8 text", "文件另存为 UTF-8", "save the file as UTF-8"),
    _F.LINE_ID: Words(
        "1 至 35 位字母、数字、._:/-",
        "1 to 35 letters, digits, ._:/-",
        "改用合规的行编号",
        "use such an id",
    ),
    _F.LINE_ID_TWICE: Words(
        "文件内不重复", "once in the file", "每行用不同编号", "give every line its own id"
    ),
    _F.DOCUMENT_NUMBER: Words(
        "18 位公民身份号码，校验位正确",
        "a resident id of 18 characters with a right check character",
        "核对证件后更正",
        "mend it by the document",
    ),
    _F.NAME: Words("1 至 50 字", "1 to 50 characters", "填写姓名", "give the name"),
    _F.AMOUNT: Words(
        "0.01 至 10000000.00 元，两位小数",
        "0.01 to 10000000.00 yuan with two decimals",
        "更正金额",
        "mend the amount",
    ),
    _F.CURRENCY: Words("CNY", "CNY", "以人民币填报", "give the amount in CNY"),
    _F.OTHER_ACCOUNT: Words(
        "本人社保卡账户",
        "the account of the card",
        "删去其他账户；该项目只发至社保卡",
        "leave the other account out: this programme is paid to the card only",
    ),
    _F.OTHER_BANK: Words(
        "合作银行代码和 12 至 30 位账号",
        "the code of a partner bank that serves payouts, and an account of 12 to 30 digits",
        "更正银行或账号",
        "mend bank or account",
    ),
    _F.OTHER_REASON: Words(
        "发至其他账户的理由（2 至 100 字）",
        "the reason of the exception, 2 to 100 characters",
        "写明例外理由，或删去其他账户",
        "state the reason, or leave the other account out",
    ),
    _F.PAYEE_UNKNOWN: Words(
        "本地区持卡人", "a holder of this region", "核对证件号码，或先办卡", "mend, or issue a card"
    ),
    _F.NAME_DIFFERS: Words(
        "与持卡人登记姓名一致",
        "the name on record of this holder",
        "核对姓名和证件号码是否为同一人",
        "see that name and document are one person's",
    ),
    _F.PAYEE_DEAD: Words(
        "在世的待遇享受人", "a living payee", "停发并追回多发", "stop it, and claim back overpaid"
    ),
    _F.PAYEE_WITHOUT_CARD: Words(
        "有未注销的社保卡", "a card that has not ended", "先办卡再发放", "issue a card first"
    ),
    _F.PAID_ALREADY: Words(
        "同一项目、同一期、同一人只发一次",
        "one payment to a person for this programme and period",
        "删去重复行",
        "leave the second line out",
    ),
    _F.BROKEN: Words(
        "完整的 XML 文件",
        "a whole XML file",
        "重新导出并换标识重报",
        "write it anew, send it under a new message id",
    ),
    _F.CONTROL_LINES: Words(
        "与文件头笔数一致", "the number the header tells", "更正后换标识重报", "mend, send anew"
    ),
    _F.CONTROL_SUM: Words(
        "与文件头总额一致", "the sum the header tells", "更正后换标识重报", "mend, send anew"
    ),
}


class Fault(NamedTuple):
    """A fault of a line: of which field, what was found. Line 0 is the file as a whole."""

    line: int
    field: str
    code: LineFault
    found: str


def fault(line: int, field: str, code: LineFault, found: object) -> Fault:
    """A fault with what was found cut to length, in a text every database can keep."""
    text = str(found).replace("\0", "\ufffd")[:FOUND_LENGTH_MAX]
    return Fault(line, field, code, text.encode("utf-8", "replace").decode("utf-8"))
