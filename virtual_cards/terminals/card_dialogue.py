"""A terminal's side of the APDU dialogue: what is asked, and what the status word meant.

Rules: 61xx is followed by GET RESPONSE and 6Cxx by the same command with the right length, as
terminals on T=0 do (ISO/IEC 7816-3, 12.2); both at most `FOLLOW_UPS_MAX` times. Any other status
than 9000 is an error of `ask`.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.apdu.response import Response
from virtual_cards.readers.reader import Reader

FOLLOW_UPS_MAX: Final = 8
_MORE_DATA: Final = 0x61
_WRONG_LE: Final = 0x6C
_BLOCKED: Final = frozenset({sw.FUNCTION_NOT_SUPPORTED, sw.APPLICATION_LOCKED})


class CardRefusesCommand(Exception):
    """The card answered another status word than 9000."""

    def __init__(self, command: CommandApdu, status: int) -> None:
        super().__init__(f"the card answers {status:04X} to {command.header.hex().upper()}")
        self.command = command
        self.status = status


class CardIsBlocked(CardRefusesCommand):
    """The issuer has blocked the card, or the application asked for: nobody serves it (LD/T 32.5,
    7.1, 7.2; T-Union: 9303).
    """


class CardDialogue:
    """Commands to the card in a reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def connect(self) -> bytes:
        """Power the card; its ATR. Raises `CardIsAbsent`."""
        return self.reader.connect()

    def exchange(self, command: CommandApdu) -> Response:
        """The whole answer with its status word. Raises `CardIsAbsent`."""
        response = self._transmit(command)
        data = response.data
        for _ in range(FOLLOW_UPS_MAX):
            first, second = divmod(response.status, 0x100)
            if first == _MORE_DATA:
                response = self._transmit(CommandApdu(0, 0xC0, 0, 0, le=second or LE_MAX))
            elif first == _WRONG_LE and not data:
                response = self._transmit(command._replace(le=second or LE_MAX))
            else:
                break
            data += response.data
        return Response(data, response.status)

    def ask(self, command: CommandApdu) -> bytes:
        """The data of a command that must succeed. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        response = self.exchange(command)
        if response.status != sw.SUCCESS:
            raise CardRefusesCommand(command, response.status)
        return response.data

    def select_name(self, name: bytes) -> bytes:
        """SELECT by name; the FCI.

        Raises `CardIsBlocked`, `CardRefusesCommand`, `CardIsAbsent`.
        """
        command = CommandApdu(0x00, 0xA4, 0x04, 0x00, name, LE_MAX)
        try:
            return self.ask(command)
        except CardRefusesCommand as refused:
            if refused.status in _BLOCKED:
                raise CardIsBlocked(command, refused.status) from refused
            raise

    def read_binary(self, short_identifier: int, length: int) -> bytes:
        """READ BINARY from the beginning of a file."""
        return self.ask(CommandApdu(0x00, 0xB0, 0x80 | short_identifier, 0x00, le=length))

    def _transmit(self, command: CommandApdu) -> Response:
        return Response.parse(self.reader.transmit(command.to_bytes()))
