"""A service counter: reads cards, checks who holds them, loads both purses, resets a lost PIN,
writes certificates and functions of merged schemes.

It has a line: the platform's keys open the card, every load is booked in two steps, and the command
that writes a certificate or a function comes ready made, so that the counter never holds a key of
an issuer.
"""

from __future__ import annotations

import secrets
from typing import Protocol

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.assumptions import CERTIFICATES_AID
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.holder_card import CardholderData, HolderCard, PlatformAuthority
from virtual_cards.terminals.holder_checks import (
    ForeignCardCheck,
    ForeignCardRequest,
    Verification,
    VerificationRequest,
)
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.medical_purse import MedicalCard, MedicalLoading
from virtual_cards.terminals.messages import (
    CertificateWritingRequest,
    CodeCheckRequest,
    FunctionReport,
    FunctionStands,
    FunctionWritingRequest,
    IdentityCheck,
)
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.purse_loading import LoadReceipt, load, recover_load
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.transit_purse import PurseState, TransitPurse


class PinIssuer(Protocol):
    """Who may give a PIN back: the issuer's security module."""

    def pin_reset_command(
        self, region: str, historical_bytes: bytes, challenge: bytes, pin: str
    ) -> bytes:
        """PIN UNBLOCK with a new PIN for a card's challenge, as bytes of a command."""
        ...


