"""Commands of the PSAM, field by field (JT/T 978.2; of social security: public readers, and ours).

Rules: 8070 has one layout in the purse application and another in that of social security.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.assumptions import PSAM_KEY_REFERENCES
from virtual_cards.transcripts import values
from virtual_cards.transcripts.dialogue_state import Application, DialogueState
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
_MEDICAL_INIT: Final[Layout] = (
    *_INIT[:1],
    Part(2, "交易序号", "sequence", values.number),
    *_INIT[2:4],
    Part(1, "账户", "account"),
    *_INIT[4:7],
    Part(8, "卡分散因子", "factor of the card"),
    Part(8, "城市分散因子", "factor of the city"),
)
_SESSION: Final[Layout] = (
    *_MEDICAL_INIT[-2:],
    Part(8, "过程因子", "process factor"),
)
_LEVEL_SHIFT: Final = 5
_KEY_OF: Final = {reference: name for name, reference in PSAM_KEY_REFERENCES.items()}
_SIGNED: Final[Layout] = (
    Part(4, "终端交易序号", "terminal sequence", values.number),
    Part(4, "MAC1", "MAC1"),
)

FILE_LAYOUTS: Final[dict[int, Layout]] = {
    0x15: (Part(10, "PSAM 序列号", "PSAM serial"),),
    0x16: (Part(6, "终端编号", "terminal number"),),
}


def init_for_purchase(command: CommandApdu, data: bytes, state: DialogueState) -> Meaning:
    """8070."""
    meaning = Meaning("PSAM 消费初始化（计算 MAC1）", "INIT SAM FOR PURCHASE (computes MAC1)")
    layout = _INIT
    if state.application is Application.PSAM_SOCIAL_SECURITY:
        meaning = Meaning(
            "PSAM 医疗消费初始化（计算 MAC1）", "INIT SAM FOR MEDICAL PURCHASE (computes MAC1)"
        )
        layout = _MEDICAL_INIT
    meaning.cut(command.data, layout)
    meaning.cut(data, _SIGNED)
    return meaning


def deliver_session_key(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """BFDE."""
    meaning = Meaning("PSAM 生成过程密钥", "DELIVER SESSION KEY")
    reference = f"{command.p2:02X}"
    meaning.add("密钥", "key", f"{reference} {_KEY_OF.get(command.p2, '')}".rstrip())
    meaning.add("分散级数", "levels", str(command.p1 >> _LEVEL_SHIFT))
    meaning.cut(command.data, _SESSION)
    return meaning


def encipher(command: CommandApdu, data: bytes, _state: DialogueState) -> Meaning:
    """80FA."""
    meaning = Meaning("PSAM 计算鉴别数据", "CIPHER (computes an authentication value)")
    meaning.cut(command.data, (Part(8, "原始信息", "original data"),))
    meaning.cut(data, (Part(8, "鉴别数据", "authentication value"),))
    return meaning


def credit_for_purchase(command: CommandApdu, _data: bytes, _state: DialogueState) -> Meaning:
    """8072."""
    meaning = Meaning("PSAM 校验 MAC2", "CREDIT SAM FOR PURCHASE (checks MAC2)")
    meaning.cut(command.data, (Part(4, "MAC2", "MAC2"),))
    return meaning
