"""Terminals: programs that hold a reader, a security module and a line to the card platform.

Reading order: `card_dialogue` (commands, refusals, 61xx and 6Cxx) · `security_module` (the PSAM in
its slot) · `parameters`, `messages`, `reports`, `platform_line` (what terminals and platform say) ·
`codes` (codes of electronic cards) ·
`journal` (what waits for the platform, signed) · `transit_card`, `rail_records`, `journey_records`,
`day_state`, `certificate_records`, `concession`, `card_functions` (cards as a terminal sees them) ·
`outcomes`, `purse_terminal`, `fares`, `taps` (what every terminal at the purse shares) · `gate`,
`bus_validator`, `station_desk`, `till`, `canteen` · `holder_card`, `holder_checks`, `holder_desk`
(what every desk for a person shares) · `medical_purse`, `medical_desk` (hospital, pharmacy) ·
`library_desk`, `concession_desk`, `function_desk`, `place_desk`, `bill_desk` · `transit_purse`,
`purse_loading`, `pin` · `clerk`, `counter`, `kiosk`.
"""

from virtual_cards.terminals.bill_desk import BillDesk, BillReceipt, OpenBill, OpenBills
from virtual_cards.terminals.bus_validator import BusLineIsUnknown, BusValidator
from virtual_cards.terminals.canteen import Canteen
from virtual_cards.terminals.card_dialogue import (
    CardDialogue,
    CardIsBlocked,
    CardRefusesCommand,
)
from virtual_cards.terminals.card_functions import CardFunction, read_functions
from virtual_cards.terminals.clerk import Clerk
from virtual_cards.terminals.codes import CodeKeys, CodeRefused, CodeScanner
from virtual_cards.terminals.concession import Concession, read_concessions
from virtual_cards.terminals.concession_desk import Charged, ConcessionDesk, Offer
from virtual_cards.terminals.counter import Counter
from virtual_cards.terminals.function_desk import FunctionDesk, FunctionWorks, MergedScheme
from virtual_cards.terminals.gate import Gate
from virtual_cards.terminals.guided_kiosk import Ended, GuidedKiosk, Served
from virtual_cards.terminals.holder_card import CardholderData, CardIsNotGenuine
from virtual_cards.terminals.holder_desk import NotReceived, Received
from virtual_cards.terminals.journal import Journal, JournalIsAnothers, JournalIsFull, TerminalKey
from virtual_cards.terminals.kiosk import Contents, Kiosk
from virtual_cards.terminals.library_desk import LibraryDesk, LibraryReader
from virtual_cards.terminals.medical_desk import (
    AnotherCard,
    HospitalDesk,
    NotPaid,
    Paid,
    Pharmacy,
    Settlement,
)
from virtual_cards.terminals.messages import CodeSettlement, ShownDocument
from virtual_cards.terminals.outcomes import (
    Admitted,
    Direction,
    RefusalReason,
    Sold,
    TurnedAway,
)
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.place_desk import (
    CopyReturn,
    NewReader,
    PlaceAct,
    PlaceDesk,
    Shown,
    Wanted,
    shown_by,
)
from virtual_cards.terminals.platform_line import (
    AnswerIsMalformed,
    PlatformIsUnreachable,
    PlatformLine,
    PlatformRefuses,
)
from virtual_cards.terminals.presentation import Way
from virtual_cards.terminals.purse_loading import LoadReceipt
from virtual_cards.terminals.reports import (
    CodeUse,
    MedicalPayment,
    Purchase,
    Refusal,
    Tap,
    TapReceipt,
)
from virtual_cards.terminals.security_module import SecurityModule
from virtual_cards.terminals.station_desk import StationDesk
from virtual_cards.terminals.till import Till
from virtual_cards.terminals.transit_purse import PurseState

__all__ = [
    "Admitted",
    "AnotherCard",
    "AnswerIsMalformed",
    "BillDesk",
    "BillReceipt",
    "BusLineIsUnknown",
    "BusValidator",
    "Canteen",
    "CardDialogue",
    "CardFunction",
    "CardIsBlocked",
    "CardIsNotGenuine",
    "CardRefusesCommand",
    "CardholderData",
    "Charged",
    "Clerk",
    "CodeKeys",
    "CodeRefused",
    "CodeScanner",
    "CodeSettlement",
    "CodeUse",
    "Concession",
    "ConcessionDesk",
    "Contents",
    "CopyReturn",
    "Counter",
    "Direction",
    "Ended",
    "FunctionDesk",
    "FunctionWorks",
    "Gate",
    "GuidedKiosk",
    "HospitalDesk",
    "Journal",
    "JournalIsAnothers",
    "JournalIsFull",
    "Kiosk",
    "LibraryDesk",
    "LibraryReader",
    "LoadReceipt",
    "MedicalPayment",
    "MergedScheme",
    "NewReader",
    "NotPaid",
    "NotReceived",
    "Offer",
    "OpenBill",
    "OpenBills",
    "Paid",
    "Pharmacy",
    "PlaceAct",
    "PlaceDesk",
    "PlatformIsUnreachable",
    "PlatformLine",
    "PlatformRefuses",
    "Purchase",
    "PurseState",
    "Received",
    "Refusal",
    "RefusalReason",
    "SecurityModule",
    "Served",
    "Settlement",
    "Shown",
    "ShownDocument",
    "Sold",
    "StationDesk",
    "Tap",
    "TapReceipt",
    "TerminalKey",
    "TerminalParameters",
    "Till",
    "TurnedAway",
    "Wanted",
    "Way",
    "read_concessions",
    "read_functions",
    "shown_by",
]
