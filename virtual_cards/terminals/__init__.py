"""Terminals: programs that hold a reader, a security module and a line to the card platform.

Reading order: `card_dialogue` (commands, refusals, 61xx and 6Cxx) · `security_module` (the PSAM in
its slot) · `parameters`, `messages`,
`platform_line` (what the platform says) · `transit_card`,
`rail_records`, `concession` (cards as a terminal sees them) · `counter` ·
`gate_outcomes`, `report_book`, `gate`.
"""

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
from virtual_cards.terminals.gate_outcomes import (
    Admitted,
    Direction,
    RefusalReason,
    TurnedAway,
)
from virtual_cards.terminals.messages import Refusal, Tap, TapReceipt
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import (
    AnswerIsMalformed,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
)
from virtual_cards.terminals.report_book import ReportBook, ReportBookIsFull
from virtual_cards.terminals.security_module import SecurityModule

__all__ = [
    "Admitted",
    "AnswerIsMalformed",
    "CardDialogue",
    "CardIsNotGenuine",
    "CardRefusesCommand",
    "CardholderData",
    "Concession",
    "Counter",
    "Direction",
    "Gate",
    "LoadReceipt",
    "PlatformIsUnreachable",
    "PlatformLine",
    "PlatformRefuses",
    "PurseState",
    "Refusal",
    "RefusalReason",
    "ReportBook",
    "ReportBookIsFull",
    "SecurityModule",
    "Tap",
    "TapReceipt",
    "TerminalParameters",
    "TurnedAway",
    "read_concessions",
]
