"""What is refused about schemes, with the clause that says so."""

from __future__ import annotations

from card_platform.errors import Refusal


class SchemeIsUnknown(Refusal):
    """No scheme has that id."""

    code = "scheme-unknown"
    status = 404
    title = "Scheme unknown"
    zh = "没有登记这种卡、证或者码。"
    en = "There is no such scheme."


class SchemeDuplicatesItem(Refusal):
    """NM-7c, CQ-6b, NX-7b: no new card, certificate or code for what is on the list."""

    code = "scheme-duplicates-item"
    status = 409
    title = "Scheme duplicates a listed item"
    zh = "“{scheme}”与应用目录中的事项“{item}”（{item_id}）功能重复，不得新发放。"
    en = "“{scheme}” duplicates the listed item “{item}” ({item_id}); it may not be issued."


class SchemeResemblesItem(Refusal):
    """SC-c: nor one that is like it."""

    code = "scheme-resembles-item"
    status = 409
    title = "Scheme resembles a listed item"
    zh = "“{scheme}”与应用目录中的事项“{item}”（{item_id}）功能类似，不再发放。"
    en = "“{scheme}” resembles the listed item “{item}” ({item_id}); it may not be issued."


class NothingToMergeInto(Refusal):
    """NM-7d, NX-7b: an existing or nationally required scheme is merged into a listed item."""

    code = "nothing-to-merge-into"
    status = 422
    title = "Nothing to merge into"
    zh = "应用目录中没有与“{scheme}”功能对应的事项；请先将该事项列入目录。"
    en = "No listed item answers to “{scheme}”; list the item first."


class SchemeStateForbids(Refusal):
    """The table of schemes has no such step."""

    code = "scheme-state-forbids"
    status = 409
    title = "State of the scheme forbids this"
    zh = "该卡、证或者码处于 {state}，不能 {action}。"
    en = "The scheme is {state}; it does not allow {action}."


class SchemeHolderIsUnknown(Refusal):
    """Nobody holds that number of the scheme."""

    code = "scheme-holder-unknown"
    status = 404
    title = "Holder of the scheme unknown"
    zh = "没有号码为 {number} 的持有人。"
    en = "The scheme has no holder with the number {number}."


class SchemeHolderIsMoved(Refusal):
    """A holder moves once, and a card takes a scheme once."""

    code = "scheme-holder-already-moved"
    status = 409
    title = "Holder has moved already"
    zh = "号码 {number} 的功能已融合至社会保障卡，或者该卡已加载此功能。"
    en = "The number {number} has moved already, or the card has that function already."


class HoldersAreNotMoved(Refusal):
    """NX-7b: merging ends when every holder has been moved over."""

    code = "holders-not-moved"
    status = 409
    title = "Holders not moved"
    zh = "尚有 {left} 名持有人未融合至社会保障卡，不能办结。"
    en = "{left} holders have not been moved to the card; the merging cannot end."


class CardToLoadIsUnknown(Refusal):
    """No card has that number."""

    code = "card-unknown"
    status = 404
    title = "Card unknown"
    zh = "没有这张社会保障卡。"
    en = "There is no such card."


class CardToLoadIsNotActive(Refusal):
    """A function is loaded onto an active card."""

    code = "card-is-not-active"
    status = 409
    title = "Card is not active"
    zh = "社会保障卡状态为 {state}，不能加载功能。"
    en = "The card is {state}; no function can be loaded."


class FunctionIsNotBound(Refusal):
    """A function is bound to a card before it is written on its chip."""

    code = "function-not-bound"
    status = 409
    title = "Function not bound to a card"
    zh = "号码 {number} 的功能尚未融合至社会保障卡，不能写卡。"
    en = "The number {number} has not been moved to a card; nothing can be written."


class FunctionIsOfAnotherCard(Refusal):
    """NM-7d: a function is written on the chip of the card it is bound to, and on no other."""

    code = "function-of-another-card"
    status = 403
    title = "Function of another card"
    zh = "该功能已融合至另一张社会保障卡，不能写入本卡。"
    en = "The function is bound to another card; it cannot be written on this one."


class FunctionDoesNotFit(Refusal):
    """The card holds 32 bytes of the holder's number, in GBK."""

    code = "function-does-not-fit"
    status = 422
    title = "Function does not fit the card"
    zh = "号码 {number} 超过 32 字节或者含有 GBK 以外的字符，不能写卡。"
    en = "The number {number} is longer than 32 bytes, or not of GBK; the card cannot hold it."


class FunctionStateForbids(Refusal):
    """The table of functions has no such step."""

    code = "function-state-forbids"
    status = 409
    title = "State of the function forbids this"
    zh = "该功能处于 {state}，不能 {action}；可以：{allowed}。"
    en = "The function is {state}; it does not allow {action}, only: {allowed}."


class FunctionWritingIsUnknown(Refusal):
    """The terminal that was given a command reports it."""

    code = "function-writing-unknown"
    status = 404
    title = "Writing unknown"
    zh = "没有向本终端下发过该写卡指令。"
    en = "This terminal was given no such command for a card."


class FunctionWritingIsReported(Refusal):
    """A card answers a command once."""

    code = "function-writing-reported"
    status = 409
    title = "Writing reported already"
    zh = "该写卡指令的结果已上报为 {status}。"
    en = "The answer to this command was reported as {status}."
