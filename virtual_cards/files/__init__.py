"""What a card stores: the specification of its files, apart from their contents.

Reading order: `access` (who may read and write) · `specification` (MF, DF, EF) · `memory`
(contents; survives a tear, changes atomically) · `contents` (the files of a DF in a memory).
"""

from virtual_cards.files.access import ALWAYS, NEVER, PIN, AccessCondition, all_of, any_of, key
from virtual_cards.files.contents import Directory
from virtual_cards.files.memory import PersistentMemory, Slot, Value
from virtual_cards.files.specification import (
    DedicatedFile,
    ElementaryFile,
    RecordIdentifier,
    Structure,
)

__all__ = [
    "ALWAYS",
    "NEVER",
    "PIN",
    "AccessCondition",
    "DedicatedFile",
    "Directory",
    "ElementaryFile",
    "PersistentMemory",
    "RecordIdentifier",
    "Slot",
    "Structure",
    "Value",
    "all_of",
    "any_of",
    "key",
]
