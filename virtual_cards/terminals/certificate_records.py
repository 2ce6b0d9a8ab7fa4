"""The freely readable records of the certificates application, as a terminal asks for them.

Rules: no key and no PIN. A card without the application, without the file or without records has
none; any other refusal is the card's.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.assumptions import CERTIFICATES_AID
from virtual_cards.files import ElementaryFile
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand

_INS_READ_RECORD: Final = 0xB2
_BY_NUMBER: Final = 0x04


def records_of(dialogue: CardDialogue, file: ElementaryFile) -> tuple[bytes, ...]:
    """The records of a file of a powered card; leaves the application selected.

    Raises `CardIsAbsent`, and `CardRefusesCommand` for any other refusal than "not there".
    """
    try:
        dialogue.select_name(CERTIFICATES_AID)
    except CardRefusesCommand as refused:
        if refused.status != sw.FILE_NOT_FOUND:
            raise
        return ()
    found = []
    by_number = file.short_identifier << 3 | _BY_NUMBER
    for number in range(1, file.records_max + 1):
        command = CommandApdu(0x00, _INS_READ_RECORD, number, by_number, le=LE_MAX)
        response = dialogue.exchange(command)
        if response.status in {sw.FILE_NOT_FOUND, sw.RECORD_NOT_FOUND}:
            break
        if response.status != sw.SUCCESS:
            raise CardRefusesCommand(command, response.status)
        found.append(response.data)
    return tuple(found)


def date_of(value: bytes) -> date:
    """BCD YYYYMMDD. Raises ValueError for what is no date."""
    digits = value.hex()
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
