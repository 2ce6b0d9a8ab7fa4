"""The operating system of a card: from raw bytes to a response, whatever the bytes are.

Reading order: `applet` (the protocol: aid, select, deselect, call) · `card` (what a reader sees:
ATR, reset, transmit) · `answer_to_reset` · `chip` (one chip, two faces) · `interface` (which face
an application is used by) · `dispatch` (SELECT and the applet it chooses) · `transmission` (61xx,
6Cxx, GET RESPONSE) · `interindustry` (typed commands every application has) · `file_commands` ·
`command_table` (who answers what) · `pin` · `challenges` · `secure_messaging` · `secured_commands`
(typed) · `administration` (PIN change, unblock, block) · `life_cycle` · `master_file`.
"""

from virtual_cards.card_os.answer_to_reset import Protocol
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.card import Card, make_card
from virtual_cards.card_os.file_commands import FileCommands
from virtual_cards.card_os.interface import Interface
from virtual_cards.card_os.master_file import MasterFile
from virtual_cards.card_os.pin import Pin
from virtual_cards.card_os.transmission import LeRule

__all__ = [
    "Applet",
    "Card",
    "FileCommands",
    "Interface",
    "LeRule",
    "MasterFile",
    "Pin",
    "Protocol",
    "make_card",
]
