"""Status words (ISO/IEC 7816-4, table 6; LD/T 32.5; JT/T 978.2 for 94xx and 9302).

Rules: one named constant a word; words with a counter or a length in them are functions.
"""

from __future__ import annotations

from typing import Final

SUCCESS: Final = 0x9000
"""Normal ending."""
AUTHENTICATION_FAILED: Final = 0x6300
"""The issuer's cryptogram is wrong (EMV book 3, 6.5.4)."""
MEMORY_FAILURE: Final = 0x6581
"""Writing failed."""
WRONG_LENGTH: Final = 0x6700
"""Lc, Le or the form of the APDU is wrong; also every extended APDU."""
LOGICAL_CHANNEL_NOT_SUPPORTED: Final = 0x6881
"""ISO/IEC 7816-4, 5.4.1: only the channel 0."""
SECURE_MESSAGING_NOT_SUPPORTED: Final = 0x6882
"""ISO/IEC 7816-4, 5.4.1."""
INVALID_STATE: Final = 0x6901
"""The command is not allowed in this state of the purse; the purse is idle afterwards (JT/T 978.2).
"""
INCOMPATIBLE_WITH_FILE_STRUCTURE: Final = 0x6981
"""READ RECORD of a transparent file, READ BINARY of a record file."""
SECURITY_STATUS_NOT_SATISFIED: Final = 0x6982
"""An authentication or the PIN is missing."""
AUTHENTICATION_METHOD_BLOCKED: Final = 0x6983
"""No tries are left for this key or PIN."""
CHALLENGE_NOT_USABLE: Final = 0x6984
"""No unused challenge: GET CHALLENGE comes first (LD/T 32.5)."""
CONDITIONS_OF_USE_NOT_SATISFIED: Final = 0x6985
"""The command needs another before it, such as 8050 before 8054."""
NO_CURRENT_FILE: Final = 0x6986
"""The command names no file and none is selected."""
SECURE_MESSAGING_WRONG: Final = 0x6988
"""The MAC or the enciphered data of secure messaging are wrong (LD/T 32.5)."""
WRONG_DATA: Final = 0x6A80
"""The data field is wrong."""
FUNCTION_NOT_SUPPORTED: Final = 0x6A81
"""The function is not supported; also SELECT of a locked application."""
FILE_NOT_FOUND: Final = 0x6A82
"""No such file or application."""
RECORD_NOT_FOUND: Final = 0x6A83
"""No such record."""
NOT_ENOUGH_SPACE: Final = 0x6A84
"""The file is full."""
WRONG_P1_P2: Final = 0x6A86
"""P1 or P2 is wrong."""
KEY_NOT_FOUND: Final = 0x6A88
"""No such key or reference data."""
OFFSET_OUTSIDE_FILE: Final = 0x6B00
"""The offset lies outside the file."""
INSTRUCTION_NOT_SUPPORTED: Final = 0x6D00
"""No such INS."""
CLASS_NOT_SUPPORTED: Final = 0x6E00
"""No such CLA for this INS."""
MAC_WRONG: Final = 0x9302
"""The MAC is wrong (JT/T 978.2)."""
APPLICATION_LOCKED: Final = 0x9303
"""The application is locked for ever (JT/T 978.2)."""
INSUFFICIENT_BALANCE: Final = 0x9401
"""The balance does not cover the amount (JT/T 978.2)."""
COUNTER_AT_MAXIMUM: Final = 0x9402
"""A transaction counter has reached FFFF (JT/T 978.2)."""
KEY_INDEX_NOT_FOUND: Final = 0x9403
"""No such key index (JT/T 978.2)."""
PROOF_NOT_AVAILABLE: Final = 0x9406
"""The MAC and TAC asked for are not there (JT/T 978.2)."""


def tries_left(tries: int) -> int:
    """63Cx: the comparison failed, x tries are left (at most 15)."""
    return 0x63C0 | min(tries, 15)


def tries_told(status: int) -> int | None:
    """How many tries 63Cx says are left; None for another status word."""
    return status & 0x0F if status & 0xFFF0 == tries_left(0) else None


def response_waits(length: int) -> int:
    """61xx: xx bytes wait for GET RESPONSE; 6100 means 256 (ISO/IEC 7816-3, T=0)."""
    return 0x6100 | (length & 0xFF)


def exact_length(length: int) -> int:
    """6Cxx: send the command again with Le = xx; 6C00 means 256 (ISO/IEC 7816-3, T=0)."""
    return 0x6C00 | (length & 0xFF)
