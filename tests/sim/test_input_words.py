"""Every input of every model has its unit and its source in Chinese as well."""

from __future__ import annotations

import re

from sim.input_words import source_in_chinese, unit_in_chinese
from sim.models import MODELS
from sim.network_file.inputs import UNITS

NAMES = re.compile(r"\S+\.(?:com|cn)\S*|`[^`]*`|预设 busy|\d[a-z]+\b")
WORDS = re.compile(r"\b[a-z]{2,}\b")


def test_no_english_word_is_left_in_a_source_but_names_and_addresses() -> None:
    sources = {each.source for model in MODELS.values() for each in model.parameters}
    for model in MODELS.values():
        sources |= {source for preset in model.sources.values() for source in preset.values()}
    left = {
        source: words
        for source in sources
        if (words := WORDS.findall(NAMES.sub("", source_in_chinese(source))))
    }
    assert not left


def test_every_unit_has_its_chinese() -> None:
    units = {each.unit for model in MODELS.values() for each in model.parameters}
    units |= {*UNITS.values(), "s", "customers/s", "share of customers"}
    assert not {unit for unit in units if re.search("[a-z]", unit_in_chinese(unit))}


def test_lines_of_a_file_and_what_the_caller_set_are_told_in_chinese() -> None:
    assert source_in_chinese("hall.toml, line 8") == "hall.toml 第 8 行"
    assert source_in_chinese("set by the caller") == "由调用者设定"
    assert source_in_chinese("a page of 2031") == "a page of 2031"
