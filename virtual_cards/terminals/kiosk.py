"""A self-service kiosk: shows what is on the card, changes the PIN, loads both purses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.applets.social_security.specification import SSSE_NAME
from virtual_cards.terminals.card_dialogue import CardRefusesCommand
from virtual_cards.terminals.holder_desk import HolderDesk, NotReceived, Received
from virtual_cards.terminals.medical_purse import MedicalCard, MedicalLoading
from virtual_cards.terminals.pin import change_pin
from virtual_cards.terminals.purse_loading import LoadReceipt, load
from virtual_cards.terminals.transit_purse import LogRecord, PurseState, TransitPurse

PURPOSE: Final = "self-service"


@dataclass(frozen=True, slots=True)
class Contents:
    """What the kiosk shows; amounts in fen. A card without a purse has none to show."""

    purse: PurseState | None
    log: tuple[LogRecord, ...]
    medical_fen: dict[Account, int] | None


class Kiosk(HolderDesk):
    """One kiosk."""

    def welcome(self) -> Received | NotReceived:
        """Who stands here? Raises as `receive`."""
        return self.receive(PURPOSE)

    def welcome_code(self, text: str) -> Received | NotReceived:
        """Who stands here, by code? Raises as `receive_code`."""
        return self.receive_code(PURPOSE, text)

    def show(self) -> Contents:
        """The purses of the card in the reader. Raises `CardIsAbsent`, `CardRefusesCommand`."""
        purse = TransitPurse(self.dialogue, self.module.terminal_number, self.line)
        try:
            purse.present()
        except CardRefusesCommand as refused:
            _require_absent(refused)
            return Contents(None, (), self._medical_fen())
        return Contents(purse.state(), tuple(purse.log()), self._medical_fen())

    def change_pin(self, old: str, new: str) -> None:
        """Give the card a new PIN.

        Raises ValueError for what is no PIN, `CardRefusesCommand` 63Cx for a wrong old one, 6983
        when it is locked, `CardIsAbsent`.
        """
        command = change_pin(old, new)
        self.dialogue.connect()
        self.dialogue.select_name(SSSE_NAME)
        self.dialogue.ask(command)

    def load(self, amount_fen: int) -> LoadReceipt:
        """Load the transit purse with what was paid in; raises as `purse_loading.load`."""
        purse = TransitPurse(self.dialogue, self.module.terminal_number, self.line)
        return load(purse.present(), self.journal, amount_fen)

    def load_medical(
        self, received: Received, account: Account, amount_fen: int, pin: str
    ) -> LoadReceipt:
        """Load an account of the medical purse with what the insurance fund credited.

        Raises as `purse_loading.load`; a wrong PIN is `CardRefusesCommand` 63Cx.
        """
        self.dialogue.connect()
        card = MedicalCard(self.dialogue, self.module.terminal_number)
        card.select()
        card.verify(pin)
        historical_bytes = bytes.fromhex(received.holder.historical_bytes)
        loading = MedicalLoading(card, account, historical_bytes, self.line)
        return load(loading, self.journal, amount_fen)

    def _medical_fen(self) -> dict[Account, int] | None:
        card = MedicalCard(self.dialogue, self.module.terminal_number)
        try:
            card.select()
            return {account: card.balance_fen(account) for account in Account}
        except CardRefusesCommand as refused:
            _require_absent(refused)
            return None


def _require_absent(refused: CardRefusesCommand) -> None:
    """Raise again any refusal but "there is none"."""
    if refused.status not in {sw.FILE_NOT_FOUND, sw.CLASS_NOT_SUPPORTED}:
        raise refused
