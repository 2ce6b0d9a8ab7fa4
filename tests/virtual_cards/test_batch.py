"""Batches of images: good lines become cards, faulty ones tell all, nothing half-written stands."""

from __future__ import annotations

import gzip
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.virtual_cards import people
from tests.virtual_cards.conftest import talk_to
from virtual_cards.personalisation import (
    CardOfBatch,
    FaultyLine,
    load_card,
    read_batch,
    write_batch,
)
from virtual_cards.personalisation.batch import LINE_BYTES_MAX, BatchLine, read_lines

GOOD = json.dumps(people.card_image()).encode()


def lines_of(*lines: bytes) -> list[BatchLine]:
    return list(read_lines(io.BytesIO(b"".join(line + b"\n" for line in lines))))


def faulty(change: dict[str, Any]) -> bytes:
    return json.dumps(people.card_image() | change).encode()


def one_fault(line: BatchLine) -> tuple[str, str, str]:
    assert isinstance(line, FaultyLine)
    (fault,) = line.faults
    return fault.path, fault.found, fault.expected


def test_each_line_becomes_a_card_that_answers() -> None:
    first, last = lines_of(GOOD, json.dumps(people.full_image("2.00")).encode())
    assert isinstance(first, CardOfBatch)
    assert isinstance(last, CardOfBatch)
    assert (first.number, last.number) == (1, 2)
    talk = talk_to(last.card.card)
    talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    assert talk("00B2032C00").startswith("0304322E3030")


def test_the_last_line_needs_no_end_of_line() -> None:
    (line,) = read_lines(io.BytesIO(GOOD))
    assert isinstance(line, CardOfBatch)


def test_a_faulty_line_tells_all_its_faults_and_stops_nobody() -> None:
    bad = faulty({"pin": "12345x", "historical_bytes": "00", "colour": "red"})
    lines = lines_of(GOOD, bad, GOOD, b"", b"{", GOOD)
    assert [isinstance(line, CardOfBatch) for line in lines] == [
        True,
        False,
        True,
        False,
        False,
        True,
    ]
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    faults = lines[1]
    assert isinstance(faults, FaultyLine)
    assert {fault.path for fault in faults.faults} == {"$.pin", "$.historical_bytes", "$.colour"}
    assert not [fault for fault in faults.faults if "12345x" in str(fault)], "a PIN is not quoted"
    assert one_fault(lines[3]) == ("$", "an empty line", "an object")
    path, found, expected = one_fault(lines[4])
    assert (path, expected) == ("$", "JSON")
    assert found


@pytest.mark.parametrize(
    ("line", "found", "expected"),
    [
        (b"[" * 200_000, "objects too deep in one another", "an image"),
        (b"[]", "[]", "an object"),
        (b"null", "None", "an object"),
    ],
    ids=["deep", "list", "null"],
)
def test_json_that_is_no_image_is_a_fault(line: bytes, found: str, expected: str) -> None:
    faults, good = lines_of(line, GOOD)
    assert one_fault(faults) == ("$", found, expected)
    assert isinstance(good, CardOfBatch)


@pytest.mark.parametrize("excess", [1, 2, 500_000])
def test_a_line_too_long_is_a_fault_and_the_next_one_is_read(excess: int) -> None:
    padding = b" " * (LINE_BYTES_MAX - len(GOOD) - 1)
    longest, too_long, good = lines_of(GOOD + padding, GOOD + padding + b" " * excess, GOOD)
    assert isinstance(longest, CardOfBatch)
    assert one_fault(too_long) == (
        "$", f"more than {LINE_BYTES_MAX} bytes", f"at most {LINE_BYTES_MAX} bytes a line"
    )  # fmt: skip
    assert isinstance(good, CardOfBatch)


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_any_bytes_are_cards_or_faulty_lines(lines: list[bytes]) -> None:
    text = b"\n".join(lines)
    told = list(read_lines(io.BytesIO(text)))
    assert all(isinstance(line, FaultyLine) for line in told)
    assert len(told) == len(io.BytesIO(text).readlines())


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_an_image_with_a_changed_byte_is_a_card_or_a_faulty_line(place: int, byte: int) -> None:
    changed = GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]
    *_, good = lines_of(changed, GOOD)
    assert isinstance(good, CardOfBatch)


@pytest.mark.parametrize("name", ["batch.jsonl", "batch.jsonl.gz"])
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    card = load_card(people.card_image(balance_fen=1250))
    card.card.transmit(bytes.fromhex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"))
    card.card.transmit(bytes.fromhex("0020000003999999"))
    with write_batch(path) as batch:
        batch.write(people.card_image())
        batch.write(card.snapshot())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "it holds keys"
    assert path.read_bytes().startswith(b"\x1f\x8b") is name.endswith(".gz")
    image, state = read_batch(path)
    assert isinstance(image, CardOfBatch)
    assert isinstance(state, CardOfBatch)
    assert image.card.snapshot() == load_card(people.card_image()).snapshot()
    assert state.card.snapshot() == card.snapshot(), "the lost PIN try is in it"
    again = tmp_path / f"again-{name}"
    with write_batch(again) as batch:
        batch.write(people.card_image())
        batch.write(card.snapshot())
    assert again.read_bytes() == path.read_bytes()


def test_a_packed_batch_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "batch"
    path.write_bytes(gzip.compress(GOOD + b"\n"))
    (line,) = read_batch(path)
    assert isinstance(line, CardOfBatch)


@pytest.mark.parametrize("change", ["cut", "damaged"])
def test_a_packed_batch_that_breaks_off_is_a_fault_after_its_good_lines(
    change: str, tmp_path: Path
) -> None:
    path = tmp_path / "batch.jsonl.gz"
    packed = bytearray(gzip.compress(b"".join(b"%s\n" % GOOD for _ in range(2_000))))
    if change == "cut":
        del packed[len(packed) // 2 :]
    else:
        packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    *good, last = read_batch(path)
    assert good
    assert isinstance(last, FaultyLine)
    assert last.number == len(good) + 1


def test_a_batch_that_was_not_written_to_its_end_does_not_stand(tmp_path: Path) -> None:
    path = tmp_path / "batch.jsonl"
    path.write_bytes(b"the one before\n")
    with pytest.raises(KeyboardInterrupt), write_batch(path) as batch:
        batch.write(people.card_image())
        raise KeyboardInterrupt
    assert [file.name for file in tmp_path.iterdir()] == ["batch.jsonl"]
    assert path.read_bytes() == b"the one before\n"


def test_a_device_is_not_replaced_by_a_batch() -> None:
    with pytest.raises(OSError, match="is no regular file"), write_batch(Path("/dev/null")):
        raise AssertionError("unreachable")
    assert Path("/dev/null").is_char_device()
