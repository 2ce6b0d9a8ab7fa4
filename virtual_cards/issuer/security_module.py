"""The issuer's hardware security module (HSM) as a virtual part: it holds the master keys.

What it does: the keys of a card and of a PSAM, the two values of the reading flow of
third-generation cards, MAC2 of a load, and whether a TAC is right (cards.md names the same
services: HSM addresses 0094-96 UKSSSE, 004C-4E RKSSSE, 0170-72 IRK). Master keys never leave it
but in a PSAM image.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.applets.transit.tac import load_tac, purchase_tac, tac_key
from virtual_cards.issuer.ceremony import MasterKeys
from virtual_cards.keys.diversification import diversify_sm4, diversify_triple_des
from virtual_cards.keys.mac import des_mac
from virtual_cards.keys.sessions import authentication_value, load_session

_ZHEJIANG = "33"
_FACTOR_LENGTH = 8


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """One load as the card asked for it; amounts in fen, `moment` date4 time3."""

    issuer: bytes
    application_serial: bytes
    balance_before_fen: int
    amount_fen: int
    online_sequence: int
    terminal: bytes
    random: bytes
    moment: bytes


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

    def transit_keys(self, issuer: bytes, application_serial: bytes) -> dict[str, bytes]:
        """The keys of one purse: issuer, last 8 bytes of the application serial."""
        return {
            name: diversify_triple_des(
                diversify_triple_des(master, issuer), application_serial[-_FACTOR_LENGTH:]
            )
            for name, master in self._keys.transit.items()
        }

    def purchase_master_key(self) -> bytes:
        """GMPK, for a PSAM image."""
        return self._keys.transit["DPK"]

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
        keys = self.transit_keys(load.issuer, load.application_serial)
        online = load.online_sequence.to_bytes(2, "big")
        session = load_session(keys["DLK"], load.random, online)
        asked = _four(load.amount_fen) + bytes([TransactionType.LOAD]) + load.terminal
        if not hmac.compare_digest(des_mac(session, _four(load.balance_before_fen) + asked), mac1):
            raise ValueError("MAC1 of the load is not that of this card")
        return des_mac(session, asked + load.moment)

    def load_tac_is_right(self, load: LoadFigures, tac: bytes) -> bool:
        """Whether the TAC is the card's receipt of this load."""
        keys = self.transit_keys(load.issuer, load.application_serial)
        expected = load_tac(
            tac_key(keys["DTK"]),
            balance_after=_four(load.balance_before_fen + load.amount_fen),
            online=load.online_sequence.to_bytes(2, "big"),
            amount=_four(load.amount_fen),
            kind=bytes([TransactionType.LOAD]),
            terminal=load.terminal,
            moment=load.moment,
        )
        return hmac.compare_digest(expected, tac)

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
            amount=_four(amount_fen),
            kind=bytes([kind]),
            terminal=terminal,
            terminal_sequence=terminal_sequence.to_bytes(4, "big"),
            moment=moment,
        )
        return hmac.compare_digest(expected, tac)


def _social_security_child(master: bytes, region: str, historical_bytes: bytes) -> bytes:
    prefecture = region[:4] + "00" if region.startswith(_ZHEJIANG) else region
    province = region[:2].encode("ascii") + b"0000" + bytes.fromhex("7368")
    city = prefecture.encode("ascii") + bytes.fromhex("7378")
    child = master
    for factor in (province, city, historical_bytes[-_FACTOR_LENGTH:]):
        child = diversify_sm4(child, factor)
    return child


def _four(fen: int) -> bytes:
    return fen.to_bytes(4, "big")
