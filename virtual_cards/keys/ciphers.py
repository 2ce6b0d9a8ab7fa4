"""Block ciphers of cards: SM4 (GB/T 32907), 3DES, DES; and the hash SM3 (GB/T 32905).

Rules: ECB, no padding: a length that is no multiple of the block is an error of the caller. Cipher
objects of long-lived keys are cached, since making one costs more than a block.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

KEY_LENGTH: Final = 16
DES_BLOCK: Final = 8
SM4_BLOCK: Final = 16
_CACHE_MAX: Final = 512
_ZERO_IV: Final = bytes(DES_BLOCK)
_ZERO_SM4_IV: Final = bytes(SM4_BLOCK)


def sm4(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 16 bytes with SM4 (key of 16 bytes)."""
    return bytes(_sm4_cipher(key).encryptor().update(blocks))


def sm4_decrypt(key: bytes, blocks: bytes) -> bytes:
    """Decrypt blocks of 16 bytes with SM4."""
    return bytes(_sm4_cipher(key).decryptor().update(blocks))


def sm4_cbc_last_block(key: bytes, blocks: bytes) -> bytes:
    """The last block of SM4 CBC with IV 0."""
    # Session keys are new in each dialogue: caching them would only fill the cache.
    cipher = Cipher(SM4(key), modes.CBC(_ZERO_SM4_IV))
    return bytes(cipher.encryptor().update(blocks)[-SM4_BLOCK:])


def triple_des(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 8 bytes with 3DES (key of 16 bytes: K1 K2 K1)."""
    return bytes(_triple_des_cipher(key).encryptor().update(blocks))


def des(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 8 bytes with single DES (key of 8 bytes)."""
    return bytes(_des_cipher(key).encryptor().update(blocks))


def des_decrypt(key: bytes, blocks: bytes) -> bytes:
    """Decrypt blocks of 8 bytes with single DES."""
    return bytes(_des_cipher(key).decryptor().update(blocks))


def des_cbc_last_block(key: bytes, blocks: bytes) -> bytes:
    """The last block of single-DES CBC with IV 0 (key of 8 bytes)."""
    # Session keys are new in each transaction: caching them would only fill the cache.
    cipher = Cipher(TripleDES(key * 3), modes.CBC(_ZERO_IV))
    return bytes(cipher.encryptor().update(blocks)[-DES_BLOCK:])


def sm3(data: bytes) -> bytes:
    """The SM3 hash, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@lru_cache(maxsize=_CACHE_MAX)
def _sm4_cipher(key: bytes) -> Cipher[Any]:
    return Cipher(SM4(key), modes.ECB())  # noqa: S305 - single blocks, as LD/T 32.4 says


@lru_cache(maxsize=_CACHE_MAX)
def _triple_des_cipher(key: bytes) -> Cipher[Any]:
    return Cipher(TripleDES(key + key[:DES_BLOCK]), modes.ECB())  # noqa: S305 - as above


def _des_cipher(key: bytes) -> Cipher[Any]:
    return Cipher(TripleDES(key * 3), modes.ECB())  # noqa: S305 - as LD/T 32.4 says, session keys
