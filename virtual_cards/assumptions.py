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

DAY_STATE_RECORD_ID: Final = bytes.fromhex("1901")
"""Identifier of the first record of file 19: what the holder rode and paid on one day. Ours: public
texts only say that file 19 is for discounts of the city.
"""

ISSUER_FILE_SIZE: Final = 128
"""Bytes of each of the files 05 to 08 of the purse, which are the issuer's. Low."""

PSAM_PURSE_AID: Final = bytes.fromhex("A0000006324D4F542E435053414D3031")
"""Name of the purse application of a PSAM ("MOT.CPSAM01"), seen in public bus terminals. Medium."""

PSAM_KEY_REFERENCES: Final = {"IRK": 0x11, "UKSSSE": 0x12, "RKSSSE": 0x13}
"""P2 of BFDE in a PSAM: only 12 stands in public readers, the others are low."""

TEST_IIN: Final = "623456"
"""Issuer digits of the made-up PANs, the only ones an image may carry: no real card gets in. Ours.
"""

BANK_PIN_TRIES: Final = 3
"""What GET DATA 9F17 answers. The bank PIN is checked online, so it never goes down. Medium."""

FINANCIAL_FUNCTION_KEY_REFERENCE: Final = 0x01
"""Key under which the bank opens and closes the financial function; only its tries show it. Ours.
"""

INS_OPEN_FINANCIAL_FUNCTION: Final = 0x44
"""8044 to 1PAY.SYS.DDF01. Ours, after ACTIVATE FILE of ISO/IEC 7816-9; no public command known."""

INS_CLOSE_FINANCIAL_FUNCTION: Final = 0x04
"""8004 to 1PAY.SYS.DDF01. Ours, after DEACTIVATE FILE of ISO/IEC 7816-9."""

APPROVING_RESPONSES: Final = frozenset({b"00", b"10", b"11"})
"""Authorisation response codes (tag 8A) after which the card gives a TC. Medium."""

CARD_TRANSACTION_QUALIFIERS: Final = bytes.fromhex("8000")
"""Tag 9F6C: online PIN required. Medium."""

CONTACTLESS_ONLINE_IS_LOGGED: Final = True
"""Whether an ARQC given without contact enters the log: the card hears no outcome. Low."""

CERTIFICATES_AID: Final = bytes.fromhex("F04F4E45434152440001")
"""The certificates application ("ONECARD", 1). Ours: F0 is the unregistered range of ISO/IEC
7816-5, since no public source names such an application.
"""

INS_WRITE_CERTIFICATE: Final = 0xE2
"""80E2 to the certificates application. Ours, after APPEND RECORD of ISO/IEC 7816-4."""

INS_ERASE_FUNCTION: Final = 0x0C
"""800C to the certificates application. Ours, after ERASE RECORD of ISO/IEC 7816-4; functions are
written by 80E2 with P2 18, the short identifier of their file.
"""

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
    "diversification": "virtual_cards/applets/psam/purchase_module.py: issuer, then serial (PBOC)",
    "medical payments of a PSAM": "virtual_cards/applets/psam/commands.py: after PBOC 2.0 (ours)",
    "balance below zero": "virtual_cards/applets/transit/purse.py: two's complement (medium)",
    "card verification results": "virtual_cards/applets/bank/cryptogram.py: the bits set (medium)",
    "issuer command": "virtual_cards/applets/issuer_proof.py: the data under the MAC (ours)",
    "certificate": "virtual_cards/applets/certificates/certificate.py: the record (ours)",
    "loaded function": "virtual_cards/applets/certificates/loaded_function.py: the record (ours)",
}
"""Where the formulas that are assumptions stand."""
