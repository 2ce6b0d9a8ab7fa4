"""What refuses a whole journal; a refused record is answered by itself."""

from __future__ import annotations

from card_platform.errors import Refusal


class JournalHasGap(Refusal):
    """A record is missing, or is not the one the record after it names, or not the one taken."""

    code = "journal-has-gap"
    status = 409
    title = "Journal has a gap"
    zh = "终端日志第 {sequence} 条与前一条不衔接；平台已收至第 {accepted_through} 条。"
    en = (
        "Record {sequence} of the journal does not follow the one before it;"
        " the platform has taken the journal through record {accepted_through}."
    )


class JournalSignatureIsWrong(Refusal):
    """A record is not as the terminal signed it."""

    code = "journal-signature-wrong"
    status = 422
    title = "Journal signature wrong"
    zh = "终端日志第 {sequence} 条的签名校验不通过。"
    en = "The signature of record {sequence} of the journal is not that of the terminal."


class TerminalHasNoKey(Refusal):
    """The terminal was enrolled without a public key."""

    code = "terminal-has-no-key"
    status = 422
    title = "Terminal has no key"
    zh = "终端 {terminal_number} 入网时未登记公钥，不能上送签名日志。"
    en = "Terminal {terminal_number} was enrolled without a public key; it can send no journal."
