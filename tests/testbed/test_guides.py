"""What the guide says of commands is what the code has, and what it says to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from testbed.guides import COLUMNS, Quote, as_quoted, quotes_of
from testbed.guides import PAGES as QUOTING_PAGES
from tests.testbed.onecard import call, call_here

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "virtual-cards.md"
PAGES = (GUIDE, *(path for path, _ in QUOTING_PAGES), ROOT / "README.md", ROOT / "README.zh-CN.md")
LONG = ("sim", "staffing")
"""Quoted commands that take more than a second or two begin so."""


def instructions_of_the_code() -> set[str]:
    """INS of every command a card or PSAM knows, by the names the code gives them."""
    found: set[str] = set()
    for folder in ("applets", "card_os"):
        for path in (ROOT / "virtual_cards" / folder).rglob("*.py"):
            found |= set(re.findall(r"^INS_\w+: Final = 0x(\w\w)$", path.read_text("utf-8"), re.M))
    assumptions = (ROOT / "virtual_cards" / "assumptions.py").read_text(encoding="utf-8")
    return found | set(re.findall(r"^INS_\w+: Final = 0x(\w\w)$", assumptions, re.M))


def instructions_of_the_guide() -> dict[str, str]:
    """INS by the last column of its line, the source."""
    text = GUIDE.read_text(encoding="utf-8")
    table = text[text.index("### Every command and its source") :]
    lines = re.findall(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", table, re.M)
    return {
        ins: source
        for command, source in lines
        for ins in re.findall(r"\b(?:00|04|80|84|B0|BF) ([0-9A-F]{2})\b", command)
    }


def test_the_guide_names_every_command_with_its_source_and_no_other() -> None:
    told = instructions_of_the_guide()
    assert set(told) == instructions_of_the_code()
    known = r"ISO/IEC|LD/T 32|PBOC|JR/T 0025|JT/T 978|EMV|ours|public"
    assert not [ins for ins, source in told.items() if not re.search(known, source)]


def typed_commands() -> list[str]:
    """Verbs of every `onecard` line in a block of a page, at most two words; what follows `plan` is
    a model.
    """
    found: set[str] = set()
    for page in PAGES:
        for block in re.findall(
            r"^```\w*\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S
        ):
            found |= set(
                re.findall(r"^onecard ([a-z]+(?:(?<!plan) [a-z]+\b(?![.-]))?)", block, re.M)
            )
    return sorted(found)


@pytest.mark.parametrize("command", typed_commands())
def test_what_a_page_says_to_type_exists(command: str) -> None:
    answer = call(*command.split(), "--help")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(f"Usage: onecard {command}")


def quoted() -> list[ParameterSet]:
    """Every quote of every page, with the language of the page; those that take long are marked."""
    return [
        pytest.param(
            quote, language, id=f"{language}: {quote.command}",
            marks=[pytest.mark.long] if quote.words[: len(LONG)] == LONG else [],
        )
        for path, language in QUOTING_PAGES
        for quote in quotes_of(path.read_text(encoding="utf-8"))
    ]  # fmt: skip


@pytest.mark.parametrize(("quote", "language"), quoted())
def test_a_guide_quotes_what_the_command_says(
    quote: Quote, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures that changed for a reason: `python -m testbed.guides`, and read what it names."""
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    answer = call_here(*quote.words, "--lang", language, cwd=tmp_path)
    assert answer.stderr == ""
    assert quote.text == as_quoted(answer.stdout)


def test_guides_in_both_languages_quote_the_same_commands() -> None:
    english, chinese = (
        [quote.command for quote in quotes_of(path.read_text(encoding="utf-8"))]
        for path, _ in QUOTING_PAGES
    )
    assert english == chinese
    assert len(english) > len({command.split()[2] for command in english}) > 1


def test_every_figure_of_a_guide_is_of_a_command_that_is_quoted() -> None:
    """No block of figures stands there that nobody would notice going wrong."""
    for path, _ in QUOTING_PAGES:
        page = path.read_text(encoding="utf-8")
        assert page.count("```text\n") == len([*quotes_of(page)])
        assert not re.search(r"^> ", page, re.M)


def test_what_is_wider_than_a_page_is_folded_in_either_script() -> None:
    assert as_quoted("a " * 60 + "\n") == ("a " * 50).rstrip() + "\n" + ("a " * 10).rstrip() + "\n"
    assert [len(line) for line in as_quoted("字" * 60).splitlines()] == [50, 10]
    assert as_quoted("one  \n\ntwo") == "one\n\ntwo\n"
