"""Commands of the medical purse, field by field (LD/T 32.5: CLA B0; layouts medium)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_ACCOUNTS: Final = {
    1: ("当年个人账户", "account of the current year"),
    2: ("历年个人账户", "account of earlier years"),
    3: ("个人账户合计", "both accounts"),
}
_KINDS: Final = {0x02: "02 圈存 / load", 0x06: "06 消费 / purchase"}

_AMOUNT: Final = Part(4, "交易金额", "amount", values.yuan)
_TERMINAL: Final = Part(6, "终端编号", "terminal number")
_MOMENT: Final = Part(7, "交易时间", "date and time", values.moment)
_DAY: Final = Part(4, "起付日", "starting day", values.date)
_MAC: Final = Part(4, "MAC", "MAC")
_TAC: Final = Part(4, "TAC", "TAC")

_INITIALIZE: Final[Layout] = (Part(1, "密钥索引", "key index"), _AMOUNT, _TERMINAL)
_INITIALIZED: Final[Layout] = (
    Part(4, "余额", "balance", values.yuan),
    Part(2, "交易序号", "sequence", values.number),
    Part(1, "密钥版本", "key version"),
    Part(1, "算法标识", "algorithm"),
    Part(4, "随机数", "random"),
    Part(4, "MAC1", "MAC1"),
)
_DEBIT: Final[Layout] = (
    Part(4, "终端交易序号", "terminal sequence", values.number),
    _MOMENT,
    Part(4, "MAC1", "MAC1"),
)

LOG_FILE: Final = 0x07
LOG: Final[Layout] = (
    Part(2, "交易序号", "sequence", values.number),
    Part(1, "账户", "account"),
    _AMOUNT,
    Part(1, "交易类型", "transaction type", lambda kind: _KINDS.get(kind[0], kind.hex().upper())),
    _TERMINAL,
    _MOMENT,
)
"""A record of the purse's log, EF07 of DF04."""


def initialize(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B028."""
    meaning = Meaning("医疗账户消费初始化", "INITIALIZE medical purchase")
    if not command.p1:
        meaning = Meaning("医疗账户圈存初始化", "INITIALIZE medical load")
    account_zh, account_en = _account(command.p2)
    meaning.add("账户", "account", f"{account_zh} / {account_en}")
    meaning.cut(command.data, _INITIALIZE)
    meaning.cut(data, _INITIALIZED)
    return meaning


def credit(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B02A."""
    meaning = Meaning("医疗账户圈存", "CREDIT FOR LOAD (medical)")
    meaning.cut(command.data, (_MOMENT, Part(4, "MAC2", "MAC2")))
    meaning.cut(data, (_TAC,))
    return meaning


def debit(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B02C."""
    meaning = Meaning("医疗账户消费", "DEBIT FOR PURCHASE (medical)")
    meaning.cut(command.data, _DEBIT)
    meaning.cut(data, (_TAC, Part(4, "MAC2", "MAC2")))
    return meaning


def get_balance(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B026."""
    account_zh, account_en = _account(command.p2)
    meaning = Meaning(f"读余额：{account_zh}", f"GET BALANCE: {account_en}")
    meaning.cut(data, (Part(4, "余额", "balance", values.yuan),))
    return meaning


def transaction_proof(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B02E."""
    meaning = Meaning("取医疗账户交易认证", "TRANSACTION PROOF (medical)")
    meaning.add("交易类型", "transaction type", _KINDS.get(command.p2, f"{command.p2:02X}"))
    meaning.add("交易序号", "sequence", values.number(command.data))
    meaning.cut(data, (_MAC, _TAC))
    return meaning


def starting_day(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """B056."""
    if command.data:
        meaning = Meaning("设置起付日", "STARTING DAY (set)")
        meaning.cut(command.data, (_DAY, _MAC))
    else:
        meaning = Meaning("读起付日", "STARTING DAY (asked for)")
        meaning.cut(data, (_DAY,))
    return meaning


def _account(number: int) -> tuple[str, str]:
    return _ACCOUNTS.get(number, (f"账户 {number:02X}", f"account {number:02X}"))
