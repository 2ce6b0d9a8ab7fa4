"""The security module (PSAM) of a terminal: what signs to cards, and what checks them.

Reading order: `specification` (names, files, the terminal sequence both applications share) ·
`purchase_module` (the purse: 8070, 8072) · `commands` (typed, of the social security application) ·
`social_security_module` (BFDE and 80FA, medical 8070 and 8072).
"""

from virtual_cards.applets.psam.purchase_module import PurchaseModule
from virtual_cards.applets.psam.social_security_module import SocialSecurityModule
from virtual_cards.applets.psam.specification import (
    PSAM_MASTER_FILE,
    SERIAL,
    TERMINAL_NUMBER,
    TERMINAL_SEQUENCE,
)

__all__ = [
    "PSAM_MASTER_FILE",
    "SERIAL",
    "TERMINAL_NUMBER",
    "TERMINAL_SEQUENCE",
    "PurchaseModule",
    "SocialSecurityModule",
]
