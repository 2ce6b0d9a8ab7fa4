"""The medical purse of a card made from the platform's image, loaded and paid with over both sides.

The card is spoken to in APDUs, the platform over HTTP; what each computes, the other checks. A
PSAM's part (MAC1 of a payment) is computed here from the image.
"""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from card_platform.keys import diversification as platform_diversification
from card_platform.keys.ciphers import sm4_mac
from card_platform.keys.medical_codes import MedicalPayment, medical_payment_session
from scenarios.service_desk import PlatformRefused
from tests.agreement.conftest import Town
from virtual_cards.card_os import Card
from virtual_cards.keys import Algorithm
from virtual_cards.keys import diversification as card_diversification
from virtual_cards.personalisation import IMAGE_SCHEMA, PersonalisedCard

_SELECT_DF04 = "00A4040006D15600000503"
_SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
_VERIFY = "0020000003123456"
_MOMENT = "20260105093000"


class Patient:
    """A card at a hospital desk of the town."""

    def __init__(self, town: Town, card_id: str, card: PersonalisedCard) -> None:
        self.town, self.card_id = town, card_id
        self.card: Card = card.card
        self.image: dict[str, Any] = dict(card.image)
        enrolled = town.desk.enrol_terminal(
            "hospital_desk", None, operator="hospital", site=town.hospital_site
        )
        self.terminal, self.token = enrolled["terminal_number"], enrolled["token"]
        self.card.reset()
        for command in (_SELECT_DF04, _VERIFY):
            self.say(command)

    def say(self, command: str) -> str:
        answer = self.card.transmit(bytes.fromhex(command)).hex().upper()
        if answer.startswith("61"):  # T=0: the data wait
            answer = self.card.transmit(bytes.fromhex("00C00000" + answer[2:])).hex().upper()
        assert answer.endswith("9000"), (command, answer)
        return answer[:-4]

    def balance_fen(self, account: int) -> int:
        return int(self.say(f"B026000{account}04"), 16)

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self.town.desk.ask("POST", path, self.token, body)

    def load(self, account: int, amount_fen: int) -> str:
        told = self.say(f"B028000{account}0B01{amount_fen:08X}{self.terminal}10")
        asked = {
            "historical_bytes": self.image["historical_bytes"],
            "account": account,
            "amount_fen": amount_fen,
            "balance_before_fen": int(told[:8], 16),
            "online_sequence": int(told[8:12], 16),
            "key_version": int(told[12:14], 16),
            "algorithm": int(told[14:16], 16),
            "random": told[16:24],
            "mac1": told[24:32],
        }
        permit = self.ask("/v1/medical/loads", asked)
        mac2 = permit["date"] + permit["time"] + permit["mac2"]
        receipt = {
            "tac": self.say(f"B02A00000B{mac2}04"),
            "balance_after_fen": self.balance_fen(account),
        }
        path = f"/v1/medical/loads/{permit['load_id']}/confirmation"
        posting_id: str = self.ask(path, receipt)["posting_id"]
        return posting_id

    def pay(self, account: int, amount_fen: int) -> dict[str, Any]:
        told = self.say(f"B028010{account}0B01{amount_fen:08X}{self.terminal}0C")
        payment = MedicalPayment(
            amount_fen,
            account,
            bytes.fromhex(self.terminal),
            bytes.fromhex("00000007"),
            bytes.fromhex(_MOMENT[:8]),
            bytes.fromhex(_MOMENT[8:]),
        )
        purse = self.image["social_security"]["medical_purse"]
        random, sequence = bytes.fromhex(told[16:24]), bytes.fromhex(told[8:12])
        key = bytes.fromhex(purse["keys"]["DPK"])
        session = medical_payment_session(key, random, sequence, bytes.fromhex("00000007"))
        mac1 = payment.mac1(session).hex()
        debited = self.say(f"B02C00000F00000007{_MOMENT}{mac1}08")
        assert debited[8:] == payment.mac2(session).hex().upper()
        return {
            "historical_bytes": self.image["historical_bytes"],
            "account": account,
            "amount_fen": amount_fen,
            "balance_after_fen": self.balance_fen(account),
            "offline_sequence": int(told[8:12], 16),
            "terminal_sequence": 7,
            "type": "06",
            "date": _MOMENT[:8],
            "time": _MOMENT[8:],
            "tac": debited[:8],
        }


@pytest.fixture(scope="module")
def patient(town: Town) -> Patient:
    _, card_id, card = town.issue()
    return Patient(town, card_id, card)


def test_the_image_of_the_platform_is_one_the_schema_allows(patient: Patient) -> None:
    assert patient.image["version"] == 2
    jsonschema.validate(patient.image, json.loads(IMAGE_SCHEMA.read_text(encoding="utf-8")))


def test_credit_is_loaded_into_the_card_and_paid_and_both_sides_hold_the_same(
    patient: Patient,
) -> None:
    desk = patient.town.desk
    for account, fen in ((1, 5_000), (2, 1_000)):
        desk.grant_medical_credit(patient.card_id, account, fen)
    patient.load(1, 3_000)
    patient.load(2, 1_000)
    assert patient.ask("/v1/medical/payments", patient.pay(1, 1_234))["tac"] == "right"
    assert patient.ask("/v1/medical/payments", patient.pay(2, 1_000))["tac"] == "right"
    told = desk.medical(patient.card_id)
    assert told["credit_fen"] == {"1": 2_000, "2": 0}
    for account in (1, 2):
        assert told["balance_fen"][str(account)] == patient.balance_fen(account)
    with pytest.raises(PlatformRefused, match="insufficient-medical-credit"):
        patient.load(1, 2_001)
    check = desk.check_books()
    assert (check["balanced"], check["sum_fen"]) == (True, 0)


def test_ef0d_has_the_region_of_first_issue(patient: Patient) -> None:
    patient.card.reset()
    patient.say(_SELECT_SSSE)
    assert patient.say("00B2026C05") == "EB03500000"


octets = st.binary(min_size=16, max_size=16)


@given(octets, st.binary(max_size=80))
def test_the_sm4_mac(key: bytes, message: bytes) -> None:
    assert sm4_mac(key, message) == Algorithm.SM4.mac(key, message)


@given(octets, st.binary(min_size=13, max_size=13))
def test_the_key_of_a_certificate(master: bytes, historical: bytes) -> None:
    on_card = card_diversification.diversify_triple_des(master, historical[-8:])
    assert on_card == platform_diversification.certificate_card_key(master, historical)
