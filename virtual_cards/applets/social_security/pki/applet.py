"""The certificate area as an application: PIN by proof, key pairs, signatures, certificates.

Rules: whatever makes, imports or uses a private key needs the PIN. The proof of the PIN is SM4 with
the first half of SM3(PIN) over the newest challenge, so it serves once. A key pair is one change of
both files. The session key of an import is volatile.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.social_security.applet import LIFE, directory_fci
from virtual_cards.applets.social_security.pki.commands import (
    INS_EXPORT,
    INS_GENERATE,
    INS_HASH,
    INS_IMPORT_KEY,
    INS_IMPORT_SESSION_KEY,
    INS_OPEN_ENVELOPE,
    INS_SIGN,
    Envelope,
    Hash,
    ImportPrivate,
    ImportPublic,
    KeyPair,
    SessionKey,
    Sign,
    VerifyProof,
)
from virtual_cards.applets.social_security.pki.specification import (
    CERTIFICATE_FILE_ID,
    CERTIFICATE_NAME,
    ENCRYPTION_PRIVATE_ID,
    ENCRYPTION_PUBLIC,
    PKI_DIRECTORY,
    PKI_NAME,
    PRIVATE_KEYS,
    PUBLIC_KEY_TAG,
    SIGNING_PRIVATE_ID,
    SIGNING_PUBLIC,
)
from virtual_cards.card_os.challenges import Challenges, RandomBytes
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interindustry import INS_GET_CHALLENGE, INS_VERIFY, GetChallenge
from virtual_cards.card_os.life_cycle import LifeCycle
from virtual_cards.card_os.pin import Pin
from virtual_cards.files import PIN, Directory, PersistentMemory
from virtual_cards.keys import sm2
from virtual_cards.keys.ciphers import KEY_LENGTH, sm3, sm4, sm4_decrypt

_CHALLENGE_FILL: Final = bytes(8)
_EXPORT_LAST: Final = (0x82, 0x80)
_PRIVATE_P1: Final = 0xC0


class CertificateEnvironment:
    """The DDF: it has a name, and the area below it."""

    aid: Final = PKI_NAME
    file_identifier: Final = None

    def __init__(self, memory: PersistentMemory) -> None:
        self._life = LifeCycle(LIFE, memory)

    def select(self) -> bytes:
        """The FCI. Raises `Refused` when the social security application is blocked."""
        self._life.admit(None)
        return directory_fci(PKI_NAME)

    def deselect(self) -> None:
        """It has no volatile state."""

    def call(self, command: CommandApdu) -> Response:
        """No command but SELECT is known here."""
        self._life.admit(command.ins)
        raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)


class CertificateArea:
    """The ADF of one card."""

    aid: Final = CERTIFICATE_NAME
    file_identifier: Final = CERTIFICATE_FILE_ID

    def __init__(self, memory: PersistentMemory, random_bytes: RandomBytes) -> None:
        self._memory = memory
        self._life = LifeCycle(LIFE, memory)
        self._directory = Directory(PKI_DIRECTORY, memory)
        self._files = FileCommands(self._directory)
        self._pin = Pin(memory)
        self._challenges = Challenges(random_bytes)
        self._session_key = b""
        self._exports = False
        """Volatile: 80C9 8200 named the key that 80C9 8280 answers."""
        self._commands = CommandTable(
            {
                (0x00, INS_GET_CHALLENGE): self._get_challenge,
                (0x00, INS_VERIFY): self._verify,
                (0x00, INS_SIGN): self._sign,
                (0x80, INS_HASH): self._hash,
                (0x80, INS_GENERATE): self._generate,
                (0x80, INS_EXPORT): self._export,
                (0x80, INS_OPEN_ENVELOPE): self._open_envelope,
                (0x80, INS_IMPORT_SESSION_KEY): self._import_session_key,
                (0x80, INS_IMPORT_KEY): self._import_key,
            },
            self._files,
        )

    def select(self) -> bytes:
        """The FCI. Raises `Refused` when the social security application is blocked."""
        self._life.admit(None)
        self._files.selection.forget_file()
        self._forget_keys()
        return directory_fci(CERTIFICATE_NAME)

    def deselect(self) -> None:
        """Forget file, PIN status, challenges and session key."""
        self._files.selection.clear()
        self._challenges.clear()
        self._forget_keys()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        self._life.admit(command.ins)
        return self._commands.call(command)

    def _get_challenge(self, command: CommandApdu) -> Response:
        return Response(self._challenges.draw(GetChallenge.parse(command).length))

    def _verify(self, command: CommandApdu) -> Response:
        given = VerifyProof.parse(command).proof
        challenge = self._challenges.use_last()
        self._files.selection.won.discard(PIN)
        key = sm3(self._pin.value)[:KEY_LENGTH]
        self._pin.compare(sm4(key, challenge + _CHALLENGE_FILL), given)
        self._files.selection.won.add(PIN)
        return Response()

    def _hash(self, command: CommandApdu) -> Response:
        return Response(sm3(Hash.parse(command).data))

    def _generate(self, command: CommandApdu) -> Response:
        pair = KeyPair.parse(command)
        self._require_pin()
        _require_files(pair.public_file, pair.private_file)
        public, private = sm2.generate()
        change = self._memory.begin()
        self._directory.write_content(change, SIGNING_PUBLIC, tlv.encode(PUBLIC_KEY_TAG, public))
        change.write(PRIVATE_KEYS[SIGNING_PRIVATE_ID], private)
        change.commit()
        return Response()

    def _export(self, command: CommandApdu) -> Response:
        if (command.p1, command.p2) == _EXPORT_LAST:
            exports, self._exports = self._exports, False
            if not exports:
                raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
            return Response(self._directory.content(SIGNING_PUBLIC))
        pair = KeyPair.parse(command)
        _require_files(pair.public_file, pair.private_file)
        self._private(SIGNING_PRIVATE_ID)
        self._exports = True
        return Response()

    def _sign(self, command: CommandApdu) -> Response:
        digest = Sign.parse(command).digest
        self._require_pin()
        return Response(sm2.sign_digest(self._private(SIGNING_PRIVATE_ID), digest))

    def _open_envelope(self, command: CommandApdu) -> Response:
        envelope = Envelope.parse(command)
        self._require_pin()
        try:
            key = sm2.decrypt(self._private(envelope.private_file), envelope.cipher_text)
        except sm2.EnvelopeIsFaulty as fault:
            raise Refused(sw.WRONG_DATA) from fault
        return Response(key)

    def _import_session_key(self, command: CommandApdu) -> Response:
        key = SessionKey.parse(command).key
        self._require_pin()
        self._session_key = key
        return Response()

    def _import_key(self, command: CommandApdu) -> Response:
        if command.p1 == _PRIVATE_P1:
            return self._import_private(ImportPrivate.parse(command))
        public = ImportPublic.parse(command)
        self._require_pin()
        if public.public_file != ENCRYPTION_PUBLIC.identifier:
            raise Refused(sw.FILE_NOT_FOUND)
        change = self._memory.begin()
        content = tlv.encode(PUBLIC_KEY_TAG, public.key)
        self._directory.write_content(change, ENCRYPTION_PUBLIC, content)
        change.commit()
        return Response()

    def _import_private(self, private: ImportPrivate) -> Response:
        self._require_pin()
        if private.private_file != ENCRYPTION_PRIVATE_ID:
            raise Refused(sw.FILE_NOT_FOUND)
        session_key, self._session_key = self._session_key, b""
        if not session_key:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        value = sm4_decrypt(session_key, private.cipher_text)
        self._memory.write(PRIVATE_KEYS[ENCRYPTION_PRIVATE_ID], value)
        return Response()

    def _private(self, identifier: int) -> bytes:
        slot = PRIVATE_KEYS.get(identifier)
        value = b"" if slot is None else self._memory.read(slot)
        if not value:
            raise Refused(sw.KEY_NOT_FOUND)
        return value

    def _require_pin(self) -> None:
        if PIN not in self._files.selection.won:
            raise Refused(sw.SECURITY_STATUS_NOT_SATISFIED)

    def _forget_keys(self) -> None:
        self._session_key = b""
        self._exports = False


def _require_files(public: int, private: int) -> None:
    if (public, private) != (SIGNING_PUBLIC.identifier, SIGNING_PRIVATE_ID):
        raise Refused(sw.FILE_NOT_FOUND)
