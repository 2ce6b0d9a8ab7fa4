"""Tables and SQL of the medical accounts. A purse is named by its chip, a credit by its card."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, select, text

from card_platform.services.medical.model import (
    AuthorisedMedicalLoad,
    MedicalLoadRequest,
    Payment,
)
from card_platform.storage import Page, Paged, Statement, Transaction, page_of
from card_platform.storage.schema import METADATA

MEDICAL_CREDITS = Table(
    "medical_credits",
    METADATA,
    Column("credit_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("account", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id"), nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)

MEDICAL_LOADS = Table(
    "medical_loads",
    METADATA,
    Column("load_id", String, primary_key=True),
    Column("historical_bytes", String, nullable=False),
    Column("account", Integer, nullable=False),
    Column("terminal_number", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_before_fen", BigInteger, nullable=False),
    Column("online_sequence", Integer, nullable=False),
    Column("date", String, nullable=False),
    Column("time", String, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id")),
    Column("at", String, nullable=False),
    Index("ix_medical_loads_historical_bytes", "historical_bytes"),
    Index(
        "uq_medical_loads_confirmed",
        "historical_bytes",
        "online_sequence",
        unique=True,
        sqlite_where=text("posting_id IS NOT NULL"),
        postgresql_where=text("posting_id IS NOT NULL"),
    ),
)

MEDICAL_PAYMENTS = Table(
    "medical_payments",
    METADATA,
    Column("payment_id", String, primary_key=True),
    Column("historical_bytes", String, nullable=False),
    Column("account", Integer, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_after_fen", BigInteger, nullable=False),
    Column("terminal_number", String, nullable=False),
    Column("offline_sequence", Integer, nullable=False),
    Column("terminal_sequence", BigInteger, nullable=False),
    Column("date", String, nullable=False),
    Column("time", String, nullable=False),
    Column("tac", String, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id"), nullable=False),
    Column("at", String, nullable=False),
    Index(
        "uq_medical_payments_of_a_chip",
        "historical_bytes",
        "date",
        "offline_sequence",
        unique=True,
    ),
)

MEDICAL_CODE_SETTLEMENTS = Table(
    "medical_code_settlements",
    METADATA,
    Column("settlement_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("operator", String, nullable=False),
    Column("terminal_number", String, nullable=False),
    Column("bill", String, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("unpaid_fen", BigInteger, nullable=False),
    Column("posting_id", String, ForeignKey("postings.posting_id")),
    Column("at", String, nullable=False),
    Index("uq_medical_code_settlements_bill", "card_id", "operator", "bill", unique=True),
)

_ADD_CREDIT = Statement(
    'INSERT INTO medical_credits (credit_id, card_id, account, amount_fen, posting_id, at, "by")'
    " VALUES (:credit_id, :card_id, :account, :amount_fen, :posting_id, :at, :by)"
)
_ADD_LOAD = Statement(
    "INSERT INTO medical_loads (load_id, historical_bytes, account, terminal_number, amount_fen,"
    " balance_before_fen, online_sequence, date, time, at) VALUES (:load_id, :historical_bytes,"
    " :account, :terminal_number, :amount_fen, :balance_before_fen, :online_sequence, :date,"
    " :time, :at)"
)
_FIND_LOAD = Statement(
    "SELECT load_id, historical_bytes, account, terminal_number, amount_fen, balance_before_fen,"
    " online_sequence, date, time FROM medical_loads"
    " WHERE load_id = :load_id AND terminal_number = :terminal_number"
)
_OPEN = Statement(
    "SELECT CAST(COALESCE(SUM(largest_fen), 0) AS BIGINT) FROM"
    " (SELECT MAX(asked.amount_fen) AS largest_fen FROM medical_loads AS asked"
    " WHERE asked.historical_bytes = :historical_bytes AND asked.account = :account"
    " AND asked.online_sequence < :online_sequence AND NOT EXISTS"
    " (SELECT 1 FROM medical_loads AS taken"
    " WHERE taken.historical_bytes = asked.historical_bytes"
    " AND taken.online_sequence = asked.online_sequence AND taken.posting_id IS NOT NULL)"
    " GROUP BY asked.online_sequence) AS open_sequences"
)
_BEYOND_ALL_SEQUENCES = 0x1_0000
_ADD_SETTLEMENT = Statement(
    "INSERT INTO medical_code_settlements (settlement_id, card_id, operator, terminal_number,"
    " bill, amount_fen, unpaid_fen, posting_id, at) VALUES (:settlement_id, :card_id, :operator,"
    " :terminal_number, :bill, :amount_fen, :unpaid_fen, :posting_id, :at)"
    " ON CONFLICT (card_id, operator, bill) DO NOTHING"
)
_CONFIRMED = Statement(
    "SELECT COUNT(*) FROM medical_loads WHERE historical_bytes = :historical_bytes"
    " AND online_sequence = :online_sequence AND posting_id IS NOT NULL"
)
_CONFIRM_LOAD = Statement(
    "UPDATE medical_loads SET posting_id = :posting_id"
    " WHERE load_id = :load_id AND posting_id IS NULL"
)
_ADD_PAYMENT = Statement(
    "INSERT INTO medical_payments (payment_id, historical_bytes, account, amount_fen,"
    " balance_after_fen, terminal_number, offline_sequence, terminal_sequence, date, time, tac,"
    " posting_id, at) VALUES (:payment_id, :historical_bytes, :account, :amount_fen,"
    " :balance_after_fen, :terminal_number, :offline_sequence, :terminal_sequence, :date, :time,"
    " :tac, :posting_id, :at)"
    " ON CONFLICT (historical_bytes, date, offline_sequence) DO NOTHING"
)


def add_credit(tx: Transaction, **values: str | int) -> None:
    """Save a credit."""
    tx.run(_ADD_CREDIT, dict(values))


def add_load(tx: Transaction, load: AuthorisedMedicalLoad, at: str) -> None:
    """Save a load that was authorised."""
    tx.run(_ADD_LOAD, {**asdict(load), "at": at})


def find_load(tx: Transaction, load_id: str, terminal_number: str) -> AuthorisedMedicalLoad | None:
    """The load of that id that this terminal asked for."""
    rows = tx.rows(_FIND_LOAD, {"load_id": load_id, "terminal_number": terminal_number})
    return AuthorisedMedicalLoad(*rows[0]) if rows else None


def open_fen(tx: Transaction, asked: MedicalLoadRequest) -> int:
    """The largest load of the account under each lower sequence none is confirmed of, in sum."""
    return int(tx.rows(_OPEN, asdict(asked))[0][0])


def open_fen_of(tx: Transaction, historical_bytes: str, account: int) -> int:
    """The same over every sequence: all that loads allowed so far may still take."""
    asked = {"historical_bytes": historical_bytes, "account": account}
    return int(tx.rows(_OPEN, {**asked, "online_sequence": _BEYOND_ALL_SEQUENCES})[0][0])


def add_settlement(tx: Transaction, **values: str | int | None) -> bool:
    """Save a bill settled by code; False where the institution settled it before."""
    return tx.run(_ADD_SETTLEMENT, dict(values)) > 0


def is_confirmed(tx: Transaction, load: AuthorisedMedicalLoad) -> bool:
    """Whether a load of this online sequence of the card is confirmed."""
    return int(tx.rows(_CONFIRMED, asdict(load))[0][0]) > 0


def confirm_load(tx: Transaction, load_id: str, posting_id: str) -> None:
    """Mark a load confirmed by its posting."""
    tx.run(_CONFIRM_LOAD, {"load_id": load_id, "posting_id": posting_id})


def add_payment(tx: Transaction, payment: Payment, **values: str) -> bool:
    """Save a payment; False where the chip's payment of that day and sequence is known."""
    return tx.run(_ADD_PAYMENT, {**asdict(payment), **values}) > 0


