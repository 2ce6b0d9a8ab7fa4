"""What the tests of terminals stand on: an issuer, its cards and PSAMs, parameters, a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from virtual_cards.applets.certificates import Certificate, CertificateKind
from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.card_os import Card
from virtual_cards.issuer import (
    IssuerSecurityModule,
    MadeUpHolder,
    MedicalPurchaseFigures,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.issuer.made_up_card import ISSUER, REGION
from virtual_cards.personalisation import load_card, load_psam
from virtual_cards.readers import InProcessReader
from virtual_cards.terminals import (
    MedicalPayment,
    PlatformLine,
    Purchase,
    SecurityModule,
    Tap,
    TerminalParameters,
)
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME

NOW = datetime(2026, 5, 4, 8, 15, tzinfo=CHINA_STANDARD_TIME)
HSM = IssuerSecurityModule(hold_ceremony(bytes(range(32))))
HOLDER = MadeUpHolder(42)
NOBODY = "http://127.0.0.1:9"
"""Nothing listens on this port (discard)."""
LINES = [
    {"code": "8001", "name_zh": "1路", "name_en": "Bus 1", "fare_fen": 200},
    {"code": "8002", "name_zh": "2路", "name_en": "Bus 2", "fare_fen": 300},
]


def parameters(**changed: Any) -> TerminalParameters:
    """Two stations, two bus lines; a transfer takes off 100 fen, a day costs at most 1,000."""
    stations = ["0201", "0205"]
    document = {
        "issued_at": "2026-05-04T00:00:00+08:00",
        "operator": "50000001FFFFFFFF",
        "city": "5000",
        "line": "02",
        "stations": [{"code": each, "name_zh": each, "name_en": each} for each in stations],
        "fares": [
            {"from": start, "to": end, "fare_fen": 400} for start in stations for end in stations
        ],
        "minimum_entry_balance_fen": 200,
        "missing_exit_fare_fen": 700,
        "bus_lines": LINES,
        "transfer": {"within_s": 3600, "reduction_fen": 100},
        "daily_cap_fen": 1_000,
        "concessions": [
            {"kind": "disability", "reduction_percent": 50},
            {"kind": "veteran", "reduction_percent": 100},
        ],
        "revocation_list_age_max_s": 86_400,
        "revocation_list": {
            "version": 7,
            "issued_at": "2026-05-04T00:00:00+08:00",
            "application_serials": [],
        },
    } | changed
    return msgspec.convert(document, TerminalParameters)


@dataclass
class Clock:
    """A clock a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **time: int) -> None:
        self.now += timedelta(**time)


@dataclass
class Place:
    """One place with a reader, a PSAM and a clock; the line is dead."""

    terminal: int = 1
    reader: InProcessReader = field(default_factory=InProcessReader)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.module = module(self.terminal)

    @property
    def kit(self) -> tuple[InProcessReader, SecurityModule, TerminalParameters]:
        """What every terminal is built from."""
        return self.reader, self.module, parameters()

    def hold(self, card: Any) -> None:
        """Put a card on the reader."""
        self.reader.insert(card)


def module(terminal: int = 1) -> SecurityModule:
    return SecurityModule(InProcessReader("PSAM", load_psam(psam_image(HSM, terminal)).card))


def dead_line() -> PlatformLine:
    return PlatformLine(NOBODY, "token")


def made_card(balance_fen: int = 5_000, **more: Any) -> Card:
    """A card of version 2 with everything."""
    return load_card(card_image(HSM, HOLDER, balance_fen=balance_fen, **more)).card


def certify(card: Card, kind: CertificateKind, valid_until: str = "20301231") -> None:
    """Write a certificate onto a card, as those who certify do."""
    card.reset()
    card.transmit(bytes.fromhex("00A404000AF04F4E45434152440001"))
    challenge = card.transmit(bytes.fromhex("0084000008"))[:8]
    certificate = Certificate.of(
        kind,
        level=2,
        number="50000019900101004243",
        issuer="测试区",
        region="500100",
        valid_from="20260101",
        valid_until=valid_until,
    )
    command = HSM.certificate_command(HOLDER.historical_bytes, challenge, certificate)
    assert card.transmit(command)[-2:].hex() == "9000"


def balance_fen(card: Card) -> int:
    value = card.memory.values()["transit/balance_fen"]
    assert isinstance(value, int)
    return value


def tac_is_right(report: Tap | Purchase, terminal: int = 1) -> bool:
    """What the issuer says to a TAC of the purse."""
    return HSM.purchase_tac_is_right(
        issuer=ISSUER,
        application_serial=HOLDER.application_serial,
        amount_fen=report.amount_fen,
        kind=TransactionType(int(report.transaction_type, 16)),
        terminal=bytes.fromhex(f"5000{terminal:08d}"),
        terminal_sequence=report.terminal_sequence,
        moment=bytes.fromhex(report.date + report.time),
        tac=bytes.fromhex(report.tac),
    )


def medical_tac_is_right(payment: MedicalPayment, terminal: int = 1) -> bool:
    """What the issuer says to a TAC of the medical purse."""
    figures = MedicalPurchaseFigures(
        region=REGION,
        historical_bytes=bytes.fromhex(payment.historical_bytes),
        account=Account(payment.account),
        amount_fen=payment.amount_fen,
        terminal=bytes.fromhex(f"5000{terminal:08d}"),
        terminal_sequence=payment.terminal_sequence,
        moment=bytes.fromhex(payment.date + payment.time),
    )
    return HSM.medical_purchase_tac_is_right(figures, bytes.fromhex(payment.tac))
