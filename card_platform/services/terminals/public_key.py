"""The public key of a terminal in a request: SM2, X || Y, a point of the curve."""

from __future__ import annotations

from typing import Annotated

from card_platform.keys.sm2 import is_point
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import Fault
from card_platform.web.request_body import RequestIsMalformed

PublicKeyText = Annotated[str, exactly(r"[0-9A-Fa-f]{128}")]


def read_public_key(text: str) -> str:
    """The public key in upper case.

    Raises:
        RequestIsMalformed: it is no point of the curve.
    """
    if not is_point(bytes.fromhex(text)):
        expected = "a point of the SM2 curve, X || Y"
        raise RequestIsMalformed([Fault("public_key", text[:32] + "...", expected)])
    return text.upper()
