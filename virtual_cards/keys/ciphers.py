"""Block ciphers of cards: SM4 (GB/T 32907), 3DES, DES; and the hash SM3 (GB/T 32905).

Rules: ECB, no padding: a length that is no multiple of the block is an error of the caller. The
ciphers of long-lived keys are kept, at most `_CACHE_MAX` of them, since making one costs more than
ten blocks; whole blocks leave nothing behind in an ECB cipher, and the interpreter's lock is held
while it works, so that cards in several threads may share it. Session keys are new in each
dialogue: keeping theirs would only push the others out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

KEY_LENGTH: Final = 16
DES_BLOCK: Final = 8
SM4_BLOCK: Final = 16
_CACHE_MAX: Final = 512
_ONE_BY_ONE: Final = modes.ECB()  # noqa: S305 - single blocks, as LD/T 32.4 says
_CHAINED: Final = modes.CBC(bytes(DES_BLOCK))
_SM4_CHAINED: Final = modes.CBC(bytes(SM4_BLOCK))


def sm4(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 16 bytes with SM4 (key of 16 bytes)."""
    return _sm4_encryptor(key).update(blocks)


def sm4_decrypt(key: bytes, blocks: bytes) -> bytes:
    """Decrypt blocks of 16 bytes with SM4."""
    return bytes(Cipher(SM4(key), _ONE_BY_ONE).decryptor().update(blocks))


def sm4_cbc_last_block(key: bytes, blocks: bytes) -> bytes:
    """The last block of SM4 CBC with IV 0."""
    cipher = Cipher(SM4(key), _SM4_CHAINED)
    return bytes(cipher.encryptor().update(blocks)[-SM4_BLOCK:])


def triple_des(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 8 bytes with 3DES (key of 16 bytes: K1 K2 K1)."""
    return _triple_des_encryptor(key).update(blocks)


def des(key: bytes, blocks: bytes) -> bytes:
    """Encrypt blocks of 8 bytes with single DES (key of 8 bytes)."""
    return bytes(_des_cipher(key).encryptor().update(blocks))


def des_decrypt(key: bytes, blocks: bytes) -> bytes:
    """Decrypt blocks of 8 bytes with single DES."""
    return bytes(_des_cipher(key).decryptor().update(blocks))


def des_cbc_encryptor(key: bytes) -> CipherContext:
    """Single DES in CBC with IV 0 (key of 8 bytes); it chains on from call to call."""
    return Cipher(TripleDES(key * 3), _CHAINED).encryptor()


def des_cbc_last_block(key: bytes, blocks: bytes) -> bytes:
    """The last block of single-DES CBC with IV 0 (key of 8 bytes)."""
    return bytes(des_cbc_encryptor(key).update(blocks)[-DES_BLOCK:])


def sm3(data: bytes) -> bytes:
    """The SM3 hash, 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@lru_cache(maxsize=_CACHE_MAX)
def _sm4_encryptor(key: bytes) -> CipherContext:
    return Cipher(SM4(key), _ONE_BY_ONE).encryptor()


@lru_cache(maxsize=_CACHE_MAX)
def _triple_des_encryptor(key: bytes) -> CipherContext:
    return Cipher(TripleDES(key + key[:DES_BLOCK]), _ONE_BY_ONE).encryptor()


def _des_cipher(key: bytes) -> Cipher[Any]:
    return Cipher(TripleDES(key * 3), _ONE_BY_ONE)
