"""The house stays plain: names, rooms, links, and what must stand in one place only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "card_platform",
    "life_histories",
    "loadtests",
    "reports",
    "scenarios",
    "sim",
    "testbed",
    "virtual_cards",
)
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINES_MAX = 320
NAMES_THAT_SAY_NOTHING = {
    "utils", "util", "helpers", "helper", "common", "misc", "manager", "base", "core",
    "handlers", "processor", "stuff", "tools",
}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_a_name_of_the_field_a_docstring_and_a_bearable_length(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in NAMES_THAT_SAY_NOTHING
    assert ast.get_docstring(ast.parse(text)), "a file opens by saying what it is"
    assert len(text.splitlines()) <= LINES_MAX


def test_no_room_is_empty() -> None:
    # migrations are read by Alembic as files, not imported
    packaged = [path for path in FILES if "migrations" not in path.parts]
    folders = {path.parent for path in packaged}
    inits = {path.parent for path in packaged if path.name == "__init__.py"}
    assert folders == inits, "every folder with code is a package"
    bare = [f for f in folders if not any(p.parent == f and p.stem != "__init__" for p in FILES)]
    rooms = [f for f in bare if not any(p.parent.parent == f for p in FILES)]
    assert not rooms


def test_commit_is_written_in_one_file() -> None:
    places = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "card_platform").rglob("*.py")
        if re.search(r"\.commit\(|[\"']COMMIT", path.read_text(encoding="utf-8"))
    ]
    assert places == ["card_platform/storage/unit_of_work.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_both_readmes_name_the_same_commands() -> None:
    commands = [
        set(re.findall(r"`((?:make|onecard) [^`]+)`", (ROOT / name).read_text(encoding="utf-8")))
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert commands[0] == commands[1]


def test_constraints_pin_exact_versions_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert lines
    assert not [
        line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line)
    ]


def test_the_import_rules_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
