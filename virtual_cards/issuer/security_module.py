"""The issuer's hardware security module (HSM) as a virtual part: it holds the master keys.

What it does: the keys of a card and of a PSAM, the two values of the reading flow of
third-generation cards, MAC2 of loads, whether a TAC is right, and the commands only an issuer can
make: PIN reset, certificates, functions of merged schemes (public texts name the same services: HSM
addresses 0090-92 PUK, 0094-96 UKSSSE, 004C-4E RKSSSE, 0170-72 IRK, 0173 STKSSSE). Master keys
never leave it but in a PSAM image: that of the purse itself, those of social security as keys of a
province.
"""

from __future__ import annotations

import hmac
from typing import Final

from virtual_cards.applets.certificates import Certificate, LoadedFunction
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.applets.transit.purse import four_bytes
from virtual_cards.applets.transit.tac import purchase_tac, tac_key
from virtual_cards.issuer import commands, medical_codes, transit_codes
from virtual_cards.issuer.ceremony import MasterKeys
from virtual_cards.issuer.figures import LoadFigures, MedicalLoadFigures, MedicalPurchaseFigures
from virtual_cards.keys.diversification import (
    card_factor,
    city_factor,
    diversify_sm4,
    diversify_triple_des,
    province_factor,
)
from virtual_cards.keys.sessions import authentication_value

_PSAM_KEYS: Final = ("IRK", "RKSSSE")
_SERIAL_FACTOR_LENGTH: Final = 8
_OF_THE_ENVIRONMENT: Final = {"IRK": "IRK", "RK": "RKSSSE", "UK": "UKSSSE"}
_DIVERSIFIED: Final = {"DPK": "MPK", "DLK": "MLK", "DTK": "MTK"}
"""Keys of a card's medical purse, and their masters."""