class Counter:
    """A counter with its reader, PSAM, line and journal."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        line: PlatformLine,
        journal: Journal | None = None,
    ) -> None:
        """Without a `journal` it keeps one in memory. Raises `JournalIsAnothers`."""
        self._dialogue = CardDialogue(reader)
        self._line = line
        self._terminal_number = security_module.terminal_number
        self._holder_card = HolderCard(self._dialogue, PlatformAuthority(line))
        self._purse = TransitPurse(self._dialogue, security_module.terminal_number, line)
        self.journal = journal or Journal(line)
        self.journal.belong_to(security_module.terminal_number)

    def read_historical_bytes(self) -> str:
        """The historical bytes of the card's ATR, as a production report wants them."""
        return self._holder_card.read_historical_bytes().hex().upper()

    def read_card(self) -> CardholderData:
        """Read card and holder in the two-step flow.

        Raises `CardIsAbsent`, `CardRefusesCommand`, `CardIsNotGenuine`, and the errors of the line.
        """
        return self._holder_card.read()

    def check_identity(self, purpose: str, holder: CardholderData) -> IdentityCheck:
        """Ask the platform whether this card is valid for a purpose, and its number that of its
        chip. Raises the errors of the line.
        """
        request = holder.identity_check(purpose)
        return self._line.check_identity(request, f"identity-check-{secrets.token_hex(16)}")

    def verify_identity(self, activity: str, place: str, holder: CardholderData) -> Verification:
        """Ask the platform whether the holder of this card is who it says, for an activity, and
        its number that of its chip. Raises the errors of the line.
        """
        request = VerificationRequest(
            activity, place, holder.card_number, holder.name, holder.historical_bytes
        )
        return self._line.verify_identity(request, f"verification-{secrets.token_hex(16)}")

    def check_foreign_card(
        self, region: str, field: str, purpose: str, holder: CardholderData
    ) -> ForeignCardCheck:
        """Ask the region that issued this card (six digits) whether it is valid in a field of use,
        and its number that of its chip. Raises the errors of the line.
        """
        request = ForeignCardRequest(
            region, field, holder.card_number, holder.name, purpose, holder.historical_bytes
        )
        return self._line.check_foreign_card(request, f"foreign-card-{secrets.token_hex(16)}")

    def check_code(self, purpose: str, text: str) -> IdentityCheck:
        """Ask the platform whether a code is valid for a purpose, and whose it is.

        Raises the errors of the line.
        """
        request = CodeCheckRequest(purpose, text)
        return self._line.check_code(request, f"code-check-{secrets.token_hex(16)}")

    def write_certificate(self, licence_id: str) -> str:
        """Write a licence on the card, or take it off where it no longer stands: `load`, `end`.

        Raises `CardIsAbsent`, `CardRefusesCommand` and the errors of the line.
        """
        historical_bytes = self._holder_card.read_historical_bytes().hex().upper()
        self._dialogue.select_name(CERTIFICATES_AID)
        challenge = self._holder_card.challenge().hex().upper()
        writing = self._line.certificate_command(
            licence_id,
            CertificateWritingRequest(historical_bytes, challenge),
            f"certificate-{challenge}-{secrets.token_hex(8)}",
        )
        self._dialogue.ask(CommandApdu.parse(bytes.fromhex(writing.command)))
        return writing.what

    def write_function(self, scheme_id: str, number: str) -> FunctionStands:
        """Write the function of a merged scheme on the card, or erase it where it has ended; where
        the platform has it after the card's answer. Asked again after a break, it is written again.

        Raises `CardIsAbsent`, `CardRefusesCommand` (6A84: the card is full, 6A88: it was issued
        without the key; both are reported first) and the errors of the line.
        """
        historical_bytes = self._holder_card.read_historical_bytes().hex().upper()
        self._dialogue.select_name(CERTIFICATES_AID)
        challenge = self._holder_card.challenge().hex().upper()
        writing = self._line.function_command(
            scheme_id,
            FunctionWritingRequest(number, historical_bytes, challenge),
            f"function-{challenge}-{secrets.token_hex(8)}",
        )
        command = CommandApdu.parse(bytes.fromhex(writing.command))
        status = self._dialogue.exchange(command).status
        report = FunctionReport(f"{status:04X}")
        stands = self._line.report_function(
            scheme_id, writing.writing_id, report, f"function-report-{secrets.token_hex(8)}"
        )
        if status != sw.SUCCESS:
            raise CardRefusesCommand(command, status)
        return stands

    def answer_challenge(self, process: bytes, original: bytes, pin: str) -> tuple[str, str]:
        """Historical bytes and the card's answer to a challenge of the platform, in hexadecimal:
        what signs its holder in to a platform that sees neither. The holder enters the PIN.

        Raises `CardIsAbsent`, `CardRefusesCommand` (63Cx: wrong PIN).
        """
        historical_bytes = self._holder_card.read_historical_bytes().hex().upper()
        proof = self._holder_card.prove(process, original, pin)
        return historical_bytes, proof.hex().upper()

    def read_purse(self) -> PurseState:
        """The transit purse. Raises `CardIsAbsent`, `CardRefusesCommand`."""
        return self._purse.present().state()

    def load(self, amount_fen: int) -> LoadReceipt:
        """Load the transit purse online; raises as `purse_loading.load`."""
        return load(self._purse.present(), self.journal, amount_fen)

    def recover_load(self) -> LoadReceipt | None:
        """Finish the load this card left in the middle of; raises as `load`."""
        return recover_load(self._purse.present(), self.journal)

    def load_medical(self, account: Account, amount_fen: int, pin: str) -> LoadReceipt:
        """Load an account of the medical purse with what the insurance fund credited; as `load`.

        A wrong PIN raises `CardRefusesCommand` 63Cx.
        """
        historical_bytes = self._holder_card.read_historical_bytes()
        card = MedicalCard(self._dialogue, self._terminal_number)
        card.select()
        card.verify(pin)
        loading = MedicalLoading(card, account, historical_bytes, self._line)
        return load(loading, self.journal, amount_fen)

    def reset_pin(self, issuer: PinIssuer, pin: str) -> None:
        """Give a locked card its PIN tries back, and a new PIN; the desk never knows the key.

        Who the holder is has been checked before. When it returns, the chip has the new PIN.
        Raises `CardIsAbsent`, `CardRefusesCommand`, and the issuer's errors.
        """
        historical_bytes = self._holder_card.read_historical_bytes()
        region = self._holder_card.read_region()
        challenge = self._holder_card.challenge()
        command = issuer.pin_reset_command(region, historical_bytes, challenge, pin)
        self._dialogue.ask(CommandApdu.parse(command))
