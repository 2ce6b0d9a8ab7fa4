"""Readers: where a card is put, and what a terminal speaks to.

Reading order: `reader` (the protocol) · `in_process` (a card in the same program) · `transcript`
(records every exchange of another reader) · `vpcd` (the card's side of one virtual PC/SC reader) ·
`enclosure`, `pcscd` (the service, enclosed) · `rack` (N readers on one service) · `pcsc` (a reader
as real card software reaches it).
"""

from virtual_cards.readers.faults import (
    Fault,
    FaultPlan,
    FaultPlanIsFaulty,
    FaultyCard,
    JumpingClock,
    tears_of,
)
from virtual_cards.readers.in_process import InProcessReader
from virtual_cards.readers.pcsc import PcscReader
from virtual_cards.readers.pcscd import PcscService, ReadersAreUnavailable
from virtual_cards.readers.rack import ReaderRack
from virtual_cards.readers.reader import CardIsAbsent, Reader
from virtual_cards.readers.transcript import Exchange, RecordedCard, Transcript, TranscriptReader

__all__ = [
    "CardIsAbsent",
    "Exchange",
    "Fault",
    "FaultPlan",
    "FaultPlanIsFaulty",
    "FaultyCard",
    "InProcessReader",
    "JumpingClock",
    "PcscReader",
    "PcscService",
    "Reader",
    "ReaderRack",
    "ReadersAreUnavailable",
    "RecordedCard",
    "Transcript",
    "TranscriptReader",
    "tears_of",
]
