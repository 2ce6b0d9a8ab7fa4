"""The issuer's side of a dialogue: authentication and secured commands, written with
`cryptography` directly, not with the code under test.
"""

from __future__ import annotations

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from tests.virtual_cards.conftest import Talk

_BLOCKS = modes.ECB()  # noqa: S305 - single blocks, as the standard says


def _sm4(key: bytes, blocks: bytes) -> bytes:
    return Cipher(SM4(key), _BLOCKS).encryptor().update(blocks)


def _des(key: bytes, blocks: bytes) -> bytes:
    full = key * 3 if len(key) == 8 else key + key[:8]
    return Cipher(TripleDES(full), _BLOCKS).encryptor().update(blocks)


def _padded(data: bytes, block: int) -> bytes:
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def session(key: bytes, factor: bytes, algorithm: str) -> bytes:
    return _sm4(key, factor + bytes(8)) if algorithm == "03" else _des(key, factor)


def mac(session_key: bytes, data: bytes, algorithm: str) -> bytes:
    if algorithm == "03":
        chain = bytes(16)
        padded = _padded(data, 16)
        for start in range(0, len(padded), 16):
            block = padded[start : start + 16]
            chain = _sm4(session_key, bytes(a ^ b for a, b in zip(chain, block, strict=True)))
        words = [int.from_bytes(chain[start : start + 4], "big") for start in (0, 4, 8, 12)]
        return (words[0] ^ words[1] ^ words[2] ^ words[3]).to_bytes(4, "big")
    chain = bytes(8)
    padded = _padded(data, 8)
    for start in range(0, len(padded), 8):
        block = padded[start : start + 8]
        chain = _des(session_key, bytes(a ^ b for a, b in zip(chain, block, strict=True)))
    return chain[:4]


def enciphered(session_key: bytes, data: bytes, algorithm: str) -> bytes:
    block = 16 if algorithm == "03" else 8
    plain = bytes([len(data)]) + data
    if len(plain) % block:
        plain = _padded(plain, block)
    return _sm4(session_key, plain) if algorithm == "03" else _des(session_key, plain)


def secured(
    talk: Talk, header: str, data: bytes, key: bytes, *, algorithm: str, enciphers: bool = False
) -> str:
    """Draw a challenge and send the command with its MAC."""
    session_key = session(key, bytes.fromhex(talk("0084000008")[:-4]), algorithm)
    body = enciphered(session_key, data, algorithm) if enciphers else data
    start = bytes.fromhex(header) + bytes([len(body) + 4])
    return talk((start + body + mac(session_key, start + body, algorithm)).hex())


def authentication_value(key: bytes, process: bytes, original: bytes, algorithm: str) -> bytes:
    """What proves the key: LD/T 32.4, 8.4.2."""
    session_key = session(key, process, algorithm)
    if algorithm != "03":
        return _des(session_key, original)
    block = _sm4(session_key, original + bytes(8))
    return bytes(a ^ b for a, b in zip(block[:8], block[8:], strict=True))


def authenticate(talk: Talk, reference: str, key: bytes, algorithm: str) -> str:
    """EXTERNAL AUTHENTICATE with the two last challenges."""
    process, original = (bytes.fromhex(talk("0084000008")[:-4]) for _ in range(2))
    value = authentication_value(key, process, original, algorithm)
    return talk("008200" + reference + "10" + value.hex() + original.hex())
