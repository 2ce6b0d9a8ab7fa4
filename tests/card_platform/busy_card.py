"""A card with several entries in each of its lists, through the HTTP API."""

from __future__ import annotations

from typing import Any

from tests.card_platform.city import City, Terminal, document
from tests.card_platform.clinic import hospital_desk
from tests.card_platform.medical_chip import MedicalChip
from tests.card_platform.phone import Phone
from tests.card_platform.test_licences import linked, step


def fill_card(city: City, times: int = 3) -> dict[str, str]:
    """So many rides, loads, payments and so on; the ids that stand in paths."""
    card_id, chip = city.active_card()
    counter, gate = city.enrol("counter", None), city.enrol()
    lane = city.enrol("counter", "0212")
    canteen = city.enrol("canteen", None)
    hospital = hospital_desk(city, "hospital-1")
    phone, medical = Phone(city), MedicalChip(chip.image)
    licence_id = linked(city, card_id)
    _send(city, f"/v1/cards/{card_id}/medical-credits", _credit(times), "clerk")
    for number in range(times):
        city.load(chip, counter, 5_000)
        _send(city, "/v1/transit/taps", chip.tap(gate.number, "entry", "0201"), gate.token)
        left = chip.tap(gate.number, "exit", "0212", "0201", amount_fen=300)
        _send(city, "/v1/transit/taps", left, gate.token)
        left = chip.tap(lane.number, "missing-entry", "0212", amount_fen=600)
        ride = _send(city, "/v1/transit/taps", left, lane.token)["ride"]
        path = f"/v1/cards/{card_id}/transit/rides/{ride['ride_id']}/correction"
        _send(city, path, {"station": "0201", "evidence": "监控录像"}, "clerk")
        _send(city, "/v1/transit/purchases", chip.purchase(canteen.number, 100), canteen.token)
        _send(city, "/v1/transit/refusals", _refusal(chip.serial, number), gate.token)
        _load_medical(city, hospital, medical)
        _send(city, "/v1/medical/payments", medical.pay(hospital.number, 1, 50), hospital.token)
        assert phone.enrol(card_id).status_code == 201
        bill = {"code": phone.code("medical"), "bill": f"B{number}", "amount_fen": 10}
        _send(city, "/v1/medical/code-settlements", bill, hospital.token)
        step(city, licence_id, "resume" if number % 2 else "suspend")
    for _ in range(times):
        _send(city, f"/v1/cards/{card_id}/loss-report", {"kind": "oral"}, "clerk")
        found = {"document": document(), "reason": "卡片已找到"}
        _send(city, f"/v1/cards/{card_id}/restoration", found, "clerk")
        _send(city, f"/v1/cards/{card_id}/freeze", {"ground": "stolen"}, "supervisor")
        _send(city, f"/v1/cards/{card_id}/freeze-lift", {"decision": "查无此事"}, "supervisor")
    return {"card_id": card_id, "licence_id": licence_id}


def _credit(times: int) -> dict[str, int]:
    return {"account": 1, "amount_fen": 200 * times}


def _refusal(serial: str, number: int) -> dict[str, Any]:
    return {
        "application_serial": serial,
        "reason": "insufficient-balance",
        "station": "0201",
        "at": f"2026-01-05T00:00:{number:02d}Z",
        "revocation_list_version": 3,
    }


def _load_medical(city: City, hospital: Terminal, chip: MedicalChip) -> None:
    asked = chip.ask_load(hospital.number, 1, 100)
    permit = _send(city, "/v1/medical/loads", asked, hospital.token)
    receipt = chip.take_load(hospital.number, asked, permit)
    path = f"/v1/medical/loads/{permit['load_id']}/confirmation"
    _send(city, path, receipt, hospital.token)


def _send(city: City, path: str, body: Any, caller: str) -> Any:
    answer = city.post(path, body, caller)
    assert answer.is_success, (path, answer.text)
    return answer.json()
