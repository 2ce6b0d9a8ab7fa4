"""Terminals: programs that hold a reader, a security module and a line to the card platform.

Reading order: `card_dialogue` (commands, refusals, 61xx and 6Cxx) · `security_module` (the PSAM in
its slot) · `parameters`, `messages`, `reports`, `platform_line` (what terminals and platform say) ·
`journal` (what waits for the platform, signed) · `transit_card`, `rail_records`, `journey_records`,
`day_state`, `concession` (cards as a terminal sees them) · `outcomes`, `purse_terminal`, `fares`,
`taps` (what every terminal at the purse shares) · `gate`, `bus_validator`, `station_desk`,
`canteen` · `counter`.
"""

from virtual_cards.terminals.bus_validator import BusLineIsUnknown, BusValidator
from virtual_cards.terminals.canteen import Canteen
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand
from virtual_cards.terminals.concession import Concession, read_concessions
from virtual_cards.terminals.counter import (
    CardholderData,
    CardIsNotGenuine,
    Counter,
    LoadReceipt,
    PurseState,
)
from virtual_cards.terminals.gate import Gate
from virtual_cards.terminals.journal import Journal, JournalIsAnothers, JournalIsFull, TerminalKey
from virtual_cards.terminals.outcomes import (
    Admitted,
    Direction,
    RefusalReason,
    Sold,
    TurnedAway,
)
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import (
    AnswerIsMalformed,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
)
from virtual_cards.terminals.reports import Purchase, Refusal, Tap, TapReceipt
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.station_desk import StationDesk

__all__ = [
    "Admitted",
    "AnswerIsMalformed",
    "BusLineIsUnknown",
    "BusValidator",
    "Canteen",
    "CardDialogue",
    "CardIsNotGenuine",
    "CardRefusesCommand",
    "CardholderData",
    "Concession",
    "Counter",
    "Direction",
    "Gate",
    "Journal",
    "JournalIsAnothers",
    "JournalIsFull",
    "LoadReceipt",
    "PlatformIsUnreachable",
    "PlatformLine",
    "PlatformRefuses",
    "Purchase",
    "PurseState",
    "Refusal",
    "RefusalReason",
    "SecurityModule",
    "Sold",
    "StationDesk",
    "Tap",
    "TapReceipt",
    "TerminalKey",
    "TerminalParameters",
    "TurnedAway",
    "read_concessions",
]
