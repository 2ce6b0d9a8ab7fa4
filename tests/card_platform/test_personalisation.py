"""The personalisation image, byte for byte as docs/interfaces.md, section 1, lays it out."""

from __future__ import annotations

from card_platform.installation import Installation
from tests.card_platform.city import City, resident


def test_the_image_has_the_bytes_of_the_standard(city: City, installation: Installation) -> None:
    granted = city.apply()
    path = f"/v1/cards/{granted['card_id']}/personalisation"
    image = city.post(path, {}, "production").json()
    today = installation.clock.now().date()
    files = image["social_security"]["files"]

    assert (image["format"], image["version"], image["test_keys"]) == (
        "onecard.personalisation-image",
        2,
        True,
    )
    assert image["testbed"] == installation.keys.testbed
    assert image["historical_bytes"] == "00814A44468660500000000001"
    assert image["social_security"]["spec_version"] == "3.00"
    assert files["EF05"]["01"] == "500000D15600000500000001FFFFFFFF"
    assert files["EF05"]["03"] == "332E3030"
    assert files["EF05"]["04"] == "915600000250000050000001"
    assert int(files["EF05"]["06"][:4]) - int(files["EF05"]["05"][:4]) == 10
    assert abs(int(files["EF05"]["05"][:4]) - today.year) <= 1
    assert bytes.fromhex(files["EF05"]["07"]) == b"A00000001"
    assert list(files["EF05"]) == ["01", "02", "03", "04", "05", "06", "07"]
    assert bytes.fromhex(files["EF0D"]["EA"]) == b"000A00000001"
    assert files["EF0D"]["EB"] == "500000"
    assert list(files["EF06"]) == ["08", "09", "4E", "0A", "0B", "0C", "0D"]
    assert bytes.fromhex(files["EF06"]["08"]) == resident(1).encode()
    assert bytes.fromhex(files["EF06"]["09"]) == "测试甲".encode("gbk").ljust(30, b"\x00")
    assert files["EF06"]["0D"] == "19900101"
    lengths = {tag: len(value) // 2 for ef in files.values() for tag, value in ef.items()}
    assert lengths == {
        **{"01": 16, "02": 1, "03": 4, "04": 12, "05": 4, "06": 4, "07": 9},
        **{"EA": 12, "EB": 3},
        **{"08": 18, "09": 30, "4E": 20, "0A": 1, "0B": 1, "0C": 3, "0D": 4},
    }


def test_version_2_brings_keys_the_medical_purse_and_what_it_needs(
    city: City, installation: Installation
) -> None:
    path = f"/v1/cards/{city.apply()['card_id']}/personalisation"
    image = city.post(path, {}, "production").json()
    social = image["social_security"]
    chip = bytes.fromhex(image["historical_bytes"])
    own = social["keys"]
    assert list(own) == ["IRK", "RKSSSE", "UKSSSE", "PUK", "STKSSSE", "UKEF0D"]
    assert len(set(own.values())) == 6
    keys = social["directories"]["DF04"]["keys"]
    assert keys == {"UK": own["UKSSSE"], "RK": own["RKSSSE"], "IRK": own["IRK"]}
    purse = social["medical_purse"]
    assert (purse["current_year_fen"], purse["earlier_years_fen"]) == (0, 0)
    assert purse["starting_day"] == social["files"]["EF05"]["05"]
    assert purse["keys"] == installation.keys.medical_keys("500000", chip)
    assert social["pki"] == {}
    assert image["certificates"] == {"keys": installation.keys.certificate_keys(chip)}
    assert "bank" not in image


def test_the_purse_files_have_their_lengths_and_fields(city: City) -> None:
    granted = city.apply()
    path = f"/v1/cards/{granted['card_id']}/personalisation"
    transit = city.post(path, {}, "production").json()["transit"]
    files = transit["files"]
    assert [len(files[name]) // 2 for name in ("15", "16", "17")] == [30, 55, 60]
    assert files["15"][:16] == "50000001FFFFFFFF"
    assert files["15"][16:40] == "0201" + "03105000000000000001"
    assert files["17"][:22] == "00000156" + "5000" + "5000" + "0001" + "00"
    assert {number: record[:8] for number, record in files["1A"].items()} == {
        "01": "27007D01",
        "02": "27017D01",
    }
    assert {len(record) // 2 for record in files["1A"].values()} == {128}
    assert {name: len(key) // 2 for name, key in transit["keys"].items()} == {
        "DPK": 16,
        "DLK": 16,
        "DTK": 16,
    }


def test_a_reprint_and_a_replay_give_the_same_image(city: City) -> None:
    path = f"/v1/cards/{city.apply()['card_id']}/personalisation"
    first = city.post(path, {}, "production", key="image-1")
    assert city.post(path, {}, "production", key="image-1").json() == first.json()
    assert city.post(path, {}, "production", key="image-2").json() == first.json()


def test_no_key_and_no_token_is_kept_with_the_client_ids(
    city: City, installation: Installation
) -> None:
    card_id, chip = city.active_card()
    gate = city.enrol()
    with installation.database._read_engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT answer FROM idempotency_keys").fetchall()
        hashed = connection.exec_driver_sql("SELECT token_sha256 FROM terminals").fetchall()
    text = b"".join(bytes(row[0]) for row in kept).decode()
    assert card_id in text
    assert gate.token not in text
    assert gate.token not in hashed[0][0]
    assert not any(key.hex().upper() in text for key in chip.keys.values())
