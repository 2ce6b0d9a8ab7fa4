"""The key with which a region signs the codes of electronic cards (SM2).

Rules: the private half never leaves its signer; terminals get the public half. It is not the key
of the region's messages: a code proves nothing between regions. Keys have numbers, so that a region
can change to a new one while codes of the old one are still shown.
"""

from __future__ import annotations

from card_platform.keys.sm2 import signature_is_right
from card_platform.keys.sm2_signer import Sm2Signer

CODE_KEY_NUMBER = 1


class CodeKey:
    """One signing key.

    Args:
        secret: as `Sm2Signer` takes it.
    """

    def __init__(self, secret: bytes) -> None:
        self._signer = Sm2Signer(secret)
        self.public = self._signer.public_key
        self.number = CODE_KEY_NUMBER

    def sign(self, message: bytes) -> bytes:
        """r || s over a message."""
        return self._signer.sign(message)

    def is_mine(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message."""
        return signature_is_right(self.public, message, signature)
