"""The issuer's side of bank cards: keys, the check of a cryptogram, the answer, and commands.

Sources: JR/T 0025.7 and EMV book 2, A1.4.1 (card key, option A). Written independently of the
card's own code; `tests/agreement` compares the two, and both with a published example (cryptogram
version 01, 3DES). The proof of issuer commands is this testbed's own.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from card_platform.keys.ciphers import DES_BLOCK, exclusive_or, inverted, triple_des

CRYPTOGRAM_VERSION = 1
PROOF_LENGTH = 8
APPROVED = "00"
_FACTOR_DIGITS = 16
_ISSUER_DATA_MIN = 8
_VERSION_AT = 2
_RESULTS = slice(3, 7)


class Terms(NamedTuple):
    """What the terminal and the card said of one transaction, as the acquirer passes it on."""

    amount: bytes
    other_amount: bytes
    terminal_country: bytes
    terminal_results: bytes
    currency: bytes
    date: bytes
    type: bytes
    unpredictable_number: bytes
    interchange_profile: bytes
    counter: bytes


@dataclass(frozen=True, slots=True)
class BankCard:
    """One card as its issuer knows it."""

    key: bytes

    def cryptogram_is_right(self, terms: Terms, issuer_data: bytes, cryptogram: bytes) -> bool:
        """Whether this card gave the cryptogram (9F26) with this issuer data (9F10).

        False also for issuer data that are too short or of another cryptogram version; what the
        issuer put after them is not signed and not looked at.
        """
        if len(issuer_data) < _ISSUER_DATA_MIN or issuer_data[_VERSION_AT] != CRYPTOGRAM_VERSION:
            return False
        message = b"".join(terms) + issuer_data[_RESULTS]
        return hmac.compare_digest(_mac(self._session(terms.counter), message), cryptogram)

    def answer(self, cryptogram: bytes, counter: bytes, response_code: str = APPROVED) -> bytes:
        """Data of EXTERNAL AUTHENTICATE: ARPC of 8 bytes, then the response code."""
        code = response_code.encode("ascii")
        block = exclusive_or(cryptogram, code + bytes(DES_BLOCK - len(code)))
        return triple_des(self._session(counter), block) + code

    def _session(self, counter: bytes) -> bytes:
        filling = bytes(DES_BLOCK - len(counter))
        return b"".join(
            triple_des(self.key, filling + half) for half in (counter, inverted(counter))
        )


def bank_card_key(master: bytes, pan: str, sequence: str) -> bytes:
    """The card's key from the issuer's (option A: the last 16 digits of PAN and sequence)."""
    factor = bytes.fromhex((pan + sequence).rjust(_FACTOR_DIGITS, "0")[-_FACTOR_DIGITS:])
    return triple_des(master, factor + inverted(factor))


def command_proof(key: bytes, challenge: bytes, header: bytes, data: bytes = b"") -> bytes:
    """The eight bytes that end an issuer's command: CLA INS P1 P2, data, and the card's challenge.

    Opens and closes the financial function (bank's key), writes certificates (certifier's key).
    """
    length = bytes([len(data) + PROOF_LENGTH])
    return _mac(key, challenge + header + length + data)


def _mac(key: bytes, message: bytes) -> bytes:
    """ISO/IEC 9797-1, algorithm 3, padding method 2, all eight bytes.

    Single-DES CBC is 3DES with equal keys; the last block is then decrypted with the right half and
    encrypted with the left one again.
    """
    padded = message + b"\x80"
    padded += bytes(-len(padded) % DES_BLOCK)
    left, right = key[:DES_BLOCK], key[DES_BLOCK:]
    chain = Cipher(TripleDES(left * 3), modes.CBC(bytes(DES_BLOCK))).encryptor()
    last = chain.update(padded)[-DES_BLOCK:]
    undone = Cipher(TripleDES(right * 3), modes.ECB()).decryptor().update(last)  # noqa: S305 - one block
    return Cipher(TripleDES(left * 3), modes.ECB()).encryptor().update(undone)  # noqa: S305 - the same
