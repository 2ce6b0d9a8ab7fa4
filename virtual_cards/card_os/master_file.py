"""The master file 3F00: what is selected after reset (ISO/IEC 7816-4).

Rules: it has files at most (a PSAM's serial and terminal number); every other command is 6D00.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu import tlv
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.files.contents import Directory
from virtual_cards.files.memory import PersistentMemory
from virtual_cards.files.specification import MASTER_FILE_ID, DedicatedFile

_FCI: Final = tlv.encode(0x6F, tlv.encode(0x83, MASTER_FILE_ID.to_bytes(2, "big")))


class MasterFile:
    """The MF of a card."""

    aid: Final = b""
    file_identifier: Final = MASTER_FILE_ID

    def __init__(
        self, memory: PersistentMemory, specification: DedicatedFile | None = None
    ) -> None:
        self._files = FileCommands(Directory(specification or DedicatedFile("master", ()), memory))

    def select(self) -> bytes:
        """The FCI: only the file identifier, since the MF has no name."""
        self._files.selection.forget_file()
        return _FCI

    def deselect(self) -> None:
        """Forget the current file."""
        self._files.selection.clear()

    def call(self, command: CommandApdu) -> Response:
        """File commands. Raises `Refused`."""
        response = self._files.call(command)
        if response is None:
            raise Refused(sw.INSTRUCTION_NOT_SUPPORTED)
        return response
