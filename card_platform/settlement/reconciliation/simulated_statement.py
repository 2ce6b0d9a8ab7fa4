"""The file of a simulated bank's day, from its own book, and the faults it can be told to make.

Rules: it reads no table of the platform. Its faults are drawn by a seed, so the same call gives the
same file. Money it returns for an order of nobody's stands in its book as any return does.
"""

from __future__ import annotations

import random
from typing import Final

import msgspec
from sqlalchemy import func, select

from card_platform.settlement.bank_orders import simulated_bank_store as book
from card_platform.settlement.payouts.tables import BANK_FILE_CREDITS, BANK_FILES
from card_platform.settlement.reconciliation.model import (
    Line,
    Result,
    reference_of_credit,
    reference_of_file,
)
from card_platform.settlement.reconciliation.statement_file import Header, write_file
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier

EXTRA_FEN: Final = 100
"""What a line too many is about."""


class Faults(msgspec.Struct, frozen=True):
    """How many lines of a file are wrong, and which by the seed."""

    seed: int = 1
    missing: int = 0
    extra: int = 0
    wrong_amounts: int = 0
    wrong_results: int = 0


def statement_text(tx: Transaction, bank: str, day: str, faults: Faults) -> tuple[Header, str]:
    """The file as the bank sends it, and its header."""
    lines = _with_faults(_lines_of(tx, bank, day), day, faults)
    header = Header(bank, day, len(lines), sum(each.amount_fen for each in lines))
    return header, "".join(write_file(header, lines))


def return_stray_money(tx: Transaction, bank: str, amount_fen: int, at: str) -> str:
    """Have the bank return money nobody here ordered; the reference it names."""
    reference = new_identifier("stray")
    book.add(
        tx,
        order_id=reference,
        bank=bank,
        contract_id="-",
        amount_fen=amount_fen,
        refused_because=None,
        settles_at="",  # on no day: of this the book has the return alone
        returns_at=at,
        return_reason="account-unknown",
        told_return=0,
    )
    return reference


def _lines_of(tx: Transaction, bank: str, day: str) -> list[Line]:
    """Every line of a day, by reference."""
    orders, returns = book.booked_on(tx, bank, day)
    lines = [
        Line(order_id, Result.SETTLED if refused is None else Result.REFUSED, fen, at)
        for order_id, fen, refused, at in orders
    ]
    lines += [Line(order_id, Result.RETURNED, fen, at) for order_id, fen, at in returns]
    refused_fen = (
        select(func.coalesce(func.sum(BANK_FILE_CREDITS.c.amount_fen), 0))
        .where(
            BANK_FILE_CREDITS.c.file == BANK_FILES.c.file,
            BANK_FILE_CREDITS.c.refused_because.is_not(None),
        )
        .scalar_subquery()
    )
    files = select(BANK_FILES.c.file, BANK_FILES.c.sum_fen - refused_fen, BANK_FILES.c.settles_at)
    files = files.where(
        BANK_FILES.c.bank == bank, func.substr(BANK_FILES.c.settles_at, 1, 10) == day
    )
    for file, fen, at in tx.select(files):
        lines.append(Line(reference_of_file(file), Result.SETTLED, int(fen), at))
    of = BANK_FILE_CREDITS.c
    back = select(of.file, of.line, of.amount_fen, of.returns_at)
    back = back.where(of.bank == bank, func.substr(of.returns_at, 1, 10) == day)
    for file, line, fen, at in tx.select(back):
        lines.append(Line(reference_of_credit(file, line), Result.RETURNED, fen, at))
    return sorted(lines)


def _with_faults(lines: list[Line], day: str, faults: Faults) -> list[Line]:
    drawn = random.Random(faults.seed)  # noqa: S311 - faults of a test, drawn again by their seed
    order = list(range(len(lines)))
    drawn.shuffle(order)
    wrong, order = order[: faults.wrong_amounts], order[faults.wrong_amounts :]
    turned = [place for place in order if lines[place].result is not Result.RETURNED]
    turned = turned[: faults.wrong_results]
    missing = set([place for place in order if place not in turned][: faults.missing])
    for place in wrong:
        lines[place] = lines[place]._replace(amount_fen=lines[place].amount_fen + 1)
    for place in turned:
        was = lines[place].result
        now = Result.REFUSED if was is Result.SETTLED else Result.SETTLED
        lines[place] = lines[place]._replace(result=now)
    kept = [line for place, line in enumerate(lines) if place not in missing]
    for number in range(faults.extra):
        reference = f"own-{faults.seed}-{number + 1}"
        kept.append(Line(reference, Result.SETTLED, EXTRA_FEN, f"{day}T12:00:00.000+08:00"))
    return kept
