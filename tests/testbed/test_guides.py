"""What the guide says of commands is what the code has, and what it says to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.testbed.onecard import call

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "virtual-cards.md"
PLANNER = ROOT / "docs" / "guides" / "planner.md"
PAGES = (GUIDE, PLANNER, ROOT / "README.md", ROOT / "README.zh-CN.md")


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
        for block in re.findall(r"^```\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
            found |= set(
                re.findall(r"^onecard ([a-z]+(?:(?<!plan) [a-z]+\b(?![.-]))?)", block, re.M)
            )
    return sorted(found)


@pytest.mark.parametrize("command", typed_commands())
def test_what_a_page_says_to_type_exists(command: str) -> None:
    answer = call(*command.split(), "--help")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith(f"Usage: onecard {command}")
