"""Commands of the PSAM, field by field (JT/T 978.2)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import DialogueState
from virtual_cards.transcripts.layout import Layout, Meaning, Part

_INIT: Final[Layout] = (
    Part(4, "用户卡随机数", "card's random"),
    Part(2, "脱机交易序号", "offline sequence", values.number),
    Part(4, "交易金额", "amount", values.yuan),
    Part(1, "交易类型", "transaction type"),
    Part(7, "交易时间", "date and time", values.moment),
    Part(1, "密钥版本", "key version"),
    Part(1, "算法标识", "algorithm"),
    Part(8, "应用序列号后 8 字节", "last 8 bytes of the application serial"),
    Part(8, "发卡机构标识", "issuer"),
)
_SIGNED: Final[Layout] = (
    Part(4, "终端交易序号", "terminal sequence", values.number),
    Part(4, "MAC1", "MAC1"),
)

FILE_LAYOUTS: Final[dict[int, Layout]] = {
    0x15: (Part(10, "PSAM 序列号", "PSAM serial"),),
    0x16: (Part(6, "终端编号", "terminal number"),),
}


def init_for_purchase(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """8070."""
    meaning = Meaning("PSAM 消费初始化（计算 MAC1）", "INIT SAM FOR PURCHASE (computes MAC1)")
    meaning.cut(command.data, _INIT)
    meaning.cut(data, _SIGNED)
    return meaning


def credit_for_purchase(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8072."""
    meaning = Meaning("PSAM 校验 MAC2", "CREDIT SAM FOR PURCHASE (checks MAC2)")
    meaning.cut(command.data, (Part(4, "MAC2", "MAC2"),))
    return meaning
