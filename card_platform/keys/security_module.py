"""The security module: master keys of this testbed and what the platform does with them.

Master keys come from the key seed by HKDF-SHA256, one named `info` a key, 16 bytes each (32 for the
key that signs codes). No key leaves this file but into a personalisation or PSAM image. Purse keys
are cached by card, because every tap asks for one.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Collection, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from card_platform.keys.bank_cryptogram import command_proof
from card_platform.keys.diversification import (
    certificate_card_key,
    serial_factor,
    social_security_card_key,
    social_security_province_key,
    transit_child,
)
from card_platform.keys.medical_codes import MedicalLoad, MedicalPayment, medical_load_session
from card_platform.keys.pin_command import pin_reset_command
from card_platform.keys.seed import KeySeed, testbed_of
from card_platform.keys.sm2_signer import SECRET_LENGTH, Sm2Signer
from card_platform.keys.transaction_codes import (
    Load,
    authentication_value,
    load_session_key,
    receipt_tac,
    receipt_tacs,
)

KEY_LENGTH = 16
KEY_VERSION = "01"
ALGORITHM_3DES = "00"
SOCIAL_SECURITY_KEYS = ("IRK", "RKSSSE", "UKSSSE", "PUK")
FURTHER_SOCIAL_SECURITY_KEYS = ("STKSSSE", "UKEF0D")
"""Of images of version 2: application and card block, update of EF0D."""
TRANSIT_KEYS = ("DPK", "DLK", "DTK")
MEDICAL_KEYS = {"DPK": "MPK", "DLK": "MLK", "DTK": "MTK"}
"""Keys of a medical purse by their names on the card, and their masters."""
FUNCTION = "function"
"""The key of those who load functions of merged schemes; it stands with those of certificates."""
CERTIFICATE_KEYS = ("disability", "veteran", FUNCTION)
WRITE_CERTIFICATE = bytes.fromhex("80E20000")
"""CLA INS P1 P2 of the command that writes a certificate (docs/interfaces.md, section 1a)."""
WRITE_FUNCTION = bytes.fromhex("80E20018")
ERASE_FUNCTION = bytes.fromhex("800C0018")
"""Those that write and erase the function of a scheme, on the same page."""
PurchaseReceipt = tuple[bytes, str, str, str]
"""What a purchase's TAC is taken over (`purchase_receipt`), issuer, application serial, the TAC."""
_CACHED_ISSUERS_MAX = 256
_CACHED_CARDS_MAX = 4096


