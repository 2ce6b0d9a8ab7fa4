"""The structure the platform promises: one commit, and routes > service > store > model."""

from __future__ import annotations

import ast
from pathlib import Path

import card_platform
from scenarios.terms import term_in_chinese

_ROOT = Path(card_platform.__file__).parent
_HOUSE = _ROOT.parent
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


UNTRIED = {
    "account-needed": "sessions of staff stand on an account in every way to sign in",
    "appeal-too-late": "due work makes a case final as its time ends, and says so first",
    "bank-difference-moves-nothing": "lines that differ in words alone are explained, not booked",
    "bank-statement-too-large": "a statement of 10,000 lines takes too long to make",
    "card-numbers-used-up": "a region has 10**8 of them",
    "code-unknown": "a code is forgotten long after it has run out, which is said first",
    "joint-service-state-forbids": "both roads of an answer ask for the state before",
    "matter-decided-elsewhere": "two platforms for one line",
    "payout-files-race": "the race is tried on the pieces below it",
    "payout-status-too-large": "a batch of 10,000 lines takes too long to pay",
    "return-day-out-of-range": "another platform with a wrong clock",
    "return-state-forbids": "the exchange tells each answer once",
    "statement-not-asked": "another platform that answers what nobody asked",
}
"""Codes of refusals that no test and no scenario raises, with the reason."""


def test_every_refusal_is_named_by_a_test_or_a_scenario() -> None:
    """The code, its class, or its term in a feature; what is left is said in `UNTRIED`."""
    tests = [path for path in _HOUSE.glob("tests/**/*.py") if path.name != Path(__file__).name]
    tried = "\n".join(
        path.read_text(encoding="utf-8") for path in (*tests, *_HOUSE.glob("scenarios/**/*.py"))
    )
    features = "\n".join(
        path.read_text(encoding="utf-8") for path in _HOUSE.glob("scenarios/features/**/*.feature")
    )

    def is_tried(code: str, names: set[str]) -> bool:
        words = (code, *names, f"“{term_in_chinese(code)}”")
        return any(each in tried or each in features for each in words)

    untried = {code for code, names in _refusals().items() if not is_tried(code, names)}
    assert untried == set(UNTRIED)


def _refusals() -> dict[str, set[str]]:
    """Names of the classes by their code."""
    found: dict[str, set[str]] = {}
    for path in _ROOT.rglob("*refusals.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    text = ast.unparse(line)
                    if text.startswith("code = '"):
                        code = ast.literal_eval(text.removeprefix("code = "))
                        found.setdefault(code, set()).add(node.name)
    return found
