"""Commands only an issuer can make: they end in a MAC over the card's challenge.

Rules: the challenge is the 8 bytes the card answered to `0084000008` in the same application just
before, and serves once. What is returned is the whole command, for any terminal to pass on: it
learns neither key nor, of a PIN, the digits.
"""

from __future__ import annotations

import re
from typing import Final

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.applets.certificates import Certificate, LoadedFunction
from virtual_cards.applets.certificates.loaded_function import SCHEME_LENGTH
from virtual_cards.applets.certificates.specification import FUNCTIONS_REFERENCE
from virtual_cards.applets.issuer_proof import issuer_mac
from virtual_cards.assumptions import INS_ERASE_FUNCTION, INS_WRITE_CERTIFICATE
from virtual_cards.card_os.pin import pin_block
from virtual_cards.card_os.secured_commands import INS_UNBLOCK_PIN, SECURED_PRIVATE
from virtual_cards.keys import Algorithm
from virtual_cards.keys.mac import MAC_LENGTH
from virtual_cards.keys.retail_mac import RETAIL_MAC_LENGTH

CHALLENGE_LENGTH: Final = 8
_PIN: Final = re.compile(r"[0-9]{4,12}\Z")
_SET_NEW: Final = 0x01
_ISSUER_CLASS: Final = 0x80


def pin_reset(unblock_key: bytes, challenge: bytes, pin: str) -> bytes:
    """8424 0001: the new PIN enciphered and MAC, under a session key of PUK (LD/T 32.5).

    For a card with SM4. Raises ValueError for a PIN that is not 4 to 12 digits.
    """
    if not _PIN.match(pin):
        raise ValueError("a PIN is 4 to 12 digits")
    session = Algorithm.SM4.session(unblock_key, _checked(challenge))
    enciphered = Algorithm.SM4.encipher(session, pin_block(pin))
    command = CommandApdu(
        SECURED_PRIVATE, INS_UNBLOCK_PIN, 0x00, _SET_NEW, enciphered + bytes(MAC_LENGTH)
    )
    signed = command.header + bytes([len(command.data)]) + enciphered
    mac = Algorithm.SM4.mac(session, signed)
    return command._replace(data=enciphered + mac).to_bytes()


def write_certificate(certifier_key: bytes, challenge: bytes, certificate: Certificate) -> bytes:
    """80E2 0000 of the certificates application, with the MAC of those who certify."""
    return _proved(certifier_key, challenge, (INS_WRITE_CERTIFICATE, 0x00), certificate.record)


def write_function(functions_key: bytes, challenge: bytes, function: LoadedFunction) -> bytes:
    """80E2 0018 of the certificates application, with the MAC of those who load functions."""
    header = INS_WRITE_CERTIFICATE, FUNCTIONS_REFERENCE
    return _proved(functions_key, challenge, header, function.record)


def erase_function(functions_key: bytes, challenge: bytes, scheme: bytes) -> bytes:
    """800C 0018 of the certificates application. Raises ValueError for no scheme's number."""
    if len(scheme) != SCHEME_LENGTH:
        raise ValueError(f"a scheme has {SCHEME_LENGTH} bytes, this has {len(scheme)}")
    return _proved(functions_key, challenge, (INS_ERASE_FUNCTION, FUNCTIONS_REFERENCE), scheme)


def _proved(key: bytes, challenge: bytes, header: tuple[int, int], told: bytes) -> bytes:
    """A command 80 INS 00 P2 that ends in the issuer's MAC."""
    ins, p2 = header
    command = CommandApdu(_ISSUER_CLASS, ins, 0x00, p2, told + bytes(RETAIL_MAC_LENGTH))
    mac = issuer_mac(key, _checked(challenge), command)
    return command._replace(data=told + mac).to_bytes()


def _checked(challenge: bytes) -> bytes:
    if len(challenge) != CHALLENGE_LENGTH:
        raise ValueError(f"a challenge has {CHALLENGE_LENGTH} bytes, this has {len(challenge)}")
    return challenge
