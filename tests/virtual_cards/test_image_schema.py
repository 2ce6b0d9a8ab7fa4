"""The published JSON Schema of the image agrees with the reader: on good images and on faulty ones.

What an image says twice (version, card number, region and algorithm), and which files a version of
the card may have, only the reader checks.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards import bank_cards, people
from tests.virtual_cards.conftest import talk_to
from virtual_cards.applets.social_security import DIRECTORIES
from virtual_cards.personalisation import IMAGE_SCHEMA, ImageIsFaulty, load_card

VERSION_1 = json.loads(
    (Path(__file__).parents[1] / "vectors" / "image_version_1.json").read_text(encoding="utf-8")
)
SCHEMA = json.loads(IMAGE_SCHEMA.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def reader_takes(image: dict[str, Any]) -> bool:
    try:
        load_card(image)
    except ImageIsFaulty:
        return False
    return True


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "image",
    [
        VERSION_1,
        people.card_image(),
        people.card_image("1.00"),
        *(people.full_image(version, "01") for version in ("1.00", "2.00", "3.00")),
        people.full_image(),
        bank_cards.image(),
    ],
)
def test_real_images_are_valid(image: dict[str, Any]) -> None:
    VALIDATOR.validate(image)
    assert reader_takes(image)


def test_a_stored_image_of_version_1_makes_the_card_it_always_made() -> None:
    talk = talk_to(load_card(copy.deepcopy(VERSION_1)).card)
    fci = "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103"
    assert talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF00") == fci + "9000"
    assert talk("00B2072C0B") == "0709" + people.an(people.CARD_NUMBER, 9) + "9000"
    assert talk("00B2023400") == "6982"
    assert talk("00A4000002DF01") == "6A82"
    assert talk("00A404000C504B492EC9E7BBE1B1A3D5CF") == "6A82"
    assert talk("00A4040008A000000632010105") == "6133"
    assert talk("805C030204") == "000004E29000"


def test_a_snapshot_from_before_lives_and_faces_loads_as_active() -> None:
    snapshot = load_card(copy.deepcopy(VERSION_1)).snapshot()
    memory = snapshot["memory"]
    assert isinstance(memory, dict)
    for name in ("card/life_cycle", "social_security/life_cycle"):
        del memory[name]
    card = load_card(snapshot).card
    assert talk_to(card)("00A404000F7378312E73682EC9E7BBE1B1A3D5CF") == "611E"


def places(image: dict[str, Any]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for key, value in image.items():
        found.append((key,))
        if isinstance(value, dict):
            found += [(key, *rest) for rest in places(value)]
    return found


FULL = people.full_image()
WRONG = st.sampled_from([3, -1, 2**40, True, "", "xyz", "0", "ab", [], {}, {"99": "00"}])


@given(st.sampled_from(places(FULL)), st.one_of(st.none(), WRONG), st.booleans())
def test_a_fault_is_one_to_both(place: tuple[str, ...], value: object, as_new: bool) -> None:
    image = copy.deepcopy(FULL)
    part = image
    for key in place[:-1]:
        part = part[key]
    if value is None:
        del part[place[-1]]
    else:
        part[place[-1] + ("x" if as_new else "")] = value
    valid = VALIDATOR.is_valid(image)
    if reader_takes(image):
        assert valid
    elif valid:
        said_twice = {"03", "07", "spec_version", "issuer_data", "card_number"}
        assert place[-1] in said_twice, "only what is said twice is the reader's alone"


@pytest.mark.parametrize("member", ["directories", "medical_purse", "pki"])
def test_version_1_does_not_know_the_members_of_version_2(member: str) -> None:
    image = people.card_image()
    image["social_security"][member] = FULL["social_security"][member]
    assert not VALIDATOR.is_valid(image)
    assert not reader_takes(image)


def test_a_purse_needs_its_directory_to_both() -> None:
    image = people.full_image()
    del image["social_security"]["directories"]["DF04"]
    assert not VALIDATOR.is_valid(image)
    assert not reader_takes(image)


@pytest.mark.parametrize("name", DIRECTORIES)
def test_the_schema_names_the_files_and_tags_of_the_tables(name: str) -> None:
    directories = SCHEMA["$defs"]["social_security_2"]["properties"]["directories"]
    files = directories["properties"][name]["properties"]["files"]["properties"]
    rows = {row.file.name: row for row in DIRECTORIES[name].files}
    assert set(files) == set(rows)
    for file_name, row in rows.items():
        tags = {f"{tag:02X}" for tag in row.tags}
        assert set(files[file_name].get("properties", ())) == tags