class IssuerSecurityModule:
    """The HSM of one testbed."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys
        self.testbed = keys.testbed

    def social_security_keys(self, region: str, historical_bytes: bytes) -> dict[str, bytes]:
        """The keys of one card: province, city, last 8 historical bytes (LD/T 32.9, 7.3.1)."""
        return {
            name: _social_security_child(master, region, historical_bytes)
            for name, master in self._keys.social_security.items()
        }

    def medical_directory_keys(self, region: str, historical_bytes: bytes) -> dict[str, bytes]:
        """IRK, RK and UK of DF04 of one card: those of its environment (ours, as the platform)."""
        own = self.social_security_keys(region, historical_bytes)
        return {name: own[environment] for name, environment in _OF_THE_ENVIRONMENT.items()}

    def medical_keys(self, region: str, historical_bytes: bytes) -> dict[str, bytes]:
        """DPK, DLK and DTK of one medical purse."""
        return {
            name: _social_security_child(self._keys.medical[master], region, historical_bytes)
            for name, master in _DIVERSIFIED.items()
        }

    def certificate_keys(self, historical_bytes: bytes) -> dict[str, bytes]:
        """The keys with which certificates and functions of schemes are written to one card."""
        return {
            name: diversify_triple_des(master, card_factor(historical_bytes))
            for name, master in self._keys.certificates.items()
        }

    def transit_keys(self, issuer: bytes, application_serial: bytes) -> dict[str, bytes]:
        """The keys of one purse: issuer, last 8 bytes of the application serial."""
        return {
            name: diversify_triple_des(
                diversify_triple_des(master, issuer), application_serial[-_SERIAL_FACTOR_LENGTH:]
            )
            for name, master in self._keys.transit.items()
        }

    def purchase_master_key(self) -> bytes:
        """GMPK, for a PSAM image."""
        return self._keys.transit["DPK"]

    def province_keys(self, region: str) -> dict[str, bytes]:
        """IRK, RKSSSE and MPK of the province of a region, for a PSAM image."""
        masters = {name: self._keys.social_security[name] for name in _PSAM_KEYS}
        masters["MPK"] = self._keys.medical["MPK"]
        factor = province_factor(region)
        return {name: diversify_sm4(master, factor) for name, master in masters.items()}

    def internal_authentication(
        self, region: str, historical_bytes: bytes, process: bytes, original: bytes
    ) -> bytes:
        """What a genuine card answers to INTERNAL AUTHENTICATE."""
        key = self.social_security_keys(region, historical_bytes)["IRK"]
        return authentication_value(key, process, original)

    def external_authentication(
        self, region: str, historical_bytes: bytes, process: bytes, original: bytes
    ) -> bytes:
        """What opens EF06 of a third-generation card for reading."""
        key = self.social_security_keys(region, historical_bytes)["RKSSSE"]
        return authentication_value(key, process, original)

    def permit_load(self, load: LoadFigures, mac1: bytes) -> bytes:
        """MAC2 for a load. Raises ValueError when MAC1 is not the card's."""
        key = self.transit_keys(load.issuer, load.application_serial)["DLK"]
        _require_mac1(transit_codes.load_mac1(key, load), mac1)
        return transit_codes.load_mac2(key, load)

    def load_tac_is_right(self, load: LoadFigures, tac: bytes) -> bool:
        """Whether the TAC is the card's receipt of this load."""
        key = self.transit_keys(load.issuer, load.application_serial)["DTK"]
        return hmac.compare_digest(transit_codes.load_tac(key, load), tac)

    def purchase_tac_is_right(
        self,
        *,
        issuer: bytes,
        application_serial: bytes,
        amount_fen: int,
        kind: TransactionType,
        terminal: bytes,
        terminal_sequence: int,
        moment: bytes,
        tac: bytes,
    ) -> bool:
        """Whether the TAC is the card's receipt of this purchase, plain or complex."""
        keys = self.transit_keys(issuer, application_serial)
        expected = purchase_tac(
            tac_key(keys["DTK"]),
            amount=four_bytes(amount_fen),
            kind=bytes([kind]),
            terminal=terminal,
            terminal_sequence=terminal_sequence.to_bytes(4, "big"),
            moment=moment,
        )
        return hmac.compare_digest(expected, tac)

    def permit_medical_load(self, load: MedicalLoadFigures, mac1: bytes) -> bytes:
        """MAC2 for a load of the medical purse. Raises ValueError when MAC1 is not the card's."""
        key = self.medical_keys(load.region, load.historical_bytes)["DLK"]
        _require_mac1(medical_codes.load_mac1(key, load), mac1)
        return medical_codes.load_mac2(key, load)

    def medical_load_tac_is_right(self, load: MedicalLoadFigures, tac: bytes) -> bool:
        """Whether the TAC is the card's receipt of this load."""
        key = self.medical_keys(load.region, load.historical_bytes)["DTK"]
        return hmac.compare_digest(medical_codes.load_tac(key, load), tac)

    def medical_purchase_tac_is_right(self, purchase: MedicalPurchaseFigures, tac: bytes) -> bool:
        """Whether the TAC is the card's receipt of this payment."""
        key = self.medical_keys(purchase.region, purchase.historical_bytes)["DTK"]
        return hmac.compare_digest(medical_codes.purchase_tac(key, purchase), tac)

    def pin_reset_command(
        self, region: str, historical_bytes: bytes, challenge: bytes, pin: str
    ) -> bytes:
        """8424 0001 for a card's challenge: gives the tries back and sets a new PIN."""
        key = self.social_security_keys(region, historical_bytes)["PUK"]
        return commands.pin_reset(key, challenge, pin)

    def certificate_command(
        self, historical_bytes: bytes, challenge: bytes, certificate: Certificate
    ) -> bytes:
        """80E2 for a card's challenge: writes this certificate in the place of its kind."""
        key = self.certificate_keys(historical_bytes)[certificate.kind.name.lower()]
        return commands.write_certificate(key, challenge, certificate)

    def function_command(
        self, historical_bytes: bytes, challenge: bytes, function: LoadedFunction
    ) -> bytes:
        """80E2 0018 for a card's challenge: writes this function in the place of its scheme's."""
        key = self.certificate_keys(historical_bytes)["function"]
        return commands.write_function(key, challenge, function)

    def function_erasure(self, historical_bytes: bytes, challenge: bytes, scheme: bytes) -> bytes:
        """800C 0018 for a card's challenge: erases the function of a scheme (8 bytes)."""
        key = self.certificate_keys(historical_bytes)["function"]
        return commands.erase_function(key, challenge, scheme)


def _require_mac1(expected: bytes, given: bytes) -> None:
    if not hmac.compare_digest(expected, given):
        raise ValueError("MAC1 of the load is not that of this card")


def _social_security_child(master: bytes, region: str, historical_bytes: bytes) -> bytes:
    child = master
    for factor in (province_factor(region), city_factor(region), card_factor(historical_bytes)):
        child = diversify_sm4(child, factor)
    return child
