"""A key with which the platform signs what others must be able to check (SM2, GB/T 32918).

Rules: the private half grows from the key seed, so that a restored installation signs as before,
and never leaves this object.
"""

from __future__ import annotations

from card_platform.keys.sm2 import private_key_of, public_key_of, sign, signature_is_right

SECRET_LENGTH = 40
"""Bytes of secret that give a private key: 64 bits more than it has, so that none is likelier."""


class Sm2Signer:
    """One key.

    Args:
        secret: SECRET_LENGTH bytes derived from the key seed.
    """

    def __init__(self, secret: bytes) -> None:
        self._private = private_key_of(secret)
        self.public_key = public_key_of(self._private)

    def sign(self, message: bytes) -> bytes:
        """r || s over the message."""
        return sign(self._private, self.public_key, message)

    def is_mine(self, message: bytes, signature: bytes) -> bool:
        """Whether this key signed the message."""
        return signature_is_right(self.public_key, message, signature)
