"""PIN CHANGE/UNBLOCK with a new PIN, as the issuer makes it (LD/T 32.5; LD/T 32.4, 9).

Rules: the session key is `SM4(PUK, challenge8 || 00*8)`. Under it stand the length of the PIN
block, the block (BCD, filled with F) and 80 00.. to 16 bytes; the MAC is over CLA INS P1 P2 Lc and
the enciphered PIN, Lc as sent. The card takes it once, for the challenge it gave just before.
"""

from __future__ import annotations

from card_platform.keys.ciphers import MAC_LENGTH, SM4_BLOCK, sm4_block, sm4_mac

CHALLENGE_LENGTH = 8
_UNBLOCK_WITH_NEW_PIN = bytes.fromhex("84240001")


def pin_reset_command(unblock_key: bytes, challenge: bytes, pin: str) -> bytes:
    """The whole command `8424 0001 14 enciphered16 MAC4` for a card with SM4."""
    session = sm4_block(unblock_key, challenge + bytes(SM4_BLOCK - CHALLENGE_LENGTH))
    block = bytes.fromhex(pin + "F" * (len(pin) % 2))
    plain = (bytes([len(block)]) + block + b"\x80").ljust(SM4_BLOCK, b"\0")
    enciphered = sm4_block(session, plain)
    head = _UNBLOCK_WITH_NEW_PIN + bytes([len(enciphered) + MAC_LENGTH])
    return head + enciphered + sm4_mac(session, head + enciphered)
