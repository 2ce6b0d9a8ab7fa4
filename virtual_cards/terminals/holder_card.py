"""A social security card as a terminal reads it: card and holder, in the two-step flow.

Rules: the order is that of the national reading interface for third-generation cards: basic data,
the card proves itself, the terminal proves itself, then EF06. Whoever knows the keys gives both
values: the platform over the line, or the PSAM in the terminal, which needs no line. Cards of
versions 1.0 and 2.0 are read the same way; EF06 of theirs is free.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final, Protocol

from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.social_security.specification import READ_KEY, SSSE_NAME
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.terminals.messages import (
    CardAuthentication,
    CardAuthenticationRequest,
    Challenges,
    IdentityCheckRequest,
)
from virtual_cards.terminals.pin import pin_octets
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.security_module import SecurityModule

HISTORICAL_LENGTH: Final = 13
_CHALLENGE_LENGTH: Final = 8
_EF05: Final = bytes.fromhex("EF05")
_EF06: Final = bytes.fromhex("EF06")
_REGION_DIGITS: Final = 6
_THIRD_GENERATION: Final = "3."
_REGION_IN_CODE, _SERIAL_IN_CODE = slice(0, 4), slice(16, 24)
_REGION_OF_CHIP, _SERIAL_OF_CHIP = slice(14, 18), slice(18, 26)
"""Digits of the card identification code (EF05, tag 01: region, D156000005, serial, authentication
code) and of the historical bytes (bytes 8 and 9, 10 to 13; LD/T 32.2, table 16).
"""


class CardIsNotGenuine(Exception):
    """The card's answer to INTERNAL AUTHENTICATE is not the right one (iReadCardBas: -21)."""

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

    @property
    def names_its_chip(self) -> bool:
        """Whether the card identification code is that of the chip it was read from: four digits of
        the region and the serial are in the answer to reset, too. Only the third generation has
        them there; a card of versions 1.0 and 2.0 says nothing against its chip.
        """
        code, chip = self.card_identification, self.historical_bytes
        return not self.spec_version.startswith(_THIRD_GENERATION) or (
            code[_REGION_IN_CODE] == chip[_REGION_OF_CHIP]
            and code[_SERIAL_IN_CODE] == chip[_SERIAL_OF_CHIP]
        )

    def identity_check(self, purpose: str) -> IdentityCheckRequest:
        """What the platform is asked of them: the keys proved the chip, not what its files say,
        so the platform compares the two.
        """
        chip = self.historical_bytes or None
        return IdentityCheckRequest(purpose, self.card_number, self.name, chip)


@dataclass(frozen=True, slots=True)
class CardChallenges:
    """Two pairs of process factor and original data, 8 bytes each, and whose card it is."""

    historical_bytes: bytes
    region: str
    internal: tuple[bytes, bytes]
    external: tuple[bytes, bytes]


class KeyAuthority(Protocol):
    """Who knows the keys of cards."""

    def answer(self, challenges: CardChallenges) -> tuple[bytes, bytes]:
        """The value the card must give, and the value it wants, 8 bytes each."""
        ...


class PlatformAuthority:
    """The keys are at the platform: the security module of the two-step interface."""

    def __init__(self, line: PlatformLine) -> None:
        self._line = line

    def answer(self, challenges: CardChallenges) -> tuple[bytes, bytes]:
        """Ask the platform. Raises the errors of the line."""
        process, original = challenges.external
        answer: CardAuthentication = self._line.authenticate_card(
            CardAuthenticationRequest(
                challenges.historical_bytes.hex().upper(),
                challenges.region,
                internal=_pair(*challenges.internal),
                external=_pair(process, original),
            ),
            # The challenges are random, so the key is new each time.
            f"card-authentication-{process.hex()}{original.hex()}",
        )
        return bytes.fromhex(answer.internal_auth), bytes.fromhex(answer.external_auth)


