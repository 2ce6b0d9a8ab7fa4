"""Facts about cards that no public source settles, so that they can be changed here.

Rules: a value stands here when the confidence is medium or low; code imports it from here. Formulas
that are assumptions stand alone in a module of their own, named in `FORMULAS`.
"""

from __future__ import annotations

from typing import Final

PIN_TRIES_MAX: Final = 6
"""Tries of the card holder's PIN before it locks. Medium: issuers use 3, 6 or 10."""

KEY_TRIES_MAX: Final = 5
"""Tries of an external authentication key before it locks. Medium: issuers use 3 to 15."""

SECURED_UPDATE_PROVES_THE_KEY: Final = True
"""UPDATE under CLA 04: the MAC is made with the update key of the file, so the status of that key
counts as won for this one command. False would ask for EXTERNAL AUTHENTICATE as well. Medium.
"""

BLOCK_KEY: Final = 0x0E
"""P2 reference of STKSSSE, whose MAC blocks application and card. Medium: public texts name the key
(security module address 0173), not its reference.
"""

PIN_SEPARATOR: Final = b"\xff"
"""Between the old and the new PIN of CHANGE PIN (PBOC 2.0 practice). Medium."""

PURSE_KEY_INDEX: Final = 0x01
"""Key index a terminal names in 8050. Medium: cities number their keys differently."""

PURSE_KEY_VERSION: Final = 0x01
"""Key version the purse answers in 8050 (docs/interfaces.md, section 3)."""

PURSE_ALGORITHM: Final = 0x00
"""Algorithm id the purse answers in 8050: 00 = 3DES (docs/interfaces.md, section 3)."""

BALANCE_MAX_FEN: Final = 0x7FFF_FFFF
"""Largest balance, in fen: bit 31 of GET BALANCE is a sign, which clients mask. Medium."""

PROOF_SEQUENCE_OFFSET: Final = 1
"""GET TRANSACTION PROVE names the sequence of 8050 plus this (public bus terminals). Medium."""

RAIL_RECORD_ID: Final = bytes.fromhex("2700")
"""Identifier of the rail record of file 1A; bus is 2701. Medium (docs/interfaces.md, section 5)."""

PSAM_PURSE_AID: Final = bytes.fromhex("A0000006324D4F542E435053414D3031")
"""Name of the purse application of a PSAM ("MOT.CPSAM01"), seen in public bus terminals. Medium."""

FORMULAS: Final = {
    "enciphered data": "virtual_cards/keys/algorithms.py: padding only where a block is not full",
    "session of secured PIN commands": "virtual_cards/card_os/administration.py: PUK (medium)",
    "TAC": "virtual_cards/applets/transit/tac.py: the data under the TAC (medium)",
    "readers of DF01 to DF04": "virtual_cards/applets/social_security/directories.py (medium)",
    "readers of EF07 to EF0B": "virtual_cards/applets/social_security/specification.py (medium)",
    "data of the medical purse": "virtual_cards/applets/social_security/medical: PBOC 2.0 (medium)",
    "certificate area": "virtual_cards/applets/social_security/pki: public writers (medium)",
    "signing": "virtual_cards/applets/social_security/pki/commands.py: ISO/IEC 7816-8 (low)",
    "faces": "virtual_cards/card_os/chip.py: the face powered first holds the card (medium)",
    "diversification": "virtual_cards/applets/psam.py: issuer, then serial (PBOC 2.0 practice)",
    "balance below zero": "virtual_cards/applets/transit/purse.py: two's complement (medium)",
}
"""Where the formulas that are assumptions stand."""
