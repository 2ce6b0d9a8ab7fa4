"""The social security application: authentication and its files (LD/T 32.5).

Rules: INTERNAL AUTHENTICATE proves the card to anyone who asks; EXTERNAL AUTHENTICATE proves the
terminal with the card's two last challenges, costs a try when it fails, and wins the status of its
key. The status stays while this DF is selected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.social_security.specification import (
    DIRECTORY_SHORT_IDENTIFIER,
    INTERNAL_KEY,
    SSSE_NAME,
    directory,
)
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
from virtual_cards.card_os.pin import Pin
from virtual_cards.files import Directory, PersistentMemory, key
from virtual_cards.keys import KeyStore, authentication_value


class SocialSecurity:
    """SSSE of one card."""

    aid: Final = SSSE_NAME
    file_identifier: Final = None

    def __init__(
        self,
        spec_version: str,
        issuer_data: bytes,
        keys: Mapping[int, bytes],
        memory: PersistentMemory,
        random_bytes: RandomBytes,
    ) -> None:
        self._fci = _fci(issuer_data)
        self._files = FileCommands(Directory(directory(spec_version), memory))
        self._keys = KeyStore("social_security", keys, memory)
        self._pin = Pin(memory)
        self._challenges = Challenges(random_bytes)
        self._calls = {
            INS_GET_CHALLENGE: self._get_challenge,
            INS_INTERNAL_AUTHENTICATE: self._internal_authenticate,
            INS_EXTERNAL_AUTHENTICATE: self._external_authenticate,
            INS_VERIFY: self._verify,
        }

    def select(self) -> bytes:
        """The FCI: name, directory SFI, issuer data (LD/T 32.4, 5)."""
        self._files.selection.forget_file()
        return self._fci

    def deselect(self) -> None:
        """Forget the current file, the security statuses and the challenges."""
        self._files.selection.clear()
        self._challenges.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        response = self._files.call(command)
        if response is not None:
            return response
        call = self._calls.get(command.ins)
        if call is None:
            raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
        if command.cla:
            raise Refused(sw.CLASS_NOT_SUPPORTED)
        return call(command)

    def _get_challenge(self, command: CommandApdu) -> Response:
        return Response(self._challenges.draw(GetChallenge.parse(command).length))

    def _internal_authenticate(self, command: CommandApdu) -> Response:
        asked = Authenticate.parse(command)
        if asked.key_reference != INTERNAL_KEY:
            raise Refused(sw.KEY_NOT_FOUND)
        process, original = asked.first, asked.second
        self._challenges.spend(process, original)
        return Response(authentication_value(self._keys.value(INTERNAL_KEY), process, original))

    def _external_authenticate(self, command: CommandApdu) -> Response:
        given = Authenticate.parse(command)
        reference = given.key_reference
        if reference == INTERNAL_KEY:
            raise Refused(sw.KEY_NOT_FOUND)
        self._keys.open_try(reference)
        process, original = self._challenges.use_pair()
        expected = authentication_value(self._keys.value(reference), process, original)
        self._files.selection.won.discard(key(reference))
        self._keys.compare(reference, expected + original, given.first + given.second)
        self._files.selection.won.add(key(reference))
        return Response()

    def _verify(self, command: CommandApdu) -> Response:
        return self._pin.call(command, self._files.selection.won)


def _fci(issuer_data: bytes) -> bytes:
    proprietary = tlv.encode(0x88, bytes([DIRECTORY_SHORT_IDENTIFIER]))
    proprietary += tlv.encode(0x9F0C, issuer_data)
    return tlv.encode(0x6F, tlv.encode(0x84, SSSE_NAME) + tlv.encode(0xA5, proprietary))
