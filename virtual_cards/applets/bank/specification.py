"""Names, files and data object lists of the bank application (JR/T 0025.4 and 0025.5; EMV book 3).

Rules: the AFL names file 01 (track 2, name) and 02 (PAN first, then the lists). Files 03 and 10
repeat the PAN outside the AFL, where public bank number readers look for it without GPO. File 0B is
the log.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.files import DedicatedFile, ElementaryFile, Structure

PSE_NAME: Final = b"1PAY.SYS.DDF01"
"""Payment system environment: the applications for the contacts."""
PPSE_NAME: Final = b"2PAY.SYS.DDF01"
"""Proximity payment system environment: the applications without contact."""
DEBIT_AID: Final = bytes.fromhex("A000000333010101")
"""PBOC debit."""
DEBIT_LABEL: Final = b"PBOC DEBIT"
TRANSIT_LABEL: Final = b"MOT_T_EP"
"""Label of the purse in a PPSE, as real cards answer."""
LANGUAGE: Final = b"zh"

DIRECTORY_SHORT_IDENTIFIER: Final = 0x01
"""Tag 88 of the FCI of the PSE."""
LOG_SHORT_IDENTIFIER: Final = 0x0B
LOG_RECORDS_MAX: Final = 10

AIP: Final = bytes.fromhex("1C00")
"""Tag 82: holder verification, terminal risk management, issuer authentication; no offline data
authentication, since the testbed has no certification authority of banks.
"""
AFL: Final = bytes.fromhex("0801010010010200")
"""Tag 94: file 01 record 1, file 02 records 1 and 2."""

CDOL1: Final = bytes.fromhex("9F02069F03069F1A0295055F2A029A039C019F37049F21039F4E14")
"""Tag 8C: what the first GENERATE AC brings, 52 bytes."""
CDOL2: Final = bytes.fromhex("8A029F02069F03069F1A0295055F2A029A039C019F37049F2103")
"""Tag 8D: what the second one brings, 34 bytes."""
CONTACTLESS_PDOL: Final = bytes.fromhex("9F66049F02069F03069F1A0295055F2A029A039C019F3704")
"""Tag 9F38 of qPBOC, 33 bytes, as recorded from a real card."""
LOG_FORMAT: Final = bytes.fromhex("9A039F21039F02069F03069F1A025F2A029F4E149C019F3602")
"""Tag 9F4F: a record of the log, 45 bytes."""
CVM_LIST: Final = bytes.fromhex("0000000000000000" + "42031E031F00")
"""Tag 8E: online PIN, else signature, else nothing."""

_RECORD_MAX: Final = 0xFF


def _records(name: str, short_identifier: int, records_max: int) -> ElementaryFile:
    return ElementaryFile(
        name,
        short_identifier,
        short_identifier,
        Structure.LINEAR_VARIABLE,
        size=_RECORD_MAX,
        records_max=records_max,
    )


TRACK_2: Final = _records("01", 0x01, 1)
APPLICATION_DATA: Final = _records("02", 0x02, 2)
NUMBER_COPY_03: Final = _records("03", 0x03, 1)
NUMBER_COPY_10: Final = _records("10", 0x10, 1)
LOG: Final = ElementaryFile(
    "0B",
    LOG_SHORT_IDENTIFIER,
    LOG_SHORT_IDENTIFIER,
    Structure.CYCLIC,
    size=45,
    records_max=LOG_RECORDS_MAX,
)

BANK_DIRECTORY: Final = DedicatedFile(
    "bank", (TRACK_2, APPLICATION_DATA, NUMBER_COPY_03, NUMBER_COPY_10, LOG)
)
