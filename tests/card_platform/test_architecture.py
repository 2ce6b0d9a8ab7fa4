"""The structure the platform promises: one commit, and routes > service > store > model."""

from __future__ import annotations

import ast
from pathlib import Path

import card_platform

_ROOT = Path(card_platform.__file__).parent
_LAYERS = ("routes", "service", "store", "model")
_CONTEXTS = sorted(path.parent for path in _ROOT.rglob("store.py"))


def _imports(path: Path) -> set[str]:
    """Every module a file imports, names imported from packages included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_commit_is_written_in_one_file() -> None:
    files = [path for path in _ROOT.rglob("*.py") if ".commit(" in path.read_text("utf-8")]
    assert [path.relative_to(_ROOT).as_posix() for path in files] == ["storage/unit_of_work.py"]


def test_no_context_imports_upward() -> None:
    assert len(_CONTEXTS) >= 5
    for context in _CONTEXTS:
        package = ".".join(("card_platform", *context.relative_to(_ROOT).parts))
        for depth, layer in enumerate(_LAYERS):
            path = context / f"{layer}.py"
            if path.exists():
                above = {f"{package}.{name}" for name in _LAYERS[:depth]}
                assert not above & _imports(path), path


def test_only_app_and_what_starts_it_know_all_parts() -> None:
    joined = {"card_platform.app", "card_platform.server", "card_platform.use_cases"}
    joiners = {
        "app.py",
        "use_cases.py",
        "server.py",
        "workers.py",
        "installation.py",
        "back_office_process.py",
        "__main__.py",
    }
    for path in _ROOT.rglob("*.py"):
        if path.name not in joiners:
            assert not joined & _imports(path), path


def test_the_platform_imports_neither_cards_nor_models_of_cities() -> None:
    for path in _ROOT.rglob("*.py"):
        worlds = {name.split(".")[0] for name in _imports(path)}
        assert not worlds & {"virtual_cards", "sim", "scenarios", "testbed"}, path