class ModuleAuthority:
    """The keys are in the PSAM: no line is needed."""

    def __init__(self, module: SecurityModule) -> None:
        self._module = module

    def answer(self, challenges: CardChallenges) -> tuple[bytes, bytes]:
        """Ask the PSAM. Raises `CardRefusesCommand` for a module without these keys."""
        card = challenges.region, challenges.historical_bytes
        internal = self._module.authentication_value("IRK", *card, *challenges.internal)
        external = self._module.authentication_value("RKSSSE", *card, *challenges.external)
        return internal, external


class HolderCard:
    """The social security application of the card in a reader."""

    def __init__(self, dialogue: CardDialogue, authority: KeyAuthority) -> None:
        self._dialogue = dialogue
        self._authority = authority

    def read_historical_bytes(self) -> bytes:
        """Power the card; the 13 historical bytes of its ATR, whichever face it shows."""
        return historical_bytes_of(self._dialogue.connect())

    def read(self) -> CardholderData:
        """Power the card and read card and holder.

        Raises `CardIsAbsent`, `CardRefusesCommand`, `CardIsNotGenuine`, and the authority's errors.
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
            historical_bytes=historical_bytes.hex().upper(),
        )

    def read_region(self) -> str:
        """Select the application of a powered card; the six digits of the region it is of."""
        self._dialogue.select_name(SSSE_NAME)
        self._select_file(_EF05)
        return self._record(0x01, 0x12).hex()[:_REGION_DIGITS]

    def challenge(self) -> bytes:
        """8 bytes of the selected application, usable once."""
        return self._dialogue.ask(CommandApdu(0x00, 0x84, 0x00, 0x00, le=_CHALLENGE_LENGTH))

    def prove(self, process: bytes, original: bytes, pin: str) -> bytes:
        """The answer of a powered card to INTERNAL AUTHENTICATE over somebody else's challenge,
        after the holder's PIN. Raises `CardRefusesCommand`.
        """
        self._dialogue.select_name(SSSE_NAME)
        self._dialogue.ask(CommandApdu(0x00, 0x20, 0x00, 0x00, pin_octets(pin)))
        return self._dialogue.ask(
            CommandApdu(0x00, 0x88, 0x00, 0x00, process + original, _CHALLENGE_LENGTH)
        )

    def _authenticate(self, historical_bytes: bytes, region: str) -> None:
        internal = self.challenge(), self.challenge()
        proof = self._dialogue.ask(
            CommandApdu(0x00, 0x88, 0x00, 0x00, b"".join(internal), _CHALLENGE_LENGTH)
        )
        external = self.challenge(), self.challenge()
        expected, value = self._authority.answer(
            CardChallenges(historical_bytes, region, internal, external)
        )
        if not secrets.compare_digest(expected, proof):
            raise CardIsNotGenuine
        self._dialogue.ask(CommandApdu(0x00, 0x82, 0x00, READ_KEY, value + external[1]))

    def _select_file(self, identifier: bytes) -> None:
        self._dialogue.ask(CommandApdu(0x00, 0xA4, 0x02, 0x00, identifier))

    def _record(self, tag: int, length: int) -> bytes:
        raw = self._dialogue.ask(CommandApdu(0x00, 0xB2, tag, 0x00, le=length))
        return tlv.find(raw, tag) or b""

    def _name_extension(self, spec_version: str) -> str:
        return "" if spec_version.startswith("1.") else _text(self._record(0x4E, 0x16))


def historical_bytes_of(atr: bytes) -> bytes:
    """The historical bytes of an ATR: after TS, T0 and the interface bytes (ISO/IEC 7816-3)."""
    length, interface = atr[1] & 0x0F, atr[1] >> 4
    position = 2
    while interface:
        present = interface.bit_count()
        has_next = bool(interface & 0x08)
        position += present
        interface = atr[position - 1] >> 4 if has_next else 0
    return atr[position : position + length]


def _pair(process: bytes, original: bytes) -> Challenges:
    return Challenges(process.hex().upper(), original.hex().upper())


def _text(value: bytes) -> str:
    """An `an` value: GBK, without its filling of 00."""
    return value.rstrip(b"\0").decode("gbk", "replace")
