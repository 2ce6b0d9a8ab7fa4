"""Tables and SQL of contracts with banks."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, text, update

from card_platform.settlement.banks.model import BankContract, ContractState
from card_platform.storage import Page, Paged, Transaction, page_of
from card_platform.storage.history import History
from card_platform.storage.schema import METADATA

_GOES_ON = text("state <> 'ended'")

BANK_CONTRACTS = Table(
    "bank_contracts",
    METADATA,
    Column("contract_id", String, primary_key=True),
    Column("card_id", String, ForeignKey("cards.card_id"), nullable=False),
    Column("bank", String, nullable=False),
    Column("agreement", String, nullable=False),
    Column("state", String, nullable=False),
    Column("account", String),
    Column("opened_at", String, nullable=False),
    Column("opened_by", String, nullable=False),
    Column("loaded_at", String),
    Column("ended_at", String),
    Column("end_reason", String),
    Index(
        "uq_bank_contracts_of_card",
        "card_id",
        unique=True,
        sqlite_where=_GOES_ON,
        postgresql_where=_GOES_ON,
    ),
    Index("ix_bank_contracts_of_bank", "bank", "contract_id"),
)
CHANGES = History("bank_contract_changes", "bank_contracts.contract_id")


def add(tx: Transaction, contract: BankContract) -> None:
    """Save a new contract."""
    tx.execute(insert(BANK_CONTRACTS).values(msgspec.structs.asdict(contract)))


def save(tx: Transaction, contract: BankContract) -> None:
    """Save what became of a contract."""
    by_id = BANK_CONTRACTS.c.contract_id == contract.contract_id
    tx.execute(update(BANK_CONTRACTS).where(by_id).values(msgspec.structs.asdict(contract)))


def find_to_change(tx: Transaction, contract_id: str) -> BankContract | None:
    """The contract of that id, locked until the transaction ends."""
    query = select(BANK_CONTRACTS).where(BANK_CONTRACTS.c.contract_id == contract_id)
    return _one(tx, query.with_for_update())


def of_card(tx: Transaction, card_id: str) -> BankContract | None:
    """The card's contract that goes on."""
    return _one(tx, _of_card(card_id))


def of_card_to_change(tx: Transaction, card_id: str) -> BankContract | None:
    """The same, locked until the transaction ends."""
    return _one(tx, _of_card(card_id).with_for_update())


def _of_card(card_id: str) -> Any:
    goes_on = BANK_CONTRACTS.c.state != ContractState.ENDED.value
    return select(BANK_CONTRACTS).where(BANK_CONTRACTS.c.card_id == card_id, goes_on)


def page_of_bank(tx: Transaction, bank: str, page: Page) -> Paged[BankContract]:
    """A page of a bank's contracts, in the order of their opening."""
    query = select(BANK_CONTRACTS).where(BANK_CONTRACTS.c.bank == bank)
    return page_of(tx, query, [BANK_CONTRACTS.c.contract_id], page).made(_contract_of)


def _one(tx: Transaction, query: Any) -> BankContract | None:
    row = tx.execute(query).one_or_none()
    return None if row is None else _contract_of(dict(row._mapping))


def _contract_of(values: dict[str, Any]) -> BankContract:
    return BankContract(**{**values, "state": ContractState(values["state"])})
