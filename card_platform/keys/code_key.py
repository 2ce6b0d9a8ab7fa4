"""The key with which a region signs the codes of electronic cards (SM2).

Rules: the private half never leaves this object; terminals get the public half. Keys have numbers,
so that a region can change to a new one while codes of the old one are still shown.
"""

from __future__ import annotations

from card_platform.keys.sm2 import private_key_of, public_key_of, sign, signature_is_right

SECRET_LENGTH = 32
CODE_KEY_NUMBER = 1


class CodeKey:
    """One signing key.

    Args:
        secret: 32 bytes from the key seed.
    """

    def __init__(self, secret: bytes) -> None:
        self._private = private_key_of(secret)
        self.public = public_key_of(self._private)
        self.number = CODE_KEY_NUMBER

    def sign(self, message: bytes) -> bytes:
        """r || s over a message."""
        return sign(self._private, self.public, message)

    def is_mine(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message."""
        return signature_is_right(self.public, message, signature)
