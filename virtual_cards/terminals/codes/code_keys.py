"""What the platform tells terminals of codes: public keys and rules (docs/interfaces.md, 4)."""

from __future__ import annotations

import msgspec


class CodeKey(msgspec.Struct, frozen=True):
    """A region's public key, SM2, X || Y in hexadecimal."""

    region: str
    number: int
    public_key: str


class CodeRule(msgspec.Struct, frozen=True):
    """What holds for the codes of a purpose."""

    purpose: str
    life_s: int
    single_use: bool
    offline: bool


class CodeKeys(msgspec.Struct, frozen=True):
    """All a terminal needs to check codes without a line."""

    keys: tuple[CodeKey, ...] = ()
    rules: tuple[CodeRule, ...] = ()
    clock_tolerance_s: int = 0

    def key_of(self, region: str, number: int) -> bytes | None:
        """The public key a code names; None where it is not known here."""
        for each in self.keys:
            if (each.region, each.number) == (region, number):
                return bytes.fromhex(each.public_key)
        return None

    def rule_of(self, purpose: str) -> CodeRule | None:
        """The rule of a purpose."""
        return next((each for each in self.rules if each.purpose == purpose), None)
