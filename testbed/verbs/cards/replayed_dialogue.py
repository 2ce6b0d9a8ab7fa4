"""`onecard cards replay`: a recorded dialogue played to a card again, and what differs."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path

import click
import msgspec

from testbed import faults
from testbed.answers import STANDARD_OUTPUT, write_json
from testbed.bilingual import option, verb
from testbed.card_files import read_card
from testbed.faults import Fault
from testbed.language import say
from testbed.terminals.reader_choice import choose_reader, reader_is_gone
from testbed.verbs.cards.card_group import cards
from virtual_cards.readers import CardIsAbsent, InProcessReader, Transcript
from virtual_cards.readers.pcsc import PcscError
from virtual_cards.readers.reader import Reader
from virtual_cards.readers.replay import Difference, replay


class DifferingField(msgspec.Struct, frozen=True):
    """A decoded field in both dialogues, personal data masked; empty where it is missing."""

    name: str
    recorded: str
    present: str


class DifferingExchange(msgspec.Struct, frozen=True):
    """An exchange (from 1) whose command or response differs."""

    place: int
    what: str
    fields: list[DifferingField]


@verb(
    cards,
    "replay",
    zh="把录下的往来（cards transcript --out）重放给一张卡，逐字段列出不同；随机数与 MAC 必不同。",
    en="Play a recorded dialogue (cards transcript --out) to a card again and tell what differs, "
    "field by field; random numbers and MACs always do.",
    examples=(
        "onecard cards replay dialogue.json --card card.json",
        "onecard cards replay dialogue.json --reader 0 --json -",
    ),
)
@click.argument("dialogue", type=Path)
@option(
    "--card",
    type=Path,
    zh="卡文件；不写回",
    en="a card file; it is not written back",
)
@option(
    "--reader",
    metavar="NAME|N",
    zh="PC/SC 读卡器：名称、名称的一部分或编号（默认：唯一的那个）",
    en="PC/SC reader: name, part of it, or number (default: the only one)",
)
@option(
    "--json",
    "json_file",
    metavar="FILE",
    zh="写 JSON，- 为标准输出",
    en="write JSON, - is standard output",
)
def replay_dialogue(
    dialogue: Path, card: Path | None, reader: str | None, json_file: str | None
) -> int:
    """Play a dialogue again: 0 when all is the same, 1 when not."""
    recorded = _read(dialogue)
    with ExitStack() as stack:
        found: Reader
        if card is not None:
            found = InProcessReader(str(card), read_card(card).card)
        else:
            found = stack.enter_context(closing(choose_reader(reader)))
        differences = [_masked(each) for each in _replay(recorded, found)]
    if json_file is not None:
        write_json(json_file, differences)
    if json_file != STANDARD_OUTPUT:
        _print(differences, len(recorded.exchanges))
    return faults.FELL_SHORT if differences else faults.HELD


def _read(dialogue: Path) -> Transcript:
    try:
        return Transcript.from_json(msgspec.json.decode(dialogue.read_bytes()))
    except OSError as fault:
        raise Fault(
            f"无法读取 {dialogue}（{fault.strerror}）：请核对路径。",
            f"{dialogue} cannot be read ({fault.strerror}): look at the path.",
        ) from None
    except (msgspec.MsgspecError, KeyError, ValueError, TypeError) as fault:
        raise Fault(
            f"{dialogue} 不是录下的往来（{fault}）：请用 onecard cards transcript --out 录制。",
            f"{dialogue} is no recorded dialogue ({fault}): record one with "
            "onecard cards transcript --out.",
        ) from None


def _replay(recorded: Transcript, reader: Reader) -> tuple[Difference, ...]:
    try:
        return replay(recorded, reader)
    except CardIsAbsent:
        raise Fault(
            f"{reader.name} 中没有卡，或卡中途离开：请放好卡再试。",
            f"no card is in {reader.name}, or it left in the middle: put it in and try again.",
        ) from None
    except PcscError as fault:
        raise reader_is_gone(fault) from None


def _masked(difference: Difference) -> DifferingExchange:
    """Without the raw bytes, which may hold personal data."""
    fields = [DifferingField(*each) for each in difference.fields]
    return DifferingExchange(difference.place, difference.what, fields)


def _print(differences: list[DifferingExchange], exchanges: int) -> None:
    for each in differences:
        what = say({"command": "命令", "response": "应答"}[each.what], each.what)
        print(say(f"第 {each.place} 次往来，{what}不同", f"exchange {each.place}, {what} differs"))
        for field in each.fields:
            print(f"  {field.name}: {field.recorded or '-'} -> {field.present or '-'}")
    print(
        say(
            f"重放 {exchanges} 次往来，{len(differences)} 处不同",
            f"{exchanges} exchanges played again, {len(differences)} differ",
        )
    )
