"""Why a terminal does not take a code, as it says so to holder and clerk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REASONS: Final[dict[str, tuple[str, str]]] = {
    "code-unreadable": (
        "扫描内容不是电子社会保障卡或者融合码的码。",
        "What was scanned is no code of an electronic card.",
    ),
    "code-of-another-region": (
        "该码由其他地区签发，本终端没有其公钥。",
        "Another region made this code; its key is not known here.",
    ),
    "code-not-genuine": (
        "码的签名校验不通过，可能被篡改或者伪造。",
        "The signature of the code is wrong: it was changed or made up.",
    ),
    "code-purpose-differs": (
        "该码不用于此用途，请持卡人出示相应用途的码。",
        "The code is for another purpose; the holder must show the one for this.",
    ),
    "code-from-the-future": (
        "码的签发时间晚于本机时间，请校准时间。",
        "The code was made later than it is here; a clock is wrong.",
    ),
    "terminal-clock-wrong": (
        "本机时间倒退，脱机时不能验码，请联网校准。",
        "The clock of this terminal went back; it checks no codes until it is on line.",
    ),
    "code-expired": (
        "码已过期，请刷新后再出示。",
        "The code has expired; show a fresh one.",
    ),
    "code-already-used": (
        "该码只能使用一次，已被使用。",
        "The code serves once and was used before.",
    ),
    "code-needs-line": (
        "该用途的码只能联机使用，请待网络恢复或者改用实体卡。",
        "Codes of this purpose need a line; wait for it, or use the card.",
    ),
    "card-on-revocation-list": (
        "该码对应的社会保障卡在挂失名单中。",
        "The card behind this code is on the revocation list.",
    ),
    "revocation-list-too-old": (
        "挂失名单过旧，脱机时不能验码。",
        "The revocation list is too old to check codes without a line.",
    ),
}
"""Sentences in Chinese and English by reason, for what a terminal decides by itself."""


@dataclass(frozen=True, slots=True)
class CodeRefused:
    """A code that is not taken, and why."""

    reason: str
    detail_zh: str
    detail_en: str

    @classmethod
    def because(cls, reason: str) -> CodeRefused:
        """With the sentences of the terminal."""
        return cls(reason, *REASONS[reason])
