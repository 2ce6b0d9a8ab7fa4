"""What went wrong with a card, as an outcome: the codes a terminal or the platform gives, in words.

Reasons of terminals are those of docs/interfaces.md, section 4; the platform's own codes come with
its own sentences.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from testbed.terminals.outcome import Facts, Outcome
from virtual_cards.apdu import status_words as sw
from virtual_cards.readers import CardIsAbsent
from virtual_cards.terminals import (
    AnotherCard,
    AnswerIsMalformed,
    CardIsBlocked,
    CardIsNotGenuine,
    CardRefusesCommand,
    JournalIsFull,
    PlatformIsUnreachable,
    PlatformRefuses,
)

_NOT_THERE: Final = frozenset({sw.FILE_NOT_FOUND, sw.CLASS_NOT_SUPPORTED})
WORDS: Final[dict[str, tuple[str, str]]] = {
    "card-on-revocation-list": ("卡在挂失名单中", "the card is on the revocation list"),
    "insufficient-balance": ("余额不足", "the balance is too low"),
    "card-expired": ("卡不在有效期内", "the card is not valid today"),
    "missing-exit": (
        "上次行程没有出站记录，请到补票台（onecard terminals run station-desk）",
        "the last ride has no exit: the station desk ends it (onecard terminals run station-desk)",
    ),
    "missing-entry": ("没有进站记录", "there is no entry on the card"),
    "card-not-genuine": ("卡未通过验证", "the card did not prove itself"),
    "revocation-list-too-old": (
        "挂失名单过旧，联网更新前不受理",
        "the revocation list is too old: no service until the platform is heard",
    ),
    "card-identification-is-not-the-chips": (
        "卡识别码与芯片不符，联网前不受理",
        "the card identification code is not that of the chip: no service without the platform",
    ),
    "card-is-blocked": (
        "卡或其应用已被发卡方锁定",
        "the issuer has blocked the card or its application",
    ),
    "application-missing": ("卡上没有所需的应用", "the card has no such application"),
    "pin-locked": ("PIN 已锁定", "the PIN is locked"),
    "card-unknown": ("平台没有这张卡", "the platform knows no such card"),
    "name-differs": ("姓名与平台记录不符", "the name is not the one the platform has"),
    "card-is-not-active": ("卡未激活或已停用", "the card is not active"),
    "function-not-loaded": ("这项功能没有融合到这张卡", "the function is not bound to this card"),
    "function-not-on-card": ("卡上没有写入这项功能", "the function is not on the card"),
    "function-not-in-date": ("这项功能不在有效期内", "the function is not valid today"),
    "function-ended": ("这项功能已终止", "the function has ended"),
}


def words(reason: str) -> tuple[str, str]:
    """A reason in Chinese and English; a code nobody has words for is its own word."""
    return WORDS.get(reason, (reason, reason))


def turned_away(
    reason: str,
    did: str,
    *,
    told: tuple[str, str] | None = None,
    card: str | None = None,
    reported: bool | None = None,
    facts: Facts | None = None,
) -> Outcome:
    """A card that is not served, and why: in the words of `reason`, or those of `told`."""
    zh, en = told or words(reason)
    return Outcome(
        result="turned-away",
        did=did,
        reason=reason,
        card=card,
        reported=reported,
        zh=f"不予通过：{zh}",
        en=f"turned away: {en}",
        facts=facts or {},
    )


def pin_wrong(did: str, tries_left: int | None, card: str | None = None) -> Outcome:
    """A wrong PIN, and how many tries are left."""
    told = (f"PIN 错误，还可试 {tries_left} 次", f"the PIN is wrong, {tries_left} tries left")
    facts: Facts = {"pin_tries_left": tries_left}
    return turned_away("pin-wrong", did, told=told, card=card, facts=facts)


def attempt(did: str, work: Callable[[], Outcome]) -> Outcome:  # noqa: PLR0911 - one a reason
    """The outcome of a piece of work, whatever card, platform or journal make of it."""
    try:
        return work()
    except CardIsAbsent:
        return _left(did, "card-left", "卡在应答前离开", "the card left before it answered")
    except AnotherCard:
        return _left(did, "another-card", "中途换了另一张卡", "another card was put in meanwhile")
    except CardIsBlocked:
        return turned_away("card-is-blocked", did)
    except CardIsNotGenuine:
        return turned_away("card-not-genuine", did)
    except CardRefusesCommand as refused:
        return _refused_by_card(did, refused)
    except PlatformRefuses as refused:
        told = f"平台拒绝：{refused.detail_zh}", f"the platform refuses: {refused.detail_en}"
        return turned_away(refused.code, did, told=told)
    except PlatformIsUnreachable:
        zh = "平台没有应答，这项业务需要联网"
        en = "the platform does not answer, and this needs it"
        return _failed(did, "platform-unreachable", zh, en)
    except AnswerIsMalformed as fault:
        zh, en = f"平台的应答无法理解：{fault}", f"the platform answers nonsense: {fault}"
        return _failed(did, "answer-malformed", zh, en)
    except JournalIsFull as fault:
        zh = f"日志已满（{fault}），待平台恢复"
        return _failed(did, "journal-full", zh, f"the journal is full ({fault})")
    except (OSError, sqlite3.Error) as fault:
        zh, en = f"无法写入终端目录：{fault}", f"the terminal's folder cannot be written: {fault}"
        return _failed(did, "folder-not-writable", zh, en)
    except (ValueError, LookupError) as fault:
        zh, en = f"卡的应答无法理解：{fault}", f"the card answers nonsense: {fault}"
        return _failed(did, "card-answers-nonsense", zh, en)


def _refused_by_card(did: str, refused: CardRefusesCommand) -> Outcome:
    if (left := sw.tries_told(refused.status)) is not None:
        return pin_wrong(did, left)
    if refused.status == sw.AUTHENTICATION_METHOD_BLOCKED:
        return turned_away("pin-locked", did, facts={"pin_tries_left": 0})
    if refused.status in _NOT_THERE:
        return turned_away(
            "application-missing", did, facts={"status_word": f"{refused.status:04X}"}
        )
    return _failed(
        did, f"card-answers-{refused.status:04X}", f"卡拒绝命令：{refused}", f"{refused}"
    )


def _left(did: str, reason: str, zh: str, en: str) -> Outcome:
    return Outcome(
        result="interrupted", did=did, reason=reason, zh=f"{zh}，请重新放卡",
        en=f"{en}: hold it again",
    )  # fmt: skip


def _failed(did: str, reason: str, zh: str, en: str) -> Outcome:
    return Outcome(result="failed", did=did, reason=reason, zh=f"未完成：{zh}", en=f"failed: {en}")
