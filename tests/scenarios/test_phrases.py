"""Which step a text says."""

from __future__ import annotations

import pytest

from scenarios.phrases import find_step, in_both_languages
from scenarios.steps import care, care_elsewhere, places


@pytest.mark.parametrize(
    ("text", "module", "fields"),
    [
        ("“渝水医院”是3级定点医疗机构", care, {"place": "渝水医院", "level": 3}),
        (
            "“重庆”的“渝水医院”是3级定点医疗机构",
            care_elsewhere,
            {"region": "重庆", "place": "渝水医院", "level": 3},
        ),
    ],
)
def test_of_phrases_that_fit_the_one_with_most_words_of_its_own_is_said(
    text: str, module: object, fields: dict[str, object]
) -> None:
    found = find_step("given", text)
    assert found is not None
    assert found.function.__module__ == getattr(module, "__name__", None)
    assert found.fields == fields
    assert found.fixtures


def test_one_text_is_a_state_of_affairs_or_what_a_person_does() -> None:
    text = "居民“甲”由合作银行账户转入个人资金50.00元"
    for kind in ("given", "when"):
        found = find_step(kind, text)
        assert found is not None
        assert found.function.__module__ == places.__name__
    assert find_step("then", text) is None


def test_a_text_that_fits_no_phrase_stands_for_both_languages() -> None:
    assert find_step("given", "the moon") is None
    assert in_both_languages("the moon") == ("the moon", "the moon")
