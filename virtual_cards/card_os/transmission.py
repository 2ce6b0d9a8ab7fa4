"""How a response travels: 61xx, 6Cxx and GET RESPONSE of T=0 (ISO/IEC 7816-3, 12.2; LD/T 32.5).

Rules: a command with data and no Le leaves its answer waiting (61xx). In `strict`, so does a
command with data and Le, and a command without data must name the exact length (6Cxx). `lenient`
answers the data at once, as programs behind a PC/SC driver expect. After 6Cxx the same header with
the right length gets the answer that is already there: the command does not run twice. T=1 knows
none of this: the data come at once, Le 00 or none asks for all.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.card_os.answer_to_reset import Protocol

INS_GET_RESPONSE: Final = 0xC0


class LeRule(Enum):
    """What Le=00, a wrong Le and a case 4 command mean to the card."""

    STRICT = "strict"
    """To the letter of T=0."""
    LENIENT = "lenient"
    """The data, as with T=1."""


class Transmission:
    """The answer that waits for GET RESPONSE, or for a better Le: volatile."""

    __slots__ = ("_asked", "_protocol", "_rule", "_waiting")

    def __init__(self, rule: LeRule, protocol: Protocol = Protocol.T0) -> None:
        self._rule = rule
        self._protocol = protocol
        self._waiting = b""
        self._asked: CommandApdu | None = None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting = b""
        self._asked = None

    def repeated(self, command: CommandApdu) -> Response | None:
        """The answer kept after 6Cxx, when this is the same command with the length asked for."""
        asked, data = self._asked, self._waiting
        if asked is None:
            return None
        self.clear()
        same = asked[:4] == command[:4] and not command.data
        return Response(data) if same and command.le == len(data) else None

    def get_response(self, command: CommandApdu) -> Response:
        """GET RESPONSE `00C00000 xx`.

        Raises `Refused` 6985 when nothing waits, 6Cxx for too long an Le.
        """
        if command.p1 or command.p2:
            raise Refused(sw.WRONG_P1_P2)
        data = self._waiting
        if command.data or self._asked is not None:
            raise Refused(sw.WRONG_LENGTH)
        if not data:
            raise Refused(sw.CONDITIONS_OF_USE_NOT_SATISFIED)
        length = LE_MAX if command.le is None else command.le
        if length > len(data) and length != LE_MAX:
            raise Refused(sw.exact_length(len(data)))
        self._waiting = data[length:]
        status = sw.response_waits(len(self._waiting)) if self._waiting else sw.SUCCESS
        return Response(data[:length], status)

    def deliver(self, command: CommandApdu, response: Response) -> Response:
        """The first thing the reader sees of a response."""
        data, status = response
        if not data or status != sw.SUCCESS:
            return response
        length = LE_MAX if command.le is None else command.le
        if self._protocol is Protocol.T1:
            return Response(data[:length], status)
        if command.data:
            if command.le is None or self._rule is LeRule.STRICT:
                self._waiting = data
                return Response(b"", sw.response_waits(len(data)))
            self._waiting = data[command.le :]
            rest = len(self._waiting)
            return Response(data[: command.le], sw.response_waits(rest) if rest else status)
        if self._rule is LeRule.LENIENT:
            return Response(data[:length], status)
        if length != len(data):
            self._waiting, self._asked = data, command
            response = Response(b"", sw.exact_length(len(data)))
        return response
