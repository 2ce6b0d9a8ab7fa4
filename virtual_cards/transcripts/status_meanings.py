"""What a status word means, in both languages (ISO/IEC 7816-4, table 6; LD/T 32.5; JT/T 978.2)."""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw

_MEANINGS: Final = {
    sw.SUCCESS: ("成功", "success"),
    sw.AUTHENTICATION_FAILED: ("认证失败", "authentication failed"),
    sw.MEMORY_FAILURE: ("写存储器失败", "writing to memory failed"),
    sw.WRONG_LENGTH: ("长度错误", "wrong length"),
    sw.LOGICAL_CHANNEL_NOT_SUPPORTED: ("不支持逻辑通道", "logical channel not supported"),
    sw.SECURE_MESSAGING_NOT_SUPPORTED: ("不支持安全报文", "secure messaging not supported"),
    sw.INVALID_STATE: ("命令不接受（状态无效）", "not allowed in this state"),
    sw.INCOMPATIBLE_WITH_FILE_STRUCTURE: (
        "命令与文件结构不相容",
        "command does not fit the file structure",
    ),
    sw.SECURITY_STATUS_NOT_SATISFIED: ("安全状态不满足", "security status not satisfied"),
    sw.AUTHENTICATION_METHOD_BLOCKED: ("密钥或密码已锁定", "key or PIN is locked"),
    sw.CHALLENGE_NOT_USABLE: ("未取随机数", "no unused challenge"),
    sw.CONDITIONS_OF_USE_NOT_SATISFIED: ("使用条件不满足", "conditions of use not satisfied"),
    sw.NO_CURRENT_FILE: ("未选择文件", "no current file"),
    sw.SECURE_MESSAGING_WRONG: ("安全报文不正确", "secure messaging is wrong"),
    sw.WRONG_DATA: ("数据域参数错误", "wrong data"),
    sw.FUNCTION_NOT_SUPPORTED: (
        "功能不支持或应用已锁定",
        "function not supported, or application locked",
    ),
    sw.FILE_NOT_FOUND: ("未找到文件或应用", "file or application not found"),
    sw.RECORD_NOT_FOUND: ("未找到记录", "record not found"),
    sw.NOT_ENOUGH_SPACE: ("空间不足", "not enough space"),
    sw.WRONG_P1_P2: ("参数 P1 P2 错误", "wrong P1 or P2"),
    sw.KEY_NOT_FOUND: ("未找到密钥", "key not found"),
    sw.OFFSET_OUTSIDE_FILE: ("偏移超出文件", "offset outside the file"),
    sw.INSTRUCTION_NOT_SUPPORTED: ("不支持的指令", "instruction not supported"),
    sw.CLASS_NOT_SUPPORTED: ("不支持的类别", "class not supported"),
    sw.MAC_WRONG: ("MAC 错误", "wrong MAC"),
    sw.APPLICATION_LOCKED: ("应用永久锁定", "application locked for ever"),
    sw.INSUFFICIENT_BALANCE: ("余额不足", "insufficient balance"),
    sw.COUNTER_AT_MAXIMUM: ("交易计数器达到最大值", "transaction counter at its maximum"),
    sw.KEY_INDEX_NOT_FOUND: ("密钥索引不支持", "key index not found"),
    sw.PROOF_NOT_AVAILABLE: ("所需 MAC 不可用", "the MAC asked for is not available"),
}

NO_ANSWER: Final = ("无响应：卡片已离开", "no answer: the card left")


def meaning_of(status: int) -> tuple[str, str]:
    """Chinese and English."""
    known = _MEANINGS.get(status)
    if known is not None:
        return known
    first, second = divmod(status, 0x100)
    if first == sw.response_waits(0) >> 8:
        length = second or 256
        return f"还有 {length} 字节可取", f"{length} bytes wait for GET RESPONSE"
    if first == sw.exact_length(0) >> 8:
        length = second or 256
        return f"长度 Le 应为 {length}", f"send again with Le = {length}"
    if (left := sw.tries_told(status)) is not None:
        return f"验证失败，还可重试 {left} 次", f"verification failed, {left} tries left"
    return "未知状态字", "unknown status word"
