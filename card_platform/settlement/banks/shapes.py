"""Request and answer shapes of banks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from card_platform.issuance.application import IdentityDocument
from card_platform.regions.bank_policy import BankAgreement, BankCode, PartnerBank
from card_platform.settlement.banks.model import BankContract
from card_platform.vocabulary.exact_text import exactly
from card_platform.web.request_body import RequestBody


class FinancialChange(RequestBody, frozen=True):
    """The holder opens the financial function with the bank of their choice, or closes it."""

    action: Literal["open", "close"]
    document: IdentityDocument
    bank: BankCode | None = None


class Loading(RequestBody, frozen=True):
    """The account the bank has opened for the card."""

    account: Annotated[str, exactly(r"[0-9]{8,32}")]


class BankAnswer(msgspec.Struct, frozen=True):
    """A bank the holder may choose, under which agreement, until when."""

    code: str
    name_zh: str
    name_en: str
    document: str
    since: str
    until: str | None
    services: list[str]


class BanksAnswer(msgspec.Struct, frozen=True):
    """The banks of the day."""

    banks: list[BankAnswer]


class BankContractAnswer(msgspec.Struct, frozen=True):
    """A contract; of the account the last four digits."""

    contract_id: str
    card_id: str
    bank: str
    agreement: str
    state: str
    account: str | None
    opened_at: str
    loaded_at: str | None
    ended_at: str | None
    end_reason: str | None


class BankContractsAnswer(msgspec.Struct, frozen=True):
    """A page of a bank's contracts."""

    contracts: list[BankContractAnswer]
    next: str | None


def bank_answer(bank: PartnerBank, agreement: BankAgreement) -> BankAnswer:
    """A bank as it is told."""
    return BankAnswer(
        bank.code,
        bank.name_zh,
        bank.name_en,
        agreement.document,
        agreement.from_day.isoformat(),
        agreement.until.isoformat() if agreement.until else None,
        [each.value for each in agreement.services],
    )


def contract_answer(contract: BankContract) -> BankContractAnswer:
    """A contract as it is told."""
    names = BankContractAnswer.__struct_fields__
    told = {name: getattr(contract, name) for name in names}
    return BankContractAnswer(**{**told, "state": contract.state.value})
