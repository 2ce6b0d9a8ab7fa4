"""A service counter: reads a social security card, loads its transit purse online.

Rules: reading follows the two-step flow of third-generation cards in the exact order of the
national reading interface: basic data, card proves itself, terminal proves itself with values of
the platform's keys, then EF06. A load is booked in two steps: the platform's MAC2 before the card
changes, the card's TAC after it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.social_security.specification import READ_KEY, SSSE_NAME
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.messages import (
    CardAuthentication,
    CardAuthenticationRequest,
    Challenges,
    IdentityCheck,
    IdentityCheckRequest,
    LoadConfirmationRequest,
    LoadRequest,
)
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.transit_card import Initialised, PublicData, TransitCard

_ATR_HEADER_LENGTH: Final = 4
_CHALLENGE_LENGTH: Final = 8
_EF05: Final = bytes.fromhex("EF05")
_EF06: Final = bytes.fromhex("EF06")
_REGION_DIGITS: Final = 6
_INTERRUPTED_MAX: Final = 1_000


class CardIsNotGenuine(Exception):
    """The card's answer to INTERNAL AUTHENTICATE is not the platform's (iReadCardBas: -21)."""

    def __init__(self) -> None:
        super().__init__("the card does not know the key of its number")


@dataclass(frozen=True, slots=True)
class CardholderData:
    """What the national reading interface gives: card and holder; dates YYYYMMDD."""

    card_identification: str
    spec_version: str
    card_number: str
    issue_date: str
    valid_until: str
    social_security_number: str
    name: str
    name_extension: str
    region: str
    historical_bytes: str


@dataclass(frozen=True, slots=True)
class PurseState:
    """The transit purse as it is; amount in fen."""

    application_serial: str
    issuer: str
    valid_until: str
    balance_fen: int


@dataclass(frozen=True, slots=True)
class LoadReceipt:
    """A load that is on the card and booked; amounts in fen."""

    load_id: str
    posting_id: str
    application_serial: str
    amount_fen: int
    balance_before_fen: int
    balance_after_fen: int
    online_sequence: int
    tac: str
    recovered: bool = False


class TooManyInterruptedLoads(Exception):
    """So many cards left in the middle of a load that this counter must not begin another."""


@dataclass(frozen=True, slots=True)
class _PermittedLoad:
    """A load the platform permitted; whether the card took it is known when its TAC is."""

    load_id: str
    amount_fen: int
    balance_before_fen: int
    online_sequence: int


class Counter:
    """A counter with its reader, PSAM and line."""

    def __init__(self, reader: Reader, security_module: SecurityModule, line: PlatformLine) -> None:
        self._dialogue = CardDialogue(reader)
        self._line = line
        self._purse = TransitCard(self._dialogue, security_module.terminal_number)
        self._interrupted: dict[str, _PermittedLoad] = {}

    def read_historical_bytes(self) -> str:
        """The historical bytes of the card's ATR, as a production report wants them."""
        return self._dialogue.connect()[_ATR_HEADER_LENGTH:].hex().upper()

    def read_card(self) -> CardholderData:
        """Read card and holder in the two-step flow.

        Raises `CardIsAbsent`, `CardRefusesCommand`, `CardIsNotGenuine`, and the errors of the line.
        """
        historical_bytes = self.read_historical_bytes()
        self._dialogue.select_name(SSSE_NAME)
        self._select_file(_EF05)
        identification = self._record(0x01, 0x12).hex().upper()
        spec_version = _text(self._record(0x03, 0x06))
        card_number = _text(self._record(0x07, 0x0B))
        region = identification[:_REGION_DIGITS]
        self._dialogue.select_name(SSSE_NAME)
        self._authenticate(historical_bytes, region)
        self._select_file(_EF05)
        issue_date = self._record(0x05, 0x06).hex()
        valid_until = self._record(0x06, 0x06).hex()
        self._select_file(_EF06)
        return CardholderData(
            identification,
            spec_version,
            card_number,
            issue_date,
            valid_until,
            social_security_number=_text(self._record(0x08, 0x14)),
            name=_text(self._record(0x09, 0x20)),
            name_extension=self._name_extension(spec_version),
            region=region,
            historical_bytes=historical_bytes,
        )

    def check_identity(self, purpose: str, holder: CardholderData) -> IdentityCheck:
        """Ask the platform whether this card is valid for a purpose.

        Raises the errors of the line.
        """
        request = IdentityCheckRequest(purpose, holder.card_number, holder.name)
        return self._line.check_identity(request, f"identity-check-{secrets.token_hex(16)}")

    def read_purse(self) -> PurseState:
        """The transit purse. Raises `CardIsAbsent`, `CardRefusesCommand`."""
        card = self._present_purse()
        return PurseState(
            card.application_serial,
            card.issuer.hex().upper(),
            card.valid_until,
            self._purse.balance_fen(),
        )

    def load(self, amount_fen: int) -> LoadReceipt:
        """Load the purse online, both steps.

        When this card left in the middle of its last load here and had taken the money, that load
        is finished instead, and its receipt says `recovered`: the holder paid once.

        Raises `CardIsAbsent`, `CardRefusesCommand`, `TooManyInterruptedLoads`, and the errors of
        the line; call it again with the same card to learn what became of the load.
        """
        card = self._present_purse()
        if recovered := self._recover(card):
            return recovered
        if len(self._interrupted) >= _INTERRUPTED_MAX:
            raise TooManyInterruptedLoads(f"{_INTERRUPTED_MAX} loads wait for their cards")
        response = self._purse.initialize(TransactionType.LOAD, amount_fen)
        if response.status != sw.SUCCESS:
            raise CardRefusesCommand(CommandApdu(0x80, 0x50, 0x00, 0x02), response.status)
        initialised = Initialised.parse(response.data)
        version, algorithm = response.data[6:8]
        key = f"load-{card.application_serial}-{response.data[4:16].hex()}"
        authorised = self._line.authorise_load(
            LoadRequest(
                application_serial=card.application_serial,
                issuer=card.issuer.hex().upper(),
                amount_fen=amount_fen,
                balance_before_fen=initialised.balance_fen,
                online_sequence=initialised.sequence,
                key_version=version,
                algorithm=algorithm,
                random=response.data[8:12].hex().upper(),
                mac1=response.data[12:16].hex().upper(),
            ),
            key,
        )
        permitted = _PermittedLoad(
            authorised.load_id, amount_fen, initialised.balance_fen, initialised.sequence
        )
        self._interrupted[card.application_serial] = permitted
        moment = bytes.fromhex(authorised.date + authorised.time)
        tac = self._purse.credit(moment, bytes.fromhex(authorised.mac2))
        return self._confirm(card, permitted, tac)

    def recover_load(self) -> LoadReceipt | None:
        """Finish the load this card left in the middle of; None when there is none to finish.

        Raises as `load`.
        """
        return self._recover(self._present_purse())

    def _present_purse(self) -> PublicData:
        self._dialogue.connect()
        self._purse.select()
        return self._purse.read_public_data()

    def _recover(self, card: PublicData) -> LoadReceipt | None:
        """Ask the card whether it took the money (GET TRANSACTION PROVE), and book it if it did."""
        permitted = self._interrupted.get(card.application_serial)
        if permitted is None:
            return None
        proof = self._purse.transaction_proof(TransactionType.LOAD, permitted.online_sequence)
        if proof.status != sw.SUCCESS:
            # Nothing moved: the permission lapses with the sequence it was given for.
            del self._interrupted[card.application_serial]
            return None
        return replace(self._confirm(card, permitted, proof.data[4:8]), recovered=True)

    def _confirm(self, card: PublicData, permitted: _PermittedLoad, tac: bytes) -> LoadReceipt:
        after_fen = permitted.balance_before_fen + permitted.amount_fen
        confirmed = self._line.confirm_load(
            permitted.load_id,
            LoadConfirmationRequest(tac.hex().upper(), after_fen),
            f"load-confirmation-{permitted.load_id}",
        )
        del self._interrupted[card.application_serial]
        return LoadReceipt(
            permitted.load_id,
            confirmed.posting_id,
            card.application_serial,
            permitted.amount_fen,
            permitted.balance_before_fen,
            after_fen,
            permitted.online_sequence,
            tac.hex().upper(),
        )

    def _authenticate(self, historical_bytes: str, region: str) -> None:
        process, original = self._challenge(), self._challenge()
        proof = self._dialogue.ask(
            CommandApdu(0x00, 0x88, 0x00, 0x00, process + original, _CHALLENGE_LENGTH)
        )
        external_process, external_original = self._challenge(), self._challenge()
        answer = self._line.authenticate_card(
            CardAuthenticationRequest(
                historical_bytes,
                region,
                internal=_pair(process, original),
                external=_pair(external_process, external_original),
            ),
            # The challenges are random, so the key is new each time.
            f"card-authentication-{external_process.hex()}{external_original.hex()}",
        )
        if answer.internal_auth.upper() != proof.hex().upper():
            raise CardIsNotGenuine
        self._prove_terminal(answer)

    def _prove_terminal(self, answer: CardAuthentication) -> None:
        data = bytes.fromhex(answer.external_auth + answer.external_original)
        self._dialogue.ask(CommandApdu(0x00, 0x82, 0x00, READ_KEY, data))

    def _challenge(self) -> bytes:
        return self._dialogue.ask(CommandApdu(0x00, 0x84, 0x00, 0x00, le=_CHALLENGE_LENGTH))

    def _select_file(self, identifier: bytes) -> None:
        self._dialogue.ask(CommandApdu(0x00, 0xA4, 0x02, 0x00, identifier))

    def _record(self, tag: int, length: int) -> bytes:
        raw = self._dialogue.ask(CommandApdu(0x00, 0xB2, tag, 0x00, le=length))
        return tlv.find(raw, tag) or b""

    def _name_extension(self, spec_version: str) -> str:
        return "" if spec_version.startswith("1.") else _text(self._record(0x4E, 0x16))


def _pair(process: bytes, original: bytes) -> Challenges:
    return Challenges(process.hex().upper(), original.hex().upper())


def _text(value: bytes) -> str:
    """An `an` value: GBK, without its filling of 00."""
    return value.rstrip(b"\0").decode("gbk", "replace")
