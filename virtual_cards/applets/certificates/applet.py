"""The certificates application: read by terminals, written by those who certify.

Rules: WRITE CERTIFICATE `80E2 0000` takes one certificate and the MAC of the key of its kind; it
takes the place of the certificate of that kind, or is added. Both files change in one commit. The
concession is read freely, the details after the holder's PIN. Functions of merged schemes are
written and erased in the same way (`function_records`), under a key of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.certificates.certificate import CERTIFICATE_LENGTH, Certificate
from virtual_cards.applets.certificates.function_records import FunctionRecords
from virtual_cards.applets.certificates.specification import (
    CERTIFICATES_DIRECTORY,
    CONCESSIONS,
    DETAILS,
    FUNCTIONS_REFERENCE,
)
from virtual_cards.applets.issuer_proof import IssuerProof
from virtual_cards.assumptions import (
    CERTIFICATES_AID,
    INS_ERASE_FUNCTION,
    INS_WRITE_CERTIFICATE,
)
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interindustry import INS_GET_CHALLENGE, INS_VERIFY
from virtual_cards.card_os.pin import Pin
from virtual_cards.files import Directory, PersistentMemory
from virtual_cards.files.contents import records_slot
from virtual_cards.keys.retail_mac import RETAIL_MAC_LENGTH

_CONCESSION_RECORDS: Final = records_slot(CERTIFICATES_DIRECTORY, CONCESSIONS)
_DETAIL_RECORDS: Final = records_slot(CERTIFICATES_DIRECTORY, DETAILS)
_ISSUER_CLASS: Final = 0x80


class Certificates:
    """The certificates of one card's holder."""

    aid: Final = CERTIFICATES_AID
    file_identifier: Final = None

    def __init__(
        self, keys: Mapping[int, bytes], memory: PersistentMemory, random_bytes: RandomBytes
    ) -> None:
        self._memory = memory
        self._files = FileCommands(Directory(CERTIFICATES_DIRECTORY, memory))
        self._pin = Pin(memory)
        self._proof = IssuerProof("certificates", keys, memory, random_bytes)
        self._functions = FunctionRecords(memory, self._proof)
        self._commands = CommandTable(
            {
                (_ISSUER_CLASS, INS_WRITE_CERTIFICATE): self._write,
                (_ISSUER_CLASS, INS_ERASE_FUNCTION): self._functions.erase,
                (0x00, INS_GET_CHALLENGE): self._proof.get_challenge,
                (0x00, INS_VERIFY): self._verify,
            },
            self._files,
        )

    @staticmethod
    def initial_values(certificates: tuple[Certificate, ...]) -> dict[str, tuple[bytes, ...]]:
        """The certificates a card is issued with, by name of slot; often none."""
        return {
            _CONCESSION_RECORDS.name: tuple(each.concession for each in certificates),
            _DETAIL_RECORDS.name: tuple(each.details for each in certificates),
            **FunctionRecords.initial_values(),
        }

    def select(self) -> bytes:
        """The FCI: only the name."""
        self._files.selection.forget_file()
        return tlv.encode(0x6F, tlv.encode(0x84, CERTIFICATES_AID) + tlv.encode(0xA5, b""))

    def deselect(self) -> None:
        """Forget the current file, the PIN status and the challenge."""
        self._files.selection.clear()
        self._proof.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        return self._commands.call(command)

    def _write(self, command: CommandApdu) -> Response:
        if (command.p1, command.p2) == (0x00, FUNCTIONS_REFERENCE):
            return self._functions.write(command)
        if command.p1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        if len(command.data) != CERTIFICATE_LENGTH + RETAIL_MAC_LENGTH:
            raise Refused(sw.WRONG_LENGTH)
        certificate = Certificate.parse(command.data[:CERTIFICATE_LENGTH])
        self._proof.check(command, certificate.kind)
        change = self._memory.begin()
        for slot, record in (
            (_CONCESSION_RECORDS, certificate.concession),
            (_DETAIL_RECORDS, certificate.details),
        ):
            change.write(slot, _with(change.read(slot), record))
        change.commit()
        return Response()

    def _verify(self, command: CommandApdu) -> Response:
        return self._pin.call(command, self._files.selection.won)


def _with(records: tuple[bytes, ...], record: bytes) -> tuple[bytes, ...]:
    """The records with this one in the place of the one of its kind, or at the end."""
    kinds = [each[0] for each in records]
    if record[0] not in kinds:
        return (*records, record)
    place = kinds.index(record[0])
    return (*records[:place], record, *records[place + 1 :])
