"""Why a card that was shown is not taken; each reason in both languages.

These are verdicts: an identity check answers with them, it is not refused itself.
"""

from __future__ import annotations

from card_platform.errors import Refusal
from card_platform.services.identity.model import NUMBER_IS_NOT_THE_CHIPS


class CardRefusal(Refusal):
    """A card was shown that is not taken."""

    status = 422


class ShownCardIsUnknown(CardRefusal):
    """No card has the number."""

    code = "card-unknown"
    title = "Card unknown"
    zh = "平台没有这个卡号的社会保障卡。"
    en = "The platform knows no card of this number."


class NumberIsNotTheChips(CardRefusal):
    """The chip proved itself, but the register has another number for it: what the card says was
    written over, or the number was changed on its way (CQ-24d, NM-23c).
    """

    code = NUMBER_IS_NOT_THE_CHIPS
    title = "Card number is not the chip's"
    zh = "卡号与已认证的芯片不符：卡内数据可能被改写，或者卡号在传送中被更改。"
    en = (
        "The card number is not that of the authenticated chip: what the card says was written"
        " over, or the number was changed on its way."
    )


class NameDiffers(CardRefusal):
    """Somebody else holds the card."""

    code = "name-differs"
    title = "Name differs"
    zh = "姓名与平台登记的持卡人不符。"
    en = "The name is not the one the platform has for the holder."


class ShownCardIsNotActive(CardRefusal):
    """It is lost, frozen, not yet activated or has ended."""

    code = "card-is-not-active"
    title = "Card is not active"
    zh = "卡片未激活或者已停用。"
    en = "The card is not active."


CARD_REFUSALS: dict[str, type[CardRefusal]] = {
    kind.code: kind
    for kind in (ShownCardIsUnknown, NumberIsNotTheChips, NameDiffers, ShownCardIsNotActive)
}
"""By reason."""
