"""`onecard terminals`: which kinds there are, and running one at a PC/SC reader.

Reading order: `terminal_group` (the verb, its list) · `running` (what every kind takes) ·
`purse_terminals` (gate, bus, station desk, canteen) · `service_desks` (hospital, pharmacy, counter,
kiosk, library) · `function_desks`. Importing the package declares them, in the order help lists
them.
"""

from testbed.verbs.terminals import function_desks, purse_terminals, service_desks
from testbed.verbs.terminals.terminal_group import terminals

__all__ = ["function_desks", "purse_terminals", "service_desks", "terminals"]
