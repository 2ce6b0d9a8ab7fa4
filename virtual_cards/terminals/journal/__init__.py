"""The journal of a terminal: what it did and the platform has not heard yet, signed and durable.

Reading order: `records` (what is signed, by which key) · `notebook` (the file it stands in) ·
`journal` (what is told at once, what waits, what the platform refuses).
"""

from virtual_cards.terminals.journal.journal import Journal, JournalIsFull
from virtual_cards.terminals.journal.notebook import JournalIsAnothers, Waiting
from virtual_cards.terminals.journal.records import TerminalKey

__all__ = ["Journal", "JournalIsAnothers", "JournalIsFull", "TerminalKey", "Waiting"]
