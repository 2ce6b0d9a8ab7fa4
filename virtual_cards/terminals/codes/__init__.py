"""Codes as a terminal scans them, with a line and without.

Reading order: `code_text` (the bytes of a code) · `code_keys` (what the platform tells terminals) ·
`reasons` (why a code is not taken, in both languages) · `scanner` (what is checked without a line).
"""

from virtual_cards.terminals.codes.code_keys import CodeKey, CodeKeys, CodeRule
from virtual_cards.terminals.codes.code_text import CodeIsUnreadable, ScannedCode, read_code
from virtual_cards.terminals.codes.reasons import REASONS, CodeRefused
from virtual_cards.terminals.codes.scanner import CodeScanner

__all__ = [
    "REASONS",
    "CodeIsUnreadable",
    "CodeKey",
    "CodeKeys",
    "CodeRefused",
    "CodeRule",
    "CodeScanner",
    "ScannedCode",
    "read_code",
]
