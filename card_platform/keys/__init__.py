"""The platform's view of the keys: what a real province keeps in hardware security modules.

Reading order: `ciphers` (blocks and MACs), `diversification`, `transaction_codes` (session keys,
MAC1, MAC2, TAC of the transit purse), `medical_codes` (those of the medical purse),
`bank_cryptogram` (bank cards, commands of issuers), `sm2` (signatures), `sm2_signer` (keys of
the platform's own), `security_module` (the master keys of this testbed and what is done with them).
Written independently of the cards' own view; `tests/agreement` compares the two.
"""

from card_platform.keys.security_module import SecurityModule
from card_platform.keys.seed import KeySeed, open_key_seed, read_key_seed

__all__ = ["KeySeed", "SecurityModule", "open_key_seed", "read_key_seed"]