class SecurityModule:
    """Does everything that needs a master key.

    Args:
        seed: the key seed of the testbed.
        transit_seed: that of the transit keys, where regions share them, so that each region's
            terminals know the others' purses (T-Union); None for those of the testbed alone.
    """

    def __init__(self, seed: KeySeed, transit_seed: KeySeed | None = None) -> None:
        self.testbed = testbed_of(seed)
        self._social = {
            name: _derive(seed, f"onecard/social-security/{name}/{KEY_VERSION}")
            for name in SOCIAL_SECURITY_KEYS + FURTHER_SOCIAL_SECURITY_KEYS
        }
        self._transit = {
            name: _derive(transit_seed or seed, f"onecard/transit/{name}/{KEY_VERSION}")
            for name in TRANSIT_KEYS
        }
        self._medical = {
            name: _derive(seed, f"onecard/medical/{name}/{KEY_VERSION}")
            for name in MEDICAL_KEYS.values()
        }
        self._certificates = {
            name: _derive(seed, f"onecard/certificates/{name}/{KEY_VERSION}")
            for name in CERTIFICATE_KEYS
        }
        self._tokens = _derive(seed, "onecard/terminal-tokens/01")
        self._requests = _derive(seed, "onecard/request-digests/01")
        self._subjects = _derive(seed, "onecard/sign-in-subjects/01")
        self.signer = Sm2Signer(_derive(seed, "onecard/region-signature/01", SECRET_LENGTH))
        self.code_signer = Sm2Signer(_derive(seed, "onecard/electronic-codes/01", SECRET_LENGTH))
        self._issuer_key = lru_cache(_CACHED_ISSUERS_MAX)(self._issuer_key_fresh)
        self._card_key = lru_cache(_CACHED_CARDS_MAX)(self._card_key_fresh)
        self._receipt_key = lru_cache(_CACHED_CARDS_MAX)(self._receipt_key_fresh)
        self._medical_key = lru_cache(_CACHED_CARDS_MAX)(self._medical_key_fresh)

    def social_security_keys(self, region: str, historical_bytes: bytes) -> dict[str, str]:
        """The keys every card's social security application has, by name, in hex."""
        return self._social_keys(SOCIAL_SECURITY_KEYS, region, historical_bytes)

    def further_social_security_keys(self, region: str, historical_bytes: bytes) -> dict[str, str]:
        """Those that came with images of version 2, by name, in hex."""
        return self._social_keys(FURTHER_SOCIAL_SECURITY_KEYS, region, historical_bytes)

    def transit_keys(self, issuer: bytes, application_serial: bytes) -> dict[str, str]:
        """The keys of one card's purse, by name, in hex."""
        return {
            name: self._card_key(name, issuer, application_serial).hex().upper()
            for name in TRANSIT_KEYS
        }

    def medical_keys(self, region: str, historical_bytes: bytes) -> dict[str, str]:
        """The keys of one card's medical purse, by their names on the card, in hex."""
        return {
            on_card: self._medical_key(master, region, historical_bytes).hex().upper()
            for on_card, master in MEDICAL_KEYS.items()
        }

    def certificate_keys(self, historical_bytes: bytes) -> dict[str, str]:
        """The keys under which certificates and functions are written to one card, in hex."""
        return {
            kind: certificate_card_key(master, historical_bytes).hex().upper()
            for kind, master in self._certificates.items()
        }

    def certificate_command(
        self, kind: str, historical_bytes: bytes, challenge: bytes, record: bytes
    ) -> bytes:
        """WRITE CERTIFICATE for one card's challenge: only that card takes it, and only once."""
        return self._proved(kind, WRITE_CERTIFICATE, historical_bytes, challenge, record)

    def function_command(self, historical_bytes: bytes, challenge: bytes, record: bytes) -> bytes:
        """WRITE FUNCTION for one card's challenge: only that card takes it, and only once."""
        return self._proved(FUNCTION, WRITE_FUNCTION, historical_bytes, challenge, record)

    def function_erasure(self, historical_bytes: bytes, challenge: bytes, scheme: bytes) -> bytes:
        """ERASE FUNCTION for one card's challenge."""
        return self._proved(FUNCTION, ERASE_FUNCTION, historical_bytes, challenge, scheme)

    def pin_reset_command(
        self, region: str, historical_bytes: bytes, challenge: bytes, pin: str
    ) -> bytes:
        """PIN CHANGE/UNBLOCK with a new PIN for one card's challenge (key PUK)."""
        key = social_security_card_key(self._social["PUK"], region, historical_bytes)
        return pin_reset_command(key, challenge, pin)

    def province_keys(self, region: str, names: Collection[str]) -> dict[str, str]:
        """Keys of the province's level for the PSAMs of its terminals, by name, in hex.

        The cards' own are two levels below: a terminal cannot make another province's.
        """
        masters = self._social | self._medical
        return {
            name: social_security_province_key(masters[name], region).hex().upper()
            for name in names
        }

    def psam_purchase_key(self) -> str:
        """GMPK, the purchase master key a terminal's PSAM carries, in hex."""
        return self._transit["DPK"].hex().upper()

    def internal_authentication(
        self, region: str, historical_bytes: bytes, process: bytes, original: bytes
    ) -> bytes:
        """What a genuine card answers to INTERNAL AUTHENTICATE (key IRK)."""
        key = social_security_card_key(self._social["IRK"], region, historical_bytes)
        return authentication_value(key, process, original)

    def external_authentication(
        self, region: str, historical_bytes: bytes, process: bytes, original: bytes
    ) -> bytes:
        """What opens EF06 of a third-generation card for reading (key RKSSSE)."""
        key = social_security_card_key(self._social["RKSSSE"], region, historical_bytes)
        return authentication_value(key, process, original)

    def load_session(
        self, issuer: bytes, application_serial: bytes, random: bytes, online_sequence: bytes
    ) -> bytes:
        """Session key of one load."""
        dlk = self._card_key("DLK", issuer, application_serial)
        return load_session_key(dlk, random, online_sequence)

    def load_tac_is_right(
        self,
        load: Load,
        issuer: bytes,
        application_serial: bytes,
        receipt: tuple[bytes, int, bytes, bytes],
    ) -> bool:
        """Whether the receipt (TAC, balance after in fen, date, time) is of this load."""
        tac, balance_after_fen, date, time = receipt
        dtk = self._card_key("DTK", issuer, application_serial)
        return hmac.compare_digest(load.tac(dtk, balance_after_fen, date, time), tac)

    def receipt_is_right(
        self, receipt: bytes, issuer: str, application_serial: str, tac: str
    ) -> bool:
        """Whether the TAC is the card's receipt of a purchase (`purchase_receipt`)."""
        dtk = self._receipt_key(issuer, application_serial)
        return hmac.compare_digest(receipt_tac(dtk, receipt), bytes.fromhex(tac))

    def receipts_are_right(self, receipts: Sequence[PurchaseReceipt]) -> list[bool]:
        """The same for many receipts, those of one card together."""
        of_card: dict[tuple[str, str], list[int]] = {}
        for place, (_figures, issuer, application_serial, _tac) in enumerate(receipts):
            of_card.setdefault((issuer, application_serial), []).append(place)
        right = [False] * len(receipts)
        for card, places in of_card.items():
            tacs = receipt_tacs(self._receipt_key(*card), [receipts[each][0] for each in places])
            for place, tac in zip(places, tacs, strict=True):
                right[place] = hmac.compare_digest(tac, bytes.fromhex(receipts[place][3]))
        return right

    def _receipt_key_fresh(self, issuer: str, application_serial: str) -> bytes:
        return self._card_key("DTK", bytes.fromhex(issuer), bytes.fromhex(application_serial))

    def medical_load_session(
        self, region: str, historical_bytes: bytes, random: bytes, online_sequence: bytes
    ) -> bytes:
        """Session key of one load of a medical purse."""
        mlk = self._medical_key("MLK", region, historical_bytes)
        return medical_load_session(mlk, random, online_sequence)

    def medical_load_tac_is_right(
        self,
        load: MedicalLoad,
        region: str,
        historical_bytes: bytes,
        receipt: tuple[bytes, int, bytes, bytes],
    ) -> bool:
        """Whether the receipt (TAC, balance after in fen, date, time) is of this load."""
        tac, balance_after_fen, date, time = receipt
        mtk = self._medical_key("MTK", region, historical_bytes)
        return hmac.compare_digest(load.tac(mtk, balance_after_fen, date, time), tac)

    def medical_payment_tac_is_right(
        self, payment: MedicalPayment, region: str, historical_bytes: bytes, tac: bytes
    ) -> bool:
        """Whether the TAC is the card's receipt of this payment."""
        mtk = self._medical_key("MTK", region, historical_bytes)
        return hmac.compare_digest(payment.tac(mtk), tac)

    def terminal_token(self, terminal_number: str) -> str:
        """The bearer token of a terminal; derived, so that it need not be stored in the clear."""
        return hmac.digest(self._tokens, terminal_number.encode("ascii"), "sha256").hex()

    def webhook_secret(self, webhook_id: str) -> str:
        """What a webhook's deliveries are signed with; derived, as a token is."""
        message = f"webhook {webhook_id}".encode()
        return hmac.digest(self._tokens, message, "sha256").hex()

    def filing_secret(self, number: str) -> str:
        """What opens a complaint or an online application to its filer; derived, as a token is."""
        message = f"complaint {number}".encode()
        return hmac.digest(self._tokens, message, "sha256").hex()[:24]

    def request_digest(self, content: bytes) -> bytes:
        """What stands for a request that holds a secret: told apart from others, but not found by
        trying secrets, since only the platform can compute it.
        """
        return hmac.digest(self._requests, content, "sha256")

    def first_password(self, account_id: str, reset_id: str = "") -> str:
        """The password an account begins with, another one after each reset: 80 bits; derived, so
        that it need not be stored.
        """
        message = f"account {account_id} {reset_id}".rstrip().encode()
        digest = hmac.digest(self._tokens, message, "sha256")
        return base64.b32encode(digest[:10]).decode("ascii").lower()

    def subject(self, platform: str, person_id: str) -> str:
        """Who a person is to a platform they sign in to: always the same there, another elsewhere,
        and nothing by which two platforms could find out that they know the same person.
        """
        message = f"{platform}\n{person_id}".encode()
        return hmac.digest(self._subjects, message, "sha256").hex()[:32]

    def _social_keys(
        self, names: Collection[str], region: str, historical_bytes: bytes
    ) -> dict[str, str]:
        return {
            name: social_security_card_key(self._social[name], region, historical_bytes)
            .hex()
            .upper()
            for name in names
        }

    def _proved(
        self, name: str, header: bytes, historical_bytes: bytes, challenge: bytes, data: bytes
    ) -> bytes:
        key = certificate_card_key(self._certificates[name], historical_bytes)
        proof = command_proof(key, challenge, header, data)
        return header + bytes([len(data) + len(proof)]) + data + proof

    def _issuer_key_fresh(self, name: str, issuer: bytes) -> bytes:
        return transit_child(self._transit[name], issuer)

    def _card_key_fresh(self, name: str, issuer: bytes, application_serial: bytes) -> bytes:
        return transit_child(self._issuer_key(name, issuer), serial_factor(application_serial))

    def _medical_key_fresh(self, name: str, region: str, historical_bytes: bytes) -> bytes:
        return social_security_card_key(self._medical[name], region, historical_bytes)


def _derive(seed: KeySeed, info: str, length: int = KEY_LENGTH) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=info.encode("ascii")).derive(seed)
