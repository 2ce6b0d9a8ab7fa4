"""Certificates of terminals: what the region says of a terminal's key, and until when.

Rules:
- A terminal that is enrolled with a public key gets a certificate: the region's statement, signed
  by the key that stands for the region on the exchange (SM2 with SM3), that this key is that
  terminal's. The text is JSON; what is signed are its UTF-8 bytes as they stand.
- It holds for a time and may be withdrawn. A new one, for the same key or another, takes its place:
  a terminal has one that counts, the newest.
- A journal is taken under a certificate in force. Terminals enrolled before there were
  certificates have none and go on until they get one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

import msgspec

from card_platform.errors import Refusal
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.services.terminals import certificate_store as store
from card_platform.services.terminals.certificate_store import Certificate
from card_platform.services.terminals.model import Terminal, TerminalIsWithdrawnAlready
from card_platform.services.terminals.store import find_terminal, save_public_key
from card_platform.storage import Event, Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of


class CertificateText(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed; moments are RFC 3339, the key is X || Y in hex."""

    format: str = "onecard.terminal-certificate"
    version: int = 1
    region: str
    certificate_id: str
    terminal_number: str
    kind: str
    operator: str
    public_key: str
    valid_from: str
    valid_until: str


class TerminalIsUnknown(Refusal):
    """No such terminal."""

    code = "terminal-unknown"
    status = 404
    title = "Terminal unknown"
    zh = "没有编号为 {terminal_number} 的终端。"
    en = "There is no terminal {terminal_number}."


class CertificateIsNotInForce(Refusal):
    """The newest certificate of the terminal has run out or was withdrawn."""

    code = "terminal-certificate-not-in-force"
    status = 422
    title = "Terminal certificate not in force"
    zh = "终端 {terminal_number} 的证书已于 {since} 失效，请换发证书后重新上送。"
    en = (
        "The certificate of terminal {terminal_number} ended at {since};"
        " send again once it has a new one."
    )


class TerminalHasNoCertificate(Refusal):
    """There is nothing to withdraw."""

    code = "terminal-has-no-certificate"
    status = 409
    title = "Terminal has no certificate in force"
    zh = "终端 {terminal_number} 没有有效的证书。"
    en = "The terminal {terminal_number} has no certificate in force."


class TerminalCertified(Event, frozen=True, kw_only=True):
    """A terminal got a certificate, or lost it."""

    action: ClassVar[str] = "certify-terminal"
    card_id: None = None
    terminal_number: str
    step: str

    @property
    def detail(self) -> str:
        """Which terminal, what."""
        return f"{self.terminal_number}: {self.step}"


@dataclass(frozen=True, slots=True)
class Certificates:
    """Certificates of one region's terminals."""

    policy: RegionPolicy
    keys: SecurityModule
    clock: Clock

    def certify(self, tx: Transaction, terminal: Terminal, by: str) -> Certificate | None:
        """Certify the key of a terminal; None for one without."""
        if terminal.public_key is None:
            return None
        now = self.clock.now()
        life = timedelta(seconds=self.policy.access.terminal_certificate.on(now.date()))
        text = CertificateText(
            region=self.policy.region.code,
            certificate_id=new_identifier("certificate"),
            terminal_number=terminal.terminal_number,
            kind=terminal.kind.value,
            operator=terminal.operator,
            public_key=terminal.public_key,
            valid_from=moment_of(now),
            valid_until=moment_of(now + life),
        )
        signed = msgspec.json.encode(text)
        certificate = Certificate(
            text.certificate_id,
            terminal.terminal_number,
            text.valid_from,
            text.valid_until,
            signed.decode(),
            self.keys.signer.sign(signed).hex().upper(),
            by,
        )
        store.add(tx, certificate)
        self._tell(tx, terminal.terminal_number, "certify", by)
        return certificate

    def renew(self, tx: Transaction, terminal_number: str, public_key: str, by: str) -> Certificate:
        """A new certificate, for the same key or another; what the old key signed is sent before.

        Raises:
            TerminalIsUnknown, TerminalIsWithdrawnAlready.
        """
        terminal = terminal_in_service(tx, terminal_number)
        save_public_key(tx, terminal_number, public_key)
        certificate = self.certify(tx, replace(terminal, public_key=public_key), by)
        assert certificate is not None  # noqa: S101 - it has a key now
        return certificate

    def withdraw(self, tx: Transaction, terminal_number: str, by: str) -> Certificate:
        """The terminal's certificate counts no longer.

        Raises:
            TerminalIsUnknown, TerminalHasNoCertificate.
        """
        if find_terminal(tx, terminal_number) is None:
            raise TerminalIsUnknown(terminal_number=terminal_number)
        at = moment_of(self.clock.now())
        newest = store.newest(tx, terminal_number)
        if newest is None or newest.ended_at(at) is not None:
            raise TerminalHasNoCertificate(terminal_number=terminal_number)
        store.withdraw(tx, newest.certificate_id, at)
        self._tell(tx, terminal_number, "withdraw", by)
        return replace(newest, withdrawn_at=at)

    def _tell(self, tx: Transaction, terminal_number: str, step: str, by: str) -> None:
        at = moment_of(self.clock.now())
        tx.emit(TerminalCertified(at=at, by=by, terminal_number=terminal_number, step=step))


def terminal_in_service(tx: Transaction, terminal_number: str) -> Terminal:
    """The terminal of that number, to change it.

    Raises:
        TerminalIsUnknown, TerminalIsWithdrawnAlready.
    """
    terminal = find_terminal(tx, terminal_number, to_change=True)
    if terminal is None:
        raise TerminalIsUnknown(terminal_number=terminal_number)
    if terminal.withdrawn_at is not None:
        raise TerminalIsWithdrawnAlready(
            terminal_number=terminal_number, since=terminal.withdrawn_at
        )
    return terminal


def require_in_force(tx: Transaction, terminal_number: str, at: str) -> None:
    """The newest certificate of a terminal that has one is in force.

    Raises:
        CertificateIsNotInForce: it has run out, or was withdrawn.
    """
    newest = store.newest(tx, terminal_number)
    since = newest.ended_at(at) if newest is not None else None
    if since is not None:
        raise CertificateIsNotInForce(terminal_number=terminal_number, since=since)
