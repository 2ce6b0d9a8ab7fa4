"""The medical purse in DF04, offline mode (LD/T 32.5: CLA B0).

The instructions, the balances asked for by P2 and the state machine with its 6901 are public; the
layout of the data is not, and follows the purse of PBOC 2.0 here (medium). Amounts are in fen.

Reading order: `commands` (typed) · `accounts` (balances, sequences, log: one change a transaction)
· `purse` (the state machine, MACs and TAC).
"""

from virtual_cards.applets.social_security.medical.accounts import Accounts, PurseKeys
from virtual_cards.applets.social_security.medical.purse import MedicalPurse

__all__ = ["Accounts", "MedicalPurse", "PurseKeys"]
