"""What every terminal shares that serves a person rather than a purse: who is it, and is the card
good.

Rules: the PSAM of the desk reads the card, so no line is needed for that. The platform decides
whether the card is good; while it does not answer, the desk decides by the dates on the card, by
whether the identification code on it is that of its chip, and by its revocation list, as long as
that is young enough. A decision is a value, never an exception.
A code of the holder's electronic card is received as the card is: by the platform, or alone by the
platform's public key and the same revocation list.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from virtual_cards.apdu import status_words as sw
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.codes import (
    CodeIsUnreadable,
    CodeKeys,
    CodeRefused,
    CodeScanner,
    read_code,
)
from virtual_cards.terminals.holder_card import CardholderData, HolderCard, ModuleAuthority
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.messages import CheckedHolder, CodeCheckRequest
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME, Clock
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformIsUnreachable, PlatformLine
from virtual_cards.terminals.reports import CodeUse
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.transit_card import TransitCard

IDENTITY: Final = "identity"
"""What a code must be for at a desk that asks who somebody is."""
Carrier = Literal["card", "electronic-card", "fusion-code", "code"]
"""What was shown; `code` for a text that is none."""
UNKNOWN_HOLDER: Final = CardholderData("", "", "", "", "", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Received:
    """A holder the desk serves; `check_id` is None when it decided alone."""

    holder: CardholderData
    check_id: str | None
    carrier: Carrier = "card"

    @property
    def is_offline(self) -> bool:
        """Whether the desk decided without the platform."""
        return self.check_id is None


@dataclass(frozen=True, slots=True)
class NotReceived:
    """A holder the desk does not serve, and why."""

    holder: CardholderData
    reason: str
    """`card-expired`, `card-on-revocation-list`, `revocation-list-too-old`,
    `card-identification-is-not-the-chips` (without a line), or what the platform says:
    `card-unknown`, `card-number-is-not-the-chips`, `name-differs`, `card-is-not-active`; for a code
    those of `codes.reasons`.
    """
    check_id: str | None = None
    carrier: Carrier = "card"
    detail_zh: str = ""
    detail_en: str = ""


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
        self.scanner = CodeScanner(CodeKeys())
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
        request = holder.identity_check(purpose)
        try:
            check = self.line.check_identity(request, f"identity-check-{secrets.token_hex(16)}")
        except PlatformIsUnreachable:
            return self._decide_alone(holder)
        if check.result == "valid":
            return Received(holder, check.check_id)
        return NotReceived(
            holder,
            check.reason or "refused",
            check.check_id,
            detail_zh=check.detail_zh,
            detail_en=check.detail_en,
        )

    def use_code_keys(self, keys: CodeKeys) -> None:
        """Take the public keys and rules with which codes are checked without a line."""
        self.scanner = CodeScanner(keys)

    def receive_code(self, purpose: str, text: str) -> Received | NotReceived:
        """Scan a code of identity and find out whether its holder is served: as `receive`.

        Without a line the code says which card it is of, not the holder's name; the use is told
        later. Raises `PlatformRefuses`, `JournalIsFull`.
        """
        request = CodeCheckRequest(purpose, text)
        try:
            check = self.line.check_code(request, f"code-check-{secrets.token_hex(16)}")
        except PlatformIsUnreachable:
            return self._decide_on_code_alone(text)
        self.scanner.note_time(self.now())
        carrier = carrier_of(text)
        if check.result == "valid" and check.holder is not None:
            return Received(holder_of_code(check.holder), check.check_id, carrier)
        return NotReceived(
            UNKNOWN_HOLDER,
            check.reason or "refused",
            check.check_id,
            carrier,
            check.detail_zh,
            check.detail_en,
        )

    def now(self) -> datetime:
        """The time in China."""
        return self.clock().astimezone(CHINA_STANDARD_TIME)

    def _decide_alone(self, holder: CardholderData) -> Received | NotReceived:
        if not holder.names_its_chip:
            return NotReceived(holder, "card-identification-is-not-the-chips")
        if self._list_is_too_old():
            return NotReceived(holder, "revocation-list-too-old")
        serial = self._application_serial()
        if serial in self.parameters.revocation_list.application_serials:
            return NotReceived(holder, "card-on-revocation-list")
        return Received(holder, None)

    def _decide_on_code_alone(self, text: str) -> Received | NotReceived:
        self.journal.require_room()
        at = self.now()
        scanned = self.scanner.check(text, IDENTITY, at)
        if isinstance(scanned, CodeRefused):
            return _code_not_received(scanned, text)
        if self._list_is_too_old():
            return _code_not_received(CodeRefused.because("revocation-list-too-old"), text)
        if scanned.application_serial in self.parameters.revocation_list.application_serials:
            return _code_not_received(CodeRefused.because("card-on-revocation-list"), text)
        self.journal.write(CodeUse(text, IDENTITY, at.isoformat(timespec="milliseconds")), at)
        self.journal.send()
        holder = replace(UNKNOWN_HOLDER, card_number=scanned.card_number, region=scanned.region)
        return Received(holder, None, carrier_of(text))

    def _list_is_too_old(self) -> bool:
        age_max_s = self.parameters.revocation_list_age_max_s
        return age_max_s is not None and (
            self.parameters.revocation_list_age_s(self.now()) > age_max_s
        )

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


def holder_of_code(holder: CheckedHolder) -> CardholderData:
    """What the platform told of a code's holder, as if it had been read; the rest is empty."""
    return replace(
        UNKNOWN_HOLDER,
        card_number=holder.card_number,
        name=holder.name,
        social_security_number=holder.document_number,
        region=holder.region,
        valid_until=holder.valid_until.replace("-", ""),
    )


def carrier_of(text: str) -> Carrier:
    """What kind of code a text is."""
    try:
        kind = read_code(text).kind
    except CodeIsUnreadable:
        return "code"
    return "fusion-code" if kind == "fusion-code" else "electronic-card"


def _code_not_received(refused: CodeRefused, text: str) -> NotReceived:
    return NotReceived(
        UNKNOWN_HOLDER,
        refused.reason,
        carrier=carrier_of(text),
        detail_zh=refused.detail_zh,
        detail_en=refused.detail_en,
    )
