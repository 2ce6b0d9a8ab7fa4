"""Which part of an application answers which command, and what is said to one nobody answers.

Rules: a command is found by CLA and INS together; then the files of the application have their
turn. Of the rest, an INS the application knows under another CLA is 6E00, any other 6D00
(ISO/IEC 7816-4, 5.6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.file_commands import FileCommands

Answer = Callable[[CommandApdu], Response]


class CommandTable:
    """The commands of one application."""

    __slots__ = ("_answers", "_files", "_instructions")

    def __init__(
        self, answers: Mapping[tuple[int, int], Answer], files: FileCommands | None = None
    ) -> None:
        """`answers` by (CLA, INS); without `files` the application has no file commands."""
        self._answers = answers
        self._files = files
        self._instructions = frozenset(ins for _, ins in answers)

    def call(self, command: CommandApdu) -> Response:
        """Answer a command. Raises `Refused`, for one nobody knows too."""
        answer = self._answers.get((command.cla, command.ins))
        if answer is not None:
            return answer(command)
        if self._files is not None:
            response = self._files.call(command)
            if response is not None:
                return response
        known = command.ins in self._instructions
        raise Refused(sw.CLASS_NOT_SUPPORTED if known else sw.INSTRUCTION_NOT_SUPPORTED)
