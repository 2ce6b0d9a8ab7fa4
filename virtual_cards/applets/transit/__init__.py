"""The T-Union transit purse (JT/T 978.2).

Reading order: `specification` (name, files) · `commands` (typed, every P1/P2/Lc checked) · `tac`
(the one formula of medium confidence) · `purse` (balance, counters, log: one change a transaction)
· `applet` (the state machine).
"""

from virtual_cards.applets.transit.applet import Transit
from virtual_cards.applets.transit.specification import TRANSIT_AID
from virtual_cards.applets.transit.tac import load_tac, purchase_tac, tac_key

__all__ = ["TRANSIT_AID", "Transit", "load_tac", "purchase_tac", "tac_key"]
