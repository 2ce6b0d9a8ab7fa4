"""SSSE and the directories below it: authentication and files (LD/T 32.5).

Rules: INTERNAL AUTHENTICATE proves the card to anyone who asks; EXTERNAL AUTHENTICATE proves the
terminal with the card's two last challenges, costs a try when it fails, and wins the status of its
key. The status stays while this DF is selected. SSSE and its directories are one class: they differ
in their `Definition`, and in SSSE having administration, DF04 a purse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.social_security.specification import (
    DIRECTORY_SHORT_IDENTIFIER,
    INTERNAL_KEY,
    SSSE_NAME,
    UNBLOCK_KEY,
)
from virtual_cards.assumptions import BLOCK_KEY
from virtual_cards.card_os.administration import Administration, AdministrationKeys
from virtual_cards.card_os.challenges import Challenges, RandomBytes
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interindustry import (
    INS_EXTERNAL_AUTHENTICATE,
    INS_GET_CHALLENGE,
    INS_INTERNAL_AUTHENTICATE,
    INS_VERIFY,
    Authenticate,
    GetChallenge,
)
from virtual_cards.card_os.life_cycle import CARD, LifeCycle
from virtual_cards.card_os.pin import Pin
from virtual_cards.card_os.secure_messaging import SecureMessaging
from virtual_cards.files import DedicatedFile, Directory, PersistentMemory, key
from virtual_cards.files.access import SecurityStatus
from virtual_cards.keys import Algorithm, KeyStore

LIFE: str = "social_security"
"""Name under which the life of SSSE, and so of everything below it, stands in memory."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What one of these applications is: names, FCI, files, algorithm."""

    aid: bytes
    file_identifier: int | None
    fci: bytes
    files: DedicatedFile
    algorithm: Algorithm


class Extension(Protocol):
    """Further commands of a directory, such as those of a purse."""

    def call(self, command: CommandApdu, won: set[SecurityStatus]) -> Response | None:
        """Answer a command; None when it is none of these. Raises `Refused`."""
        ...

    def clear(self) -> None:
        """Forget the volatile state."""
        ...


class SocialSecurity:
    """SSSE, or one directory below it, of one card."""

    def __init__(
        self,
        definition: Definition,
        keys: Mapping[int, bytes],
        memory: PersistentMemory,
        random_bytes: RandomBytes,
        extension: Extension | None = None,
    ) -> None:
        self.aid = definition.aid
        self.file_identifier = definition.file_identifier
        self._fci = definition.fci
        self._algorithm = definition.algorithm
        self._keys = KeyStore(definition.files.name, keys, memory)
        self._pin = Pin(memory)
        self._challenges = Challenges(random_bytes)
        self._life = LifeCycle(LIFE, memory)
        self._extension = extension
        secure_messaging = SecureMessaging(self._algorithm, self._keys, self._challenges)
        self._files = FileCommands(Directory(definition.files, memory), secure_messaging)
        self._administration = None
        if definition.aid == SSSE_NAME:
            self._administration = Administration(
                secure_messaging,
                AdministrationKeys(unblock=UNBLOCK_KEY, block=BLOCK_KEY),
                self._pin,
                self._life,
                LifeCycle(CARD, memory),
            )
        self._calls: dict[int, Callable[[CommandApdu], Response]] = {
            INS_GET_CHALLENGE: self._get_challenge,
            INS_INTERNAL_AUTHENTICATE: self._internal_authenticate,
            INS_EXTERNAL_AUTHENTICATE: self._external_authenticate,
            INS_VERIFY: self._verify,
        }

    def select(self) -> bytes:
        """The FCI: name, directory SFI, issuer data (LD/T 32.4, 5). Raises `Refused` 6A81, 9303."""
        self._life.admit(None)
        self._files.selection.forget_file()
        if self._extension is not None:
            self._extension.clear()
        return self._fci

    def deselect(self) -> None:
        """Forget the current file, the security statuses and the challenges."""
        self._files.selection.clear()
        self._challenges.clear()
        if self._extension is not None:
            self._extension.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        self._life.admit(command.ins)
        response = self._files.call(command)
        if response is not None:
            return response
        call = self._calls.get(command.ins)
        if call is not None:
            if command.cla:
                raise Refused(sw.CLASS_NOT_SUPPORTED)
            return call(command)
        for further in (self._administration, self._extension):
            response = None if further is None else further.call(command, self._files.selection.won)
            if response is not None:
                return response
        known_class = command.cla in (0x00, 0x80)
        raise Refused(sw.INSTRUCTION_NOT_SUPPORTED if known_class else sw.CLASS_NOT_SUPPORTED)

    def _get_challenge(self, command: CommandApdu) -> Response:
        return Response(self._challenges.draw(GetChallenge.parse(command).length))

    def _internal_authenticate(self, command: CommandApdu) -> Response:
        asked = Authenticate.parse(command)
        if asked.key_reference != INTERNAL_KEY:
            raise Refused(sw.KEY_NOT_FOUND)
        process, original = asked.first, asked.second
        self._challenges.spend(process, original)
        card_key = self._keys.value(INTERNAL_KEY)
        return Response(self._algorithm.authentication(card_key, process, original))

    def _external_authenticate(self, command: CommandApdu) -> Response:
        given = Authenticate.parse(command)
        reference = given.key_reference
        if reference == INTERNAL_KEY:
            raise Refused(sw.KEY_NOT_FOUND)
        self._keys.open_try(reference)
        process, original = self._challenges.use_pair()
        expected = self._algorithm.authentication(self._keys.value(reference), process, original)
        self._files.selection.won.discard(key(reference))
        self._keys.compare(reference, expected + original, given.first + given.second)
        self._files.selection.won.add(key(reference))
        return Response()

    def _verify(self, command: CommandApdu) -> Response:
        return self._pin.call(command, self._files.selection.won)


def environment_fci(issuer_data: bytes) -> bytes:
    """The FCI of SSSE; issuer data (9F0C) only when there are any (LD/T 32.4, 5)."""
    proprietary = tlv.encode(0x88, bytes([DIRECTORY_SHORT_IDENTIFIER]))
    if issuer_data:
        proprietary += tlv.encode(0x9F0C, issuer_data)
    return directory_fci(SSSE_NAME, proprietary)


def directory_fci(name: bytes, proprietary: bytes = b"") -> bytes:
    """The FCI of a DF: its name, and data of the issuer when there are any."""
    body = tlv.encode(0x84, name)
    return tlv.encode(0x6F, body + (tlv.encode(0xA5, proprietary) if proprietary else b""))
