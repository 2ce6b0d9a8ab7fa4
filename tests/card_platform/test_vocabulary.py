"""Values of the field: resident numbers, names, moments, faults."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

import card_platform
from card_platform.issuance.field_coding import cn, name_fits, split_name
from card_platform.vocabulary.card_number import application_serial_of, card_number_of
from card_platform.vocabulary.exact_text import exactly
from card_platform.vocabulary.faults import find_faults
from card_platform.vocabulary.masking import masked
from card_platform.vocabulary.moment import moment_of, years_later
from card_platform.vocabulary.resident_id import read_resident_id


def test_the_published_example_of_gb_11643_is_read() -> None:
    # GB 11643-1999, appendix: 11010519491231002X, a woman born 1949-12-31.
    resident = read_resident_id("11010519491231002X")
    assert resident is not None
    assert (resident.birth_date, resident.sex) == (date(1949, 12, 31), "2")


def test_a_number_with_a_wrong_check_character_date_or_shape_is_none() -> None:
    for wrong in ("110105194912310021", "11010519491331002X", "11010519491231002x", "1", ""):
        assert read_resident_id(wrong) is None


def test_a_long_name_goes_on_in_the_extension_without_cutting_a_character() -> None:
    name = "阿" * 14 + "A·依古丽"
    head, extension = split_name(name)
    assert (len(head), len(extension)) == (30, 20)
    assert (head.rstrip(b"\x00") + extension.rstrip(b"\x00")).decode("gbk") == name


def test_a_name_gbk_cannot_write_does_not_fit() -> None:
    assert name_fits("测试")
    assert not name_fits("\U00020bb7野")
    assert not name_fits("长" * 26)


def test_cn_digits_are_left_aligned_and_padded_with_f() -> None:
    assert cn("123", 3).hex() == "123fff"


def test_numbers_of_a_card_follow_its_serial() -> None:
    assert card_number_of(42) == "A00000042"
    assert application_serial_of("03105000", 42) == "03105000000000000042"


def test_moments_have_the_offset_of_china() -> None:
    instant = datetime(2026, 1, 1, 16, 0, 0, 5000, tzinfo=UTC)
    assert moment_of(instant) == "2026-01-02T00:00:00.005+08:00"
    assert years_later(date(2024, 2, 29), 1) == date(2025, 3, 1)


def test_masked_text_keeps_no_name() -> None:
    assert masked("张三丰") == "张**"
    assert masked("500101199001011234") == "50**************34"


class _Inner(msgspec.Struct):
    number: int


class _Outer(msgspec.Struct):
    inner: _Inner
    many: list[_Inner]
    maybe: _Inner | None = None


def test_every_fault_of_a_value_is_found_with_its_path() -> None:
    value = {
        "inner": {"number": "1"},
        "many": [{"number": 1}, {}],
        "odd": 1,
        "maybe": {"number": 0.5},
    }
    faults = {fault.path: fault.expected for fault in find_faults(value, _Outer)}
    assert set(faults) == {"inner.number", "many[1].number", "odd", "maybe.number"}
    assert faults["odd"] == "no such field"


@pytest.mark.parametrize("text", ["a1", "a1\n", "xa1", "a1x", "", "b2", "b2\n"])
def test_an_exact_text_has_nothing_before_it_and_nothing_after(text: str) -> None:
    wanted = Annotated[str, exactly("a1|b2")]
    if text in ("a1", "b2"):
        assert msgspec.convert(text, wanted) == text
    else:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, wanted)


def test_every_pattern_of_a_request_is_exact() -> None:
    root = Path(card_platform.__file__).parent
    plain = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "Meta(pattern" in path.read_text(encoding="utf-8")
    ]
    assert plain == ["vocabulary/exact_text.py"]
