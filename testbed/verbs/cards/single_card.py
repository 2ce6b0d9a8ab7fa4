"""`onecard cards issue, insert, remove, show, apdu, transcript`: one card at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape

from testbed import keeper
from testbed.answers import write_json
from testbed.bilingual import option, verb
from testbed.card_files import FaceName, read_card, read_fault_plan
from testbed.faults import Fault
from testbed.issuing import issue_card
from testbed.keeper import Order
from testbed.language import say
from testbed.verbs.cards.card_group import cards
from virtual_cards.card_os import LeRule, Protocol
from virtual_cards.personalisation import store_card
from virtual_cards.readers import FaultPlan, Transcript
from virtual_cards.transcripts import DecodedExchange, TranscriptDecoder

_WHAT_A_CARD_SAYS = (
    "00A404000F7378312E73682EC9E7BBE1B1A3D5CF",  # SELECT the social security environment
    *(f"00B2{record:02X}2C00" for record in range(1, 8)),  # READ RECORD, EF05
    "00A4040008A000000632010105",  # SELECT the purse
    "805C030204",  # GET BALANCE, net
)
_slot = option(
    "--slot", type=int, default=0, show_default=True, zh="读卡器编号", en="number of the reader"
)


@verb(
    cards,
    "issue",
    zh="为一位虚构的人制作一张已激活的卡，存为文件。",
    en="Issue an activated card of a made-up person into a file.",
    examples=(
        "onecard cards issue --out card.json",
        "onecard cards issue --platform data/access.json --out card.json",
        "onecard cards issue --image image.json --out card.json",
    ),
)
@option(
    "--out", type=Path, default=Path("card.json"), show_default=True, zh="卡文件", en="card file"
)
@option("--image", type=Path, zh="使用已有的个人化映像", en="use this personalisation image")
@option(
    "--platform",
    type=Path,
    zh="运行中平台的 access.json；默认临时启动一个平台",
    en="access.json of a running platform; default: one is started for the moment",
)
@option("--seed", type=int, default=1, show_default=True, zh="人员种子", en="seed of the person")
def issue(out: Path, image: Path | None, platform: Path | None, seed: int) -> int:
    """Write a card file."""
    issued = None if image else issue_card(platform, seed)
    card = issued.card if issued else read_card(image or out)
    try:
        store_card(card, out)
    except OSError as fault:
        raise Fault(
            f"无法写入 {out}（{fault.strerror}）：请用 --out 指定别处。",
            f"{out} cannot be written ({fault.strerror}): name another place with --out.",
        ) from None
    number = card.image["card_number"]
    print(say(f"卡 {number} 已存入 {out}", f"card {number} is in {out}"))
    if issued and platform:
        shown = issued.document_number
        print(
            say(
                f"卡片标识 {issued.card_id}；虚构持卡人的证件号码 {shown}",
                f"card id {issued.card_id}; document of its made-up holder {shown}",
            )
        )
    return 0


@verb(
    cards,
    "insert",
    zh="把卡文件插入读卡器。",
    en="Insert a card file into a reader.",
    examples=(
        "onecard cards insert card.json",
        "onecard cards insert card.json --slot 1 --le strict --protocol T1",
        "onecard cards insert card.json --face contactless",
        "onecard cards insert card.json --faults plan.json",
    ),
)
@click.argument("card", type=Path)
@_slot
@option(
    "--le",
    type=click.Choice([each.name.lower() for each in LeRule]),
    default=LeRule.LENIENT.name.lower(),
    show_default=True,
    zh="对 Le=00：strict 按标准答 6Cxx，lenient 直接给数据",
    en="to Le=00: strict answers 6Cxx as the standard says, lenient the data",
)
@option(
    "--protocol",
    type=click.Choice([each.name for each in Protocol]),
    default=Protocol.T0.name,
    show_default=True,
    zh="接触面的协议",
    en="protocol of the contact face",
)
@option(
    "--face",
    type=click.Choice(["contact", "contactless"]),
    default="contact",
    show_default=True,
    zh="卡以哪个面进入读卡器：contact 插入，contactless 贴卡",
    en="the face the reader sees: contact, put in; contactless, held to it",
)
@option(
    "--faults",
    type=Path,
    zh="故障计划（JSON）：断电、迟滞、无应答、错字节、错 MAC",
    en="fault plan (JSON): tears, stalls, silence, wrong bytes, wrong MACs",
)
def insert(
    card: Path, slot: int, le: str, protocol: str, face: FaceName, faults: Path | None
) -> int:
    """Insert."""
    read_card(card)
    order = Order(
        "insert",
        slot=slot,
        card=str(card.resolve()),
        le_rule=LeRule[le.upper()],
        protocol=Protocol[protocol],
        face=face,
        faults=FaultPlan() if faults is None else read_fault_plan(faults),
    )
    answer = keeper.ask(order)
    print(say(f"已插入 {answer.slots[slot].reader}", f"inserted into {answer.slots[slot].reader}"))
    return 0


@verb(
    cards,
    "remove",
    zh="取出读卡器中的卡；状态写回文件。",
    en="Take the card out of a reader; its state is written back to its file.",
    examples=("onecard cards remove", "onecard cards remove --slot 1"),
)
@_slot
def remove(slot: int) -> int:
    """Remove."""
    keeper.ask(Order("remove", slot=slot))
    return 0


@verb(
    cards,
    "show",
    zh="显示卡文件中的内容（个人信息已掩码）。",
    en="Show what a card file holds (personal data masked).",
    examples=("onecard cards show card.json",),
)
@click.argument("card", type=Path)
def show(card: Path) -> int:
    """Ask the card as a terminal does and print its answers, decoded."""
    _talk(read_card(card).card.transmit, [bytes.fromhex(command) for command in _WHAT_A_CARD_SAYS])
    return 0


@verb(
    cards,
    "apdu",
    zh="向读卡器中的卡发送 APDU，并解码应答。",
    en="Send APDUs to the card in a reader and decode the responses.",
    examples=("onecard cards apdu 00A404000F7378312E73682EC9E7BBE1B1A3D5CF 00B2012C00",),
)
@click.argument("apdu", nargs=-1, required=True)
@_slot
def apdu(apdu: tuple[str, ...], slot: int) -> int:
    """Send each APDU in turn."""
    for text in apdu:
        if not re.fullmatch(r"([0-9A-Fa-f]{2}){4,}", text):
            raise Fault(
                f"“{text}”不是 APDU：请给至少 4 字节的十六进制，例如 00A4040000。",
                f"'{text}' is no APDU: give at least 4 bytes in hexadecimal, as 00A4040000.",
            )

    def transmit(command: bytes) -> bytes:
        answer = keeper.ask(Order("transmit", slot=slot, apdu=command.hex()))
        return bytes.fromhex(answer.response)

    _talk(transmit, [bytes.fromhex(text) for text in apdu])
    return 0


@verb(
    cards,
    "transcript",
    zh="显示读卡器中的卡与任何程序的往来（已解码、掩码），或存为文件。",
    en="Show what any program said to the card in a reader (decoded, masked), or save it.",
    examples=(
        "onecard cards transcript",
        "onecard cards transcript --slot 1 --out dialogue.json",
    ),
)
@_slot
@option(
    "--out",
    type=Path,
    zh="存为 JSON，用于重放；含未掩码的卡片数据",
    en="save as JSON for replay; holds card data unmasked",
)
def transcript(slot: int, out: Path | None) -> int:
    """Print or save the last exchanges."""
    recorded = keeper.ask(Order("transcript", slot=slot)).transcript
    if out is not None:
        write_json(str(out), recorded)
        return 0
    decoder = TranscriptDecoder()
    for exchange in Transcript.from_json(recorded).exchanges:
        _tell(decoder.decode(exchange))
    return 0


def _talk(transmit: Callable[[bytes], bytes], commands: list[bytes]) -> None:
    """Send commands and print each exchange: bytes, meaning, fields, status."""
    decoder = TranscriptDecoder()
    for command in commands:
        _tell(decoder.decode_bytes(command, transmit(command)))


def _tell(told: DecodedExchange) -> None:
    console = Console()
    console.print(f"[bold]{escape(say(told.title_zh, told.title_en))}[/]")
    console.print(f"  > {told.command}\n  < {told.response}", style="dim", highlight=False)
    for field in told.fields:
        console.print(f"  {escape(say(field.name_zh, field.name_en))}: {escape(field.value)}")
    console.print(f"  {escape(say(told.status_zh, told.status_en))}")
