"""Money is whole fen: no source of a money context computes with anything else, no column holds
anything else, and the ledger refuses anything else.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Float, Integer, MetaData, Numeric, String, Table, inspect
from sqlalchemy.types import TypeEngine

import card_platform
from card_platform.errors import Refusal
from card_platform.installation import Installation
from card_platform.services.medical.benefits.rounding import share_of
from card_platform.settlement.ledger.accounts import AccountName
from card_platform.settlement.ledger.model import TRANSFER_MAX_FEN, Entry, Posting, require_balanced
from card_platform.settlement.payouts.file_text import fen_of
from card_platform.storage.database import open_engine
from card_platform.storage.schema import METADATA
from card_platform.vocabulary.money import Fen

_ROOT = Path(card_platform.__file__).parent
MONEY = ("settlement", "services", "exchange/medical", "vocabulary/money.py")
"""Where money is counted."""
_SOURCES = [
    path
    for place in (_ROOT / each for each in MONEY)
    for path in (sorted(place.rglob("*.py")) if place.is_dir() else [place])
]
_INEXACT = {"float", "round", "Decimal", "Fraction", "complex"}
_MODULES = {"math", "decimal", "fractions", "statistics"}
_SQL = re.compile(r"\b(SELECT|INSERT|UPDATE)\b")
_SQL_INEXACT = re.compile(
    r"\bAVG\(|\bREAL\b|\bFLOAT\b|\bDOUBLE\b|\bNUMERIC\b|\bROUND\(|_fen\)* /|[0-9]\.[0-9]"
)
_SECONDS = re.compile(r"[A-Z_]+_S")
"""A name that holds a number of seconds, which may be broken."""


def inexact_in(source: str) -> list[str]:
    """What a source computes with besides whole numbers, each with its line."""
    tree = ast.parse(source)
    seconds = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and all(
            isinstance(each, ast.Name) and _SECONDS.fullmatch(each.id)
            for each in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
    }
    found = []
    for node in ast.walk(tree):
        what = None
        if isinstance(node, ast.Constant):
            if isinstance(node.value, float | complex) and id(node) not in seconds:
                what = repr(node.value)
            elif isinstance(node.value, str) and _SQL.search(node.value):
                inexact = _SQL_INEXACT.search(node.value)
                what = inexact and f"SQL {inexact[0]}"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            what = "/"
        elif isinstance(node, ast.Name) and node.id in _INEXACT:
            what = node.id
        elif isinstance(node, ast.Import):
            what = next((each.name for each in node.names if each.name in _MODULES), None)
        elif isinstance(node, ast.ImportFrom) and node.module in _MODULES:
            what = node.module
        if what:
            found.append(f"{getattr(node, 'lineno', 0)}: {what}")
    return found


def inexact_columns(columns: Iterable[tuple[str, str, TypeEngine[object]]]) -> list[str]:
    """Columns that hold broken numbers, or fen in anything but a whole number."""
    return [
        f"{table}.{name}"
        for table, name, kind in columns
        if isinstance(kind, Numeric | Float)
        or (name.endswith("_fen") and not isinstance(kind, Integer))
    ]


def test_no_source_of_a_money_context_computes_with_broken_numbers() -> None:
    assert len(_SOURCES) > 200
    found = {
        str(path.relative_to(_ROOT)): wrong
        for path in _SOURCES
        if (wrong := inexact_in(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("fare_fen = 2.0", "1: 2.0"),
        ("half = amount_fen / 2", "1: /"),
        ("amount_fen /= 2", "1: /"),
        ("\nx = float(amount_fen)", "2: float"),
        ("x = round(amount_fen, -2)", "1: round"),
        ("from decimal import Decimal", "1: decimal"),
        ("import math", "1: math"),
        ("_S = Statement('SELECT AVG(amount_fen) FROM entries')", "1: SQL AVG("),
        ("_S = Statement('UPDATE entries SET amount_fen = amount_fen * 0.5')", "1: SQL 0.5"),
        ("_S = Statement('SELECT SUM(amount_fen) / 2 FROM entries')", "1: SQL _fen) /"),
        ("def f(a: float) -> int: ...", "1: float"),
    ],
)
def test_each_kind_of_broken_number_would_be_found(source: str, what: str) -> None:
    assert inexact_in(source) == [what]


def test_whole_numbers_and_seconds_are_not_found() -> None:
    assert inexact_in("LOOK_EVERY_S = 30.0\nWAIT_S: float = 0.5") == ["2: float"]
    assert inexact_in("share = (fen * percent + 50) // 100\na, b = divmod(fen, 100)") == []


def test_no_column_holds_a_broken_number(installation: Installation) -> None:
    declared = [
        (table.name, column.name, column.type)
        for table in METADATA.tables.values()
        for column in table.columns
    ]
    assert sum(name.endswith("_fen") for _, name, _ in declared) > 30
    assert inexact_columns(declared) == []
    engine = open_engine(installation.database.url)
    try:
        there = inspect(engine)
        held = [
            (table, each["name"], each["type"])
            for table in there.get_table_names()
            for each in there.get_columns(table)
        ]
    finally:
        engine.dispose()
    assert sum(name.endswith("_fen") for _, name, _ in held) > 30
    assert inexact_columns(held) == [], "as the database has them"


def test_a_column_of_broken_numbers_would_be_found() -> None:
    table = Table(
        "t", MetaData(), Column("a", Float), Column("b_fen", String), Column("c_fen", Integer)
    )
    columns = [(table.name, each.name, each.type) for each in table.columns]
    assert inexact_columns(columns) == ["t.a", "t.b_fen"]


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 3))
def test_the_ledger_refuses_any_amount_that_is_no_whole_number(amount: float, place: int) -> None:
    amounts: list[float] = [5, -5, 7, -7]
    amounts.insert(place, amount)
    amounts.append(-amount)  # it comes to nothing, and is refused all the same
    entries = tuple(Entry(AccountName("a:b"), Fen(each)) for each in amounts)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="posting-does-not-balance"):
        require_balanced(Posting("a", "test", entries))


@given(st.integers(0, TRANSFER_MAX_FEN), st.integers(0, 100))
def test_a_share_is_exact_and_no_fen_is_made_or_lost(amount_fen: int, percent: int) -> None:
    share_fen = share_of(amount_fen, percent)
    assert type(share_fen) is int
    assert 0 <= share_fen <= amount_fen
    assert -Fraction(1, 2) < share_fen - Fraction(amount_fen * percent, 100) <= Fraction(1, 2)


@given(st.integers(0, 10**15 - 1))
def test_yuan_are_read_to_the_fen(amount_fen: int) -> None:
    assert fen_of(f"{amount_fen // 100}.{amount_fen % 100:02d}") == amount_fen
