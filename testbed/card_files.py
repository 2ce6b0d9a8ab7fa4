"""Cards and fault plans as files: read with one sentence for each way a file can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from testbed.faults import Fault
from virtual_cards.card_os import Card, LeRule, Protocol
from virtual_cards.personalisation import ImageIsFaulty, PersonalisedCard
from virtual_cards.personalisation.storage import load_stored_card
from virtual_cards.readers import FaultPlan, FaultPlanIsFaulty

FaceName = Literal["contact", "contactless"]


def read_card(
    file: Path, *, le_rule: LeRule = LeRule.LENIENT, protocol: Protocol = Protocol.T0
) -> PersonalisedCard:
    """A card from its file, an image or a stored card. Raises `Fault` with all that is wrong."""
    try:
        return load_stored_card(file, le_rule=le_rule, protocol=protocol)
    except OSError as fault:
        raise Fault(
            f"无法读取卡文件 {file}（{fault.strerror}）：请核对路径。",
            f"the card file {file} cannot be read ({fault.strerror}): look at the path.",
        ) from None
    except ImageIsFaulty as fault:
        raise Fault(
            f"卡文件 {file} 有误：\n" + "\n".join(f"  {one}" for one in fault.faults),
            f"the card file {file} is faulty:\n" + "\n".join(f"  {one}" for one in fault.faults),
        ) from None


def face_of(card: PersonalisedCard, face: FaceName) -> Card:
    """The face that goes into a reader; a card without an antenna has but one."""
    return (card.card.contactless or card.card) if face == "contactless" else card.card


def read_fault_plan(file: Path) -> FaultPlan:
    """A fault plan from its file. Raises `Fault` with all that is wrong."""
    try:
        return FaultPlan.read(file)
    except OSError as fault:
        raise Fault(
            f"无法读取故障计划 {file}（{fault.strerror}）：请核对路径。",
            f"the fault plan {file} cannot be read ({fault.strerror}): look at the path.",
        ) from None
    except (msgspec.MsgspecError, FaultPlanIsFaulty) as fault:
        raise Fault(
            f"故障计划 {file} 有误：{fault}", f"the fault plan {file} is faulty: {fault}"
        ) from None
