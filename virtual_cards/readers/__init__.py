"""Readers: where a card is put, and what a terminal speaks to.

Reading order: `reader` (the protocol) · `in_process` (a card in the same program) · `transcript`
(records every exchange of another reader). Virtual PC/SC readers stand beside these.
"""

from virtual_cards.readers.in_process import InProcessReader
from virtual_cards.readers.reader import CardIsAbsent, Reader
from virtual_cards.readers.transcript import Exchange, Transcript, TranscriptReader

__all__ = [
    "CardIsAbsent",
    "Exchange",
    "InProcessReader",
    "Reader",
    "Transcript",
    "TranscriptReader",
]
