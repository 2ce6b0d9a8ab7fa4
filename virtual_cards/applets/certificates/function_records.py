"""The functions of merged schemes on one card: written and erased by those who load them.

Rules: WRITE FUNCTION `80E2 0018` takes one function and the MAC of the functions' key; it takes the
place of the function of its scheme, or is added while there is room, else 6A84. ERASE FUNCTION
`800C 0018` takes a scheme and the MAC; what is not there is erased already. Both files change in
one commit. A card without the key answers 6A88.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.applets.certificates.loaded_function import (
    FUNCTION_LENGTH,
    SCHEME_LENGTH,
    LoadedFunction,
)
from virtual_cards.applets.certificates.specification import (
    CERTIFICATES_DIRECTORY,
    FUNCTIONS,
    FUNCTIONS_KEY,
    FUNCTIONS_MAX,
    FUNCTIONS_REFERENCE,
    HOLDER_NUMBERS,
)
from virtual_cards.applets.issuer_proof import IssuerProof
from virtual_cards.files import PersistentMemory
from virtual_cards.files.contents import records_slot
from virtual_cards.keys.retail_mac import RETAIL_MAC_LENGTH

_TERMS: Final = records_slot(CERTIFICATES_DIRECTORY, FUNCTIONS)
_NUMBERS: Final = records_slot(CERTIFICATES_DIRECTORY, HOLDER_NUMBERS)


class FunctionRecords:
    """Files 03 and 04 of one card."""

    def __init__(self, memory: PersistentMemory, proof: IssuerProof) -> None:
        self._memory = memory
        self._proof = proof

    @staticmethod
    def initial_values() -> dict[str, tuple[bytes, ...]]:
        """A new card has no functions."""
        return {_TERMS.name: (), _NUMBERS.name: ()}

    def write(self, command: CommandApdu) -> Response:
        """80E2 0018. Raises `Refused`."""
        told = _data(command, FUNCTION_LENGTH)
        function = LoadedFunction.parse(told)
        self._proof.check(command, FUNCTIONS_KEY)
        schemes = [each[:SCHEME_LENGTH] for each in self._memory.read(_TERMS)]
        scheme = told[:SCHEME_LENGTH]
        place = schemes.index(scheme) if scheme in schemes else len(schemes)
        if place == FUNCTIONS_MAX:
            raise Refused(sw.NOT_ENOUGH_SPACE)
        self._put(place, (function.term,), (function.holder_number,))
        return Response()

    def erase(self, command: CommandApdu) -> Response:
        """800C 0018. Raises `Refused`."""
        if (command.p1, command.p2) != (0x00, FUNCTIONS_REFERENCE):
            raise Refused(sw.WRONG_P1_P2)
        scheme = _data(command, SCHEME_LENGTH)
        self._proof.check(command, FUNCTIONS_KEY)
        schemes = [each[:SCHEME_LENGTH] for each in self._memory.read(_TERMS)]
        if scheme in schemes:
            self._put(schemes.index(scheme), (), ())
        return Response()

    def _put(self, place: int, term: tuple[bytes, ...], number: tuple[bytes, ...]) -> None:
        """Put these records in the place of the one there, in both files at once."""
        change = self._memory.begin()
        for slot, new in ((_TERMS, term), (_NUMBERS, number)):
            records = change.read(slot)
            change.write(slot, (*records[:place], *new, *records[place + 1 :]))
        change.commit()


def _data(command: CommandApdu, length: int) -> bytes:
    if len(command.data) != length + RETAIL_MAC_LENGTH:
        raise Refused(sw.WRONG_LENGTH)
    return command.data[:length]
