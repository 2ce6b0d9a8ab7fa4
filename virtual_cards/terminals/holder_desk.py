"""What every terminal shares that serves a person rather than a purse: who is it, and is the card
good.

Rules: the PSAM of the desk reads the card, so no line is needed for that. The platform decides
whether the card is good; while it does not answer, the desk decides by the dates on the card and by
its revocation list, as long as that is young enough. A decision is a value, never an exception.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from virtual_cards.apdu import status_words as sw
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.holder_card import CardholderData, HolderCard, ModuleAuthority
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.messages import IdentityCheckRequest
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME, Clock
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformIsUnreachable, PlatformLine
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.transit_card import TransitCard


@dataclass(frozen=True, slots=True)
class Received:
    """A holder the desk serves; `check_id` is None when it decided alone."""

    holder: CardholderData
    check_id: str | None

    @property
    def is_offline(self) -> bool:
        """Whether the desk decided without the platform."""
        return self.check_id is None


@dataclass(frozen=True, slots=True)
class NotReceived:
    """A holder the desk does not serve, and why."""

    holder: CardholderData
    reason: str
    """`card-expired`, `card-on-revocation-list`, `revocation-list-too-old`, or what the platform
    says: `card-unknown`, `name-differs`, `card-is-not-active`.
    """
    check_id: str | None = None


class HolderDesk:
    """A desk with a reader, a PSAM that reads holders, a line, parameters and a journal."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        line: PlatformLine,
        *,
        clock: Clock,
        journal: Journal | None = None,
    ) -> None:
        """Without a `journal` it keeps one in memory. Raises `JournalIsAnothers`."""
        self.dialogue = CardDialogue(reader)
        self.module = security_module
        self.use_parameters(parameters)
        self.line = line
        self.clock = clock
        self.journal = journal or Journal()
        self.journal.belong_to(security_module.terminal_number)
        self.journal.use_line(line)
        self._holder_card = HolderCard(self.dialogue, ModuleAuthority(security_module))

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new parameters and a new revocation list."""
        self.parameters = parameters

    def receive(self, purpose: str) -> Received | NotReceived:
        """Read the card and find out whether its holder is served for this purpose.

        Raises `CardIsAbsent`, `CardRefusesCommand`, `CardIsNotGenuine`, `PlatformRefuses`.
        """
        holder = self._holder_card.read()
        if holder.valid_until < f"{self.now():%Y%m%d}":
            return NotReceived(holder, "card-expired")
        request = IdentityCheckRequest(purpose, holder.card_number, holder.name)
        try:
            check = self.line.check_identity(request, f"identity-check-{secrets.token_hex(16)}")
        except PlatformIsUnreachable:
            return self._decide_alone(holder)
        if check.result == "valid":
            return Received(holder, check.check_id)
        return NotReceived(holder, check.reason or "refused", check.check_id)

    def now(self) -> datetime:
        """The time in China."""
        return self.clock().astimezone(CHINA_STANDARD_TIME)

    def _decide_alone(self, holder: CardholderData) -> Received | NotReceived:
        age_max_s = self.parameters.revocation_list_age_max_s
        if age_max_s is not None and (
            self.parameters.revocation_list_age_s(self.now()) > age_max_s
        ):
            return NotReceived(holder, "revocation-list-too-old")
        serial = self._application_serial()
        if serial in self.parameters.revocation_list.application_serials:
            return NotReceived(holder, "card-on-revocation-list")
        return Received(holder, None)

    def _application_serial(self) -> str | None:
        """What the revocation list knows a card by; a card without a purse is on no list."""
        card = TransitCard(self.dialogue, self.module.terminal_number)
        try:
            card.select()
        except CardRefusesCommand as refused:
            if refused.status != sw.FILE_NOT_FOUND:
                raise
            return None
        return card.read_public_data().application_serial
