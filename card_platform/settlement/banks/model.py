"""The contract of a holder with a partner bank: its life as a table, and its event.

Rules (NM-15, CQ-10, NX-10c):
- The holder chooses the bank and opens the financial function, in person; nobody does it for them,
  and no other service asks whether it is open.
- The bank then loads the function: it names the account. Under an agreement that has ended it
  takes no new contract and loads none; what it holds goes on.
- A card has one contract at a time; another bank is chosen by closing and opening again.
- The contract ends with the function: closed by the holder, or with the card.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from card_platform.settlement.banks.refusals import BankContractStateForbids
from card_platform.storage import Event
from card_platform.vocabulary.life_table import state_after


class ContractState(StrEnum):
    """Where a contract is."""

    CHOSEN = "chosen"
    LOADED = "loaded"
    ENDED = "ended"


class ContractAction(StrEnum):
    """What may be done with a contract."""

    LOAD = "load"
    END = "end"


_S, _A = ContractState, ContractAction
BANK_CONTRACT_LIFE: dict[ContractState, dict[ContractAction, ContractState]] = {
    _S.CHOSEN: {_A.LOAD: _S.LOADED, _A.END: _S.ENDED},
    _S.LOADED: {_A.END: _S.ENDED},
    _S.ENDED: {},
}
CLOSED_BY_HOLDER, CARD_ENDED = "closed-by-holder", "card-ended"
"""Why a contract ended."""


def next_state(state: ContractState, action: ContractAction) -> ContractState:
    """The state after the action. Raises BankContractStateForbids: the table has no such row."""
    return state_after(BANK_CONTRACT_LIFE, state, action, BankContractStateForbids)


class BankContract(msgspec.Struct, frozen=True):
    """A card's contract with a bank.

    Attributes:
        agreement: the document under which the bank took it.
        account: the last four digits of the account at the bank; the whole is the bank's.
    """

    contract_id: str
    card_id: str
    bank: str
    agreement: str
    state: ContractState
    opened_at: str
    opened_by: str
    account: str | None = None
    loaded_at: str | None = None
    ended_at: str | None = None
    end_reason: str | None = None


class BankContractChanged(Event, frozen=True, kw_only=True):
    """A contract with a bank was opened, loaded or ended."""

    action: ClassVar[str] = "change-bank-contract"
    contract_id: str
    bank: str
    step: str

    @property
    def detail(self) -> str:
        """Step, bank, contract."""
        return f"{self.step} {self.bank}: {self.contract_id}"
