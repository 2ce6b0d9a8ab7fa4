"""Enrolling terminals: kinds, places, the keys of their PSAM, public keys."""

from __future__ import annotations

from typing import Any

import pytest

from card_platform.installation import Installation
from tests.card_platform.city import City

_PUBLIC = (
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)


def _enrol(city: City, kind: str, **more: Any) -> Any:
    body = {"kind": kind, "operator": "metro", "site": "较场口"} | more
    return city.post("/v1/terminals", body, "operator")


@pytest.mark.parametrize(
    ("kind", "place", "names"),
    [
        ("metro_gate", {"station": "0201"}, None),
        ("bus_validator", {"bus_line": "B104"}, None),
        ("canteen", {}, None),
        ("counter", {}, ["IRK", "RKSSSE"]),
        ("kiosk", {}, ["IRK", "RKSSSE"]),
        ("library_desk", {}, ["IRK", "RKSSSE"]),
        ("hospital_desk", {}, ["IRK", "RKSSSE", "MPK"]),
        ("pharmacy", {}, ["IRK", "RKSSSE", "MPK"]),
    ],
)
def test_a_psam_holds_the_keys_its_kind_of_terminal_needs(
    city: City, installation: Installation, kind: str, place: dict[str, str], names: Any
) -> None:
    answer = _enrol(city, kind, **place)
    assert answer.status_code == 201, answer.text
    psam = answer.json()["psam_image"]
    if names is None:
        assert psam["version"] == 1
        assert "social_security" not in psam
        return
    assert psam["version"] == 2
    assert psam["social_security"]["province"] == "50"
    assert list(psam["social_security"]["keys"]) == names
    keys = installation.keys.province_keys("500000", names)
    assert psam["social_security"]["keys"] == keys
    assert len(set(keys.values())) == len(names)


@pytest.mark.parametrize("bus_line", [None, "B999", "0201"])
def test_a_bus_validator_needs_a_known_line(city: City, bus_line: str | None) -> None:
    answer = _enrol(city, "bus_validator", bus_line=bus_line)
    assert (answer.status_code, answer.json()["code"]) == (422, "bus-line-unknown")


def test_a_terminal_of_another_kind_may_name_a_line_but_no_unknown_one(city: City) -> None:
    assert _enrol(city, "counter", bus_line="B181").status_code == 201
    assert _enrol(city, "counter", bus_line="B999").json()["code"] == "bus-line-unknown"


def test_a_kind_nobody_knows_is_malformed(city: City) -> None:
    answer = _enrol(city, "vending_machine")
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")
    assert [each["path"] for each in answer.json()["faults"]] == ["kind"]


@pytest.mark.parametrize("key", ["", "00" * 64, "00" * 63, _PUBLIC[:-1] + "4", "X" * 128])
def test_a_public_key_that_is_no_point_of_the_curve_is_malformed(city: City, key: str) -> None:
    answer = _enrol(city, "canteen", public_key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "request-malformed")
    assert [each["path"] for each in answer.json()["faults"]] == ["public_key"]


def test_a_public_key_is_taken_in_either_case(city: City) -> None:
    assert _enrol(city, "canteen", public_key=_PUBLIC).status_code == 201
    assert _enrol(city, "canteen", public_key=_PUBLIC.lower()).status_code == 201


def test_a_terminal_is_told_buses_reductions_and_how_old_its_list_may_be(city: City) -> None:
    token = _enrol(city, "bus_validator", bus_line="B104").json()["token"]
    told = city.get("/v1/transit/terminal-parameters", token).json()
    assert told["bus_lines"][0] == {
        "code": "B104",
        "name_zh": "104路",
        "name_en": "Bus 104",
        "fare_fen": 200,
    }
    assert told["transfer"] == {"within_s": 3600, "reduction_fen": 100}
    assert told["daily_cap_fen"] is None, "Chongqing caps no day"
    assert told["missing_exit_fare_fen"] == 600
    assert told["concessions"] == [
        {"kind": "disability", "reduction_percent": 50},
        {"kind": "veteran", "reduction_percent": 50},
    ]
    assert told["revocation_list_age_max_s"] == 86400
