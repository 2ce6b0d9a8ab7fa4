"""Functions of merged schemes a terminal reads from a card: which work, and until when.

Rules: only the freely readable file 03 of the certificates application; no key, no PIN, no name and
no number. A card without the application, or without functions, has none. The terminal decides by
the date what still holds, and by its parameters what has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virtual_cards.applets.certificates.loaded_function import SCHEME_LENGTH, TERM_LENGTH
from virtual_cards.applets.certificates.specification import FUNCTIONS
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.terminals.certificate_records import date_of, records_of


@dataclass(frozen=True, slots=True)
class CardFunction:
    """The free part of a function.

    Attributes:
        scheme: the scheme's number on cards, 16 hexadecimal digits.
        region: six digits of GB/T 2260.
    """

    scheme: str
    region: str
    valid_from: date
    valid_until: date

    def holds_on(self, day: date) -> bool:
        """Whether the function is valid on this day, both ends included."""
        return self.valid_from <= day <= self.valid_until


def read_functions(reader: Reader) -> tuple[CardFunction, ...]:
    """The functions of the card in the reader, valid or not; powers the card.

    Raises as `functions_of`.
    """
    dialogue = CardDialogue(reader)
    dialogue.connect()
    return functions_of(dialogue)


def functions_of(dialogue: CardDialogue) -> tuple[CardFunction, ...]:
    """The functions of a powered card, valid or not; leaves their application selected.

    A record no terminal of this version understands is left out. Raises `CardIsAbsent`, and
    `CardRefusesCommand` for any other refusal than "not there".
    """
    found = (_function(record) for record in records_of(dialogue, FUNCTIONS))
    return tuple(each for each in found if each is not None)


def _function(record: bytes) -> CardFunction | None:
    if len(record) != TERM_LENGTH:
        return None
    scheme, term = record[:SCHEME_LENGTH], record[SCHEME_LENGTH:]
    try:
        return CardFunction(
            scheme.hex().upper(), term[:3].hex(), date_of(term[3:7]), date_of(term[7:])
        )
    except ValueError:
        return None
