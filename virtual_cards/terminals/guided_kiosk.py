"""A kiosk that leads a holder through a service, step by step, in the way they need (NM-10b, CQ-15,
SC-g).

Rules:
- Each way ends in the same result as the ordinary one: the work is that of `Kiosk`, and only what
  is told and how long an answer may take differ.
- An answer that comes too late ends the service; nothing was done to the card, since the card is
  asked only when every answer is there.
- Whatever the holder types is neither shown nor said again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from virtual_cards.apdu import status_words as sw
from virtual_cards.terminals.card_dialogue import CardRefusesCommand
from virtual_cards.terminals.holder_desk import NotReceived, Received
from virtual_cards.terminals.kiosk import Contents, Kiosk
from virtual_cards.terminals.presentation import Language, Message, Told, Way, tell
from virtual_cards.terminals.purse_loading import LoadReceipt

_FEN: Final = 100
_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,4}")
"""Whole yuan; no purse holds six digits of them (assumption)."""


class HolderAtKiosk(Protocol):
    """Who stands there: sees or hears what is told, and answers."""

    def attend(self, told: Told) -> None:
        """Take notice of what needs no answer."""
        ...

    def answer(self, told: Told) -> tuple[str, float]:
        """What they type, and after how many seconds."""
        ...


class Ended(StrEnum):
    """How a service ended."""

    DONE = "done"
    REFUSED = "refused"
    TOO_LATE = "too-late"


@dataclass(frozen=True, slots=True)
class Served:
    """What came of a service; `told` is all that was told, in order."""

    ended: Ended
    told: tuple[Told, ...]
    last: Message
    """What was told last, in both languages."""
    reason: str | None = None
    """Why it was not done: `no-answer`, `new-pins-differ`, `not-a-pin`, `not-an-amount`,
    `pin-wrong`, `pin-locked`, `card-refuses`, or what the kiosk turned the holder away for.
    """
    received: Received | NotReceived | None = None
    """Who stood there; None when the card could not be read."""
    gave: LoadReceipt | Contents | None = None
    """What a load or a look at the card gave."""
    pin_tries_left: int | None = None
    """After a wrong PIN."""


ASK_PIN: Final = Message("请输入现在的密码。", "Enter your PIN.")
ASK_NEW_PIN: Final = Message("请输入新密码，六位数字。", "Enter a new PIN of six digits.")
ASK_AGAIN: Final = Message("请再输入一次新密码。", "Enter the new PIN once more.")
ASK_AMOUNT: Final = Message(
    "请投入现金，并输入充值金额，以元为单位。",
    "Put in the money and enter the amount to load, in yuan.",
)
PIN_CHANGED: Final = Message("密码已更改。", "Your PIN is changed.")
NOT_THE_SAME: Final = Message(
    "两次输入的新密码不同，密码没有更改。", "The two new PINs differ; your PIN is not changed."
)
NOT_A_PIN: Final = Message(
    "密码须为六位数字，密码没有更改。", "A PIN has six digits; your PIN is not changed."
)
NOT_AN_AMOUNT: Final = Message(
    "金额须为整元，最多五位数；没有充值，现金退回。",
    "The amount must be whole yuan, of at most five digits; nothing is loaded, your money is"
    " returned.",
)
TOO_LATE: Final = Message(
    "等候已久，本次办理结束，卡内没有任何变动。需要更多时间时，请选择大字或者语音方式。",
    "There was no answer for long; the service has ended and nothing on the card has changed."
    " If you need more time, choose large print or voice.",
)


class _TooLate(Exception):
    """An answer took longer than the kiosk waits."""


class _Refused(Exception):
    """The service ends with this message, for this reason."""

    def __init__(self, reason: str, message: Message) -> None:
        super().__init__(message.en)
        self.reason = reason
        self.message = message


class GuidedKiosk:
    """The services of one kiosk for one holder.

    Args:
        kiosk: does the work.
        holder: stands there.
        way: how the holder is served.
        language: in which.
    """

    def __init__(
        self, kiosk: Kiosk, holder: HolderAtKiosk, way: Way, language: Language = "zh"
    ) -> None:
        self._kiosk = kiosk
        self._holder = holder
        self._way = way
        self._language = language
        self._told: list[Told] = []
        self._received: Received | NotReceived | None = None
        self._gave: LoadReceipt | Contents | None = None

    def change_pin(self) -> Served:
        """Give the card a new PIN. Raises `CardIsAbsent`, `PlatformIsUnreachable` as `Kiosk`."""
        return self._serve(self._change_pin)

    def load(self) -> Served:
        """Load the transit purse. Raises as `Kiosk.load`, but for what the card refuses."""
        return self._serve(self._load)

    def show(self) -> Served:
        """Tell what is in the purse. Raises `CardIsAbsent`."""
        return self._serve(self._show)

    def _serve(self, service: Callable[[], Message]) -> Served:
        self._told, self._received, self._gave = [], None, None
        ended, reason, left = Ended.REFUSED, None, None
        try:
            self._welcome()
            last = service()
            ended = Ended.DONE
        except _TooLate:
            ended, reason, last = Ended.TOO_LATE, "no-answer", TOO_LATE
        except _Refused as refused:
            reason, last = refused.reason, refused.message
        except CardRefusesCommand as refused:
            reason, last = _of_refusal(refused.status)
            left = sw.tries_told(refused.status)
        self._attend(last)
        told = tuple(self._told)
        return Served(ended, told, last, reason, self._received, self._gave, left)

    def _welcome(self) -> None:
        self._received = received = self._kiosk.welcome()
        if isinstance(received, NotReceived):
            raise _Refused(received.reason, _not_served(received))
        name = received.holder.name
        self._attend(
            Message(f"{name}，您好。", f"Welcome, {name}.", aloud_zh="您好。", aloud_en="Welcome.")
        )

    def _change_pin(self) -> Message:
        old, new, again = (self._ask(each) for each in (ASK_PIN, ASK_NEW_PIN, ASK_AGAIN))
        if new != again:
            raise _Refused("new-pins-differ", NOT_THE_SAME)
        try:
            self._kiosk.change_pin(old, new)
        except ValueError:
            raise _Refused("not-a-pin", NOT_A_PIN) from None
        return PIN_CHANGED

    def _load(self) -> Message:
        typed = self._ask(ASK_AMOUNT)
        if not _AMOUNT.fullmatch(typed):
            raise _Refused("not-an-amount", NOT_AN_AMOUNT)
        self._gave = receipt = self._kiosk.load(int(typed) * _FEN)
        zh, en = _yuan(receipt.balance_after_fen)
        return Message(
            f"已充值 {typed} 元，余额 {zh}。",
            f"{typed} yuan are loaded; the balance is {en}.",
            aloud_zh=f"已充值 {typed} 元。",
            aloud_en=f"{typed} yuan are loaded.",
        )

    def _show(self) -> Message:
        self._gave = contents = self._kiosk.show()
        purse = contents.purse
        if purse is None:
            return Message("卡内没有电子钱包。", "The card has no purse.")
        zh, en = _yuan(purse.balance_fen)
        return Message(f"余额 {zh}。", f"The balance is {en}.")

    def _ask(self, message: Message) -> str:
        told = self._tell(message)
        typed, after_s = self._holder.answer(told)
        if after_s > told.answer_within_s:
            raise _TooLate
        return typed

    def _attend(self, message: Message) -> None:
        self._holder.attend(self._tell(message))

    def _tell(self, message: Message) -> Told:
        told = tell(message, self._way, self._language)
        self._told.append(told)
        return told


def _of_refusal(status: int) -> tuple[str, Message]:
    if (left := sw.tries_told(status)) is not None:
        return "pin-wrong", Message(
            f"密码不正确，还可以再试 {left} 次。", f"The PIN is wrong; {left} tries are left."
        )
    if status == sw.AUTHENTICATION_METHOD_BLOCKED:
        return "pin-locked", Message(
            "密码已锁定，请到窗口重置。", "The PIN is locked; a counter resets it."
        )
    return "card-refuses", Message(
        f"卡不能办理（{status:04X}），请到窗口咨询。",
        f"The card refuses ({status:04X}); please ask at a counter.",
    )


def _not_served(refused: NotReceived) -> Message:
    zh = refused.detail_zh or "此卡目前不能在自助终端办理，请到窗口咨询。"
    en = refused.detail_en or "This card cannot be served here now; please ask at a counter."
    return Message(zh, en)


def _yuan(fen: int) -> tuple[str, str]:
    return f"{fen / _FEN:.2f} 元", f"{fen / _FEN:.2f} yuan"