def page_of_loads(tx: Transaction, historical_bytes: str, page: Page) -> Paged[dict[str, Any]]:
    """Loads of a purse, the latest first."""
    columns = MEDICAL_LOADS.c
    query = select(
        columns.load_id,
        columns.account,
        columns.amount_fen,
        columns.online_sequence,
        columns.terminal_number,
        columns.posting_id,
        columns.at,
    ).where(columns.historical_bytes == historical_bytes)
    return page_of(tx, query, [columns.at, columns.load_id], page, latest_first=True)


def page_of_payments(tx: Transaction, historical_bytes: str, page: Page) -> Paged[dict[str, Any]]:
    """Payments of a purse, the latest first."""
    columns = MEDICAL_PAYMENTS.c
    query = select(
        columns.payment_id,
        columns.account,
        columns.amount_fen,
        columns.balance_after_fen,
        columns.offline_sequence,
        columns.terminal_number,
        columns.posting_id,
        columns.at,
    ).where(columns.historical_bytes == historical_bytes)
    return page_of(tx, query, [columns.at, columns.payment_id], page, latest_first=True)


def page_of_settlements(tx: Transaction, card_id: str, page: Page) -> Paged[dict[str, Any]]:
    """Bills of a card settled by code, the latest first."""
    columns = MEDICAL_CODE_SETTLEMENTS.c
    query = select(
        columns.settlement_id,
        columns.bill,
        columns.amount_fen,
        columns.unpaid_fen,
        columns.terminal_number,
        columns.posting_id,
        columns.at,
    ).where(columns.card_id == card_id)
    return page_of(tx, query, [columns.at, columns.settlement_id], page, latest_first=True)
