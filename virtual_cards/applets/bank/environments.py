"""PSE and PPSE: what payment applications the card has (EMV book 1, 12; JR/T 0025.12).

Rules: both answer whether or not the financial function is open; closed, they do not list the bank
application. The PSE takes the bank's commands 8044 (open) and 8004 (close), because it is there
before the application is. Both answer on either face: what is read by which, the face decides.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.bank.commands import require_switch
from virtual_cards.applets.bank.financial_function import FinancialFunction
from virtual_cards.applets.bank.specification import (
    DEBIT_AID,
    DEBIT_LABEL,
    DIRECTORY_SHORT_IDENTIFIER,
    LANGUAGE,
    PPSE_NAME,
    PSE_NAME,
)
from virtual_cards.applets.issuer_proof import IssuerProof
from virtual_cards.assumptions import (
    FINANCIAL_FUNCTION_KEY_REFERENCE,
    INS_CLOSE_FINANCIAL_FUNCTION,
    INS_OPEN_FINANCIAL_FUNCTION,
)
from virtual_cards.card_os.command_table import CommandTable
from virtual_cards.card_os.interindustry import (
    INS_GET_CHALLENGE,
    INS_READ_RECORD,
    ReadRecord,
    RecordReference,
)

_ISSUER_CLASS: Final = 0x80


class Listed(NamedTuple):
    """An application in an environment."""

    aid: bytes
    label: bytes


_BANK: Final = Listed(DEBIT_AID, DEBIT_LABEL)


class PaymentEnvironment:
    """1PAY.SYS.DDF01: a directory file, and the door to the financial function."""

    aid: Final = PSE_NAME
    file_identifier: Final = None

    def __init__(self, function: FinancialFunction, proof: IssuerProof) -> None:
        self._function = function
        self._proof = proof
        self._commands = CommandTable(
            {
                (0x00, INS_READ_RECORD): self._read_record,
                (0x00, INS_GET_CHALLENGE): self._proof.get_challenge,
                (_ISSUER_CLASS, INS_OPEN_FINANCIAL_FUNCTION): self._switch,
                (_ISSUER_CLASS, INS_CLOSE_FINANCIAL_FUNCTION): self._switch,
            }
        )

    def select(self) -> bytes:
        """The FCI: name, directory file, language."""
        proprietary = tlv.encode(0x88, bytes([DIRECTORY_SHORT_IDENTIFIER]))
        proprietary += tlv.encode(0x5F2D, LANGUAGE) + tlv.encode(0x9F11, b"\x01")
        return tlv.encode(0x6F, tlv.encode(0x84, PSE_NAME) + tlv.encode(0xA5, proprietary))

    def deselect(self) -> None:
        """Forget the challenge."""
        self._proof.clear()

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`."""
        return self._commands.call(command)

    def _read_record(self, command: CommandApdu) -> Response:
        address = ReadRecord.parse(command).address
        if address.short_identifier not in (0, DIRECTORY_SHORT_IDENTIFIER):
            raise Refused(sw.FILE_NOT_FOUND)
        if address.reference is not RecordReference.NUMBER:
            raise Refused(sw.FUNCTION_NOT_SUPPORTED)
        if address.p1 != 1 or not self._function.is_open:
            raise Refused(sw.RECORD_NOT_FOUND)
        return Response(tlv.encode(0x70, _entry(_BANK, 1)))

    def _switch(self, command: CommandApdu) -> Response:
        require_switch(command)
        self._proof.check(command, FINANCIAL_FUNCTION_KEY_REFERENCE)
        if command.ins == INS_OPEN_FINANCIAL_FUNCTION:
            self._function.open()
        else:
            self._function.close()
        return Response()


class ProximityEnvironment:
    """2PAY.SYS.DDF01: the list stands in the FCI."""

    aid: Final = PPSE_NAME
    file_identifier: Final = None

    def __init__(self, function: FinancialFunction, others: tuple[Listed, ...]) -> None:
        self._function = function
        self._others = others

    def select(self) -> bytes:
        """The FCI: name and the entries of the applications."""
        listed = (_BANK, *self._others) if self._function.is_open else self._others
        entries = b"".join(_entry(each, place) for place, each in enumerate(listed, start=1))
        proprietary = tlv.encode(0xA5, tlv.encode(0xBF0C, entries))
        return tlv.encode(0x6F, tlv.encode(0x84, PPSE_NAME) + proprietary)

    def deselect(self) -> None:
        """There is no volatile state."""

    def call(self, command: CommandApdu) -> Response:  # noqa: ARG002 - it has no commands
        """There is nothing but SELECT. Raises `Refused`."""
        raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)


def _entry(listed: Listed, priority: int) -> bytes:
    entry = tlv.encode(0x4F, listed.aid) + tlv.encode(0x50, listed.label)
    return tlv.encode(0x61, entry + tlv.encode(0x87, bytes([priority])))
