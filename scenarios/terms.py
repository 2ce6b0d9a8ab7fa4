"""Terms of the field as features say them, and the codes the platform and the gates use for them.

They stand in `terms.tsv`, a term and its code a line. A feature in English may use the code itself;
the English text of an outcome shows the code.
"""

from __future__ import annotations

from pathlib import Path

_FILE = Path(__file__).with_name("terms.tsv")


def _read() -> dict[str, str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {term: code for term, code in pairs}  # noqa: C416 - a line of three fails here


CODES: dict[str, str] = _read()
_TERMS = {code: term for term, code in CODES.items()}


def code_of(term: str) -> str:
    """The code of a term; a term that is none is its own code."""
    return CODES.get(term, term)


def term_in_chinese(text: str) -> str:
    """The Chinese term of a code; a text that is no code stays as it is."""
    return _TERMS.get(text, text)
