"""A licence of the platform becomes a certificate on the card, and both sides read it alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from card_platform.keys.security_module import SecurityModule
from card_platform.keys.seed import KeySeed
from tests.agreement.conftest import Town, now
from virtual_cards.applets.certificates import Certificate, CertificateKind
from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony
from virtual_cards.terminals import (
    CardRefusesCommand,
    Charged,
    ConcessionDesk,
    NotReceived,
    read_concessions,
)

LEVELS = {CertificateKind.DISABILITY: 4, CertificateKind.VETERAN: 10}


def licence(town: Town, kind: CertificateKind) -> tuple[str, str]:
    """A licence linked to somebody whose card lies in the reader: its id, the card's id."""
    resident, card_id, card = town.issue()
    body = {
        "kind": kind.name.lower(),
        "number": resident.number + "44",
        "issuer": "测试区退役军人事务局",
        "holder_document": resident.number,
        "holder_name": resident.name,
        "valid_from": "2020-02-29",
        "valid_until": None,
        "level": LEVELS[kind],
    }
    licence_id = town.desk.post("department", "/v1/licences", body)["licence_id"]
    number = town.desk.card(card_id)["card_number"]
    town.desk.post("clerk", f"/v1/licences/{licence_id}/link", {"card_number": number})
    town.reader.insert(card.card)
    return licence_id, card_id


@pytest.mark.parametrize("kind", CertificateKind)
def test_both_sides_make_the_same_command(kind: CertificateKind) -> None:
    seed, chip, challenge = bytes(range(32)), bytes(range(13)), bytes(range(8))
    certificate = Certificate.of(
        kind,
        level=LEVELS[kind],
        number="50000019900101004244",
        issuer="测试区",
        region="500100",
        valid_from="20260101",
        valid_until="99991231",
    )
    ours = IssuerSecurityModule(hold_ceremony(seed)).certificate_command(
        chip, challenge, certificate
    )
    platform = SecurityModule(KeySeed(seed))
    assert ours == platform.certificate_command(
        kind.name.lower(), chip, challenge, certificate.record
    )


@pytest.mark.parametrize("kind", CertificateKind)
def test_a_licence_is_written_read_and_ended(town: Town, kind: CertificateKind) -> None:
    licence_id, _ = licence(town, kind)
    counter = town.counter()
    assert read_concessions(town.reader) == ()
    assert counter.write_certificate(licence_id) == "load"
    (found,) = read_concessions(town.reader)
    assert (found.kind, found.level, found.region) == (kind, LEVELS[kind], "500000")
    assert (found.valid_from, found.valid_until) == (date(2020, 2, 29), date(9999, 12, 31))
    body = {"action": "withdraw", "reason": "复核"}
    town.desk.post("department", f"/v1/licences/{licence_id}/steps", body)
    assert counter.write_certificate(licence_id) == "end"
    (found,) = read_concessions(town.reader)
    assert not found.holds_on(now().date())
    assert not found.holds_on(now().date() + timedelta(days=1))


def test_a_counter_signs_a_holder_in_only_with_the_pin(town: Town) -> None:
    _, _, card = town.issue()
    town.reader.insert(card.card)
    counter = town.counter()
    with pytest.raises(CardRefusesCommand):
        counter.answer_challenge(bytes(8), bytes(8), "000000")
    chip, answer = counter.answer_challenge(bytes(8), bytes(8), "123456")
    assert chip == card.card.atr[-13:].hex().upper()
    assert len(answer) == 16


def test_a_desk_takes_the_price_less_what_the_platform_grants(town: Town) -> None:
    licence_id, card_id = licence(town, CertificateKind.DISABILITY)
    counter = town.counter()
    counter.load(10_000)
    counter.write_certificate(licence_id)
    line, module, _ = town.enrol("entrance", None)
    desk = ConcessionDesk(
        town.reader,
        module,
        line.terminal_parameters(),
        line,
        place="counter",
        institution="测试窗口",
        clock=now,
    )
    paid = desk.take("1", 1_001)
    assert isinstance(paid, Charged)
    assert paid.sold is not None
    assert (paid.offer.kind, paid.sold.purchase.amount_fen) == ("disability", 500)
    body = {"action": "suspend", "reason": "复核"}
    town.desk.post("department", f"/v1/licences/{licence_id}/steps", body)
    paid = desk.take("2", 1_001)
    assert isinstance(paid, Charged)
    assert (paid.offer.kind, paid.offer.charged_fen) == (None, 1_001)
    town.desk.report_loss(card_id)
    refused = desk.take("3", 1_001)
    assert isinstance(refused, NotReceived)
    assert refused.reason == "card-is-not-active"
