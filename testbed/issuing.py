"""A card of a made-up person, issued as a card is issued: applied for, made, activated."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scenarios.platform_process import PlatformDidNotStart, PlatformProcess
from scenarios.residents import make_residents
from scenarios.service_desk import PlatformRefused, ServiceDesk
from testbed.faults import Fault
from testbed.running_platform import desk_of
from virtual_cards.personalisation import PersonalisedCard, load_card


@dataclass(frozen=True, slots=True)
class IssuedCard:
    """A card, what its platform calls it, and the number of its made-up holder's document."""

    card: PersonalisedCard
    card_id: str
    document_number: str


def issue_card(access_file: Path | None, seed: int) -> IssuedCard:
    """Issue a card at the platform of `access_file`, or at one started for the moment.

    Raises `Fault` when the platform cannot be reached or refuses (one person, one card).
    """
    with ExitStack() as stack:
        if access_file is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="onecard-issue-"))
            try:
                platform = stack.enter_context(PlatformProcess(Path(folder, "platform")))
            except PlatformDidNotStart as fault:
                raise Fault(fault.zh, fault.en, fault.exit_code) from None
            access_file = platform.access_file
        desk = stack.enter_context(desk_of(access_file))
        try:
            return _issue(desk, seed)
        except PlatformRefused as refused:
            raise Fault(
                f"{refused.zh}可用 --seed 换一位虚构人员。",
                f"{refused.en} Another --seed makes another person.",
            ) from None


def _issue(desk: ServiceDesk, seed: int) -> IssuedCard:
    resident = make_residents(1, seed)[0]
    card_id, image = desk.issue(resident.form(), resident.document())
    return IssuedCard(load_card(image), card_id, resident.number)
