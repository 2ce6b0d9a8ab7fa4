"""Loading a purse online, in two steps: the platform's MAC2 before the card changes, the card's TAC
after it.

Rules: both purses, transit and medical, are loaded the same way; what differs is behind `Purse`.
What the platform permitted stands in the journal until its TAC is known: a card that left in the
middle is asked when it is back, by this program or the next on the same journal, and its holder
pays once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, Self

from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.messages import (
    LoadAuthorisation,
    LoadConfirmation,
    LoadConfirmationRequest,
)
from virtual_cards.terminals.reports import PermittedLoad


@dataclass(frozen=True, slots=True)
class LoadReceipt:
    """A load that is on the card and booked; amounts in fen.

    `application_serial` is the serial of a transit purse, for a medical one its historical bytes.
    """

    load_id: str
    posting_id: str
    application_serial: str
    amount_fen: int
    balance_before_fen: int
    balance_after_fen: int
    online_sequence: int
    tac: str
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class AskedLoad:
    """What the card answered when it was asked to be loaded."""

    balance_before_fen: int
    online_sequence: int
    key_version: int
    algorithm: int
    random: bytes
    mac1: bytes

    @classmethod
    def parse(cls, answer: bytes) -> Self:
        """Balance4 (may be below zero) sequence2 key version1 algorithm1 random4 MAC1 4."""
        return cls(
            int.from_bytes(answer[:4], "big", signed=True),
            int.from_bytes(answer[4:6], "big"),
            answer[6],
            answer[7],
            answer[8:12],
            answer[12:16],
        )


class LoadablePurse(Protocol):
    """One purse of the card in the reader, and the platform's routes for it."""

    @property
    def identity(self) -> str:
        """What tells this purse from all others, in the journal too."""
        ...

    def initialize_load(self, amount_fen: int) -> AskedLoad:
        """The card's wish. Raises `CardRefusesCommand`, `CardIsAbsent`."""
        ...

    def authorise(self, asked: AskedLoad, amount_fen: int) -> LoadAuthorisation:
        """The platform's leave. Raises the errors of the line."""
        ...

    def credit(self, moment: bytes, mac: bytes) -> bytes:
        """The card takes the money: its TAC."""
        ...

    def proof_of_load(self, online_sequence: int) -> bytes | None:
        """The TAC of the load with this sequence; None when the card did not take it."""
        ...

    def confirm(self, load_id: str, body: LoadConfirmationRequest, key: str) -> LoadConfirmation:
        """Book it. Raises the errors of the line."""
        ...


def load(purse: LoadablePurse, journal: Journal, amount_fen: int) -> LoadReceipt:
    """Load a purse; when this card left in the middle of its last load here and had taken the
    money, that load is finished instead, and its receipt says `recovered`.

    Raises `CardIsAbsent`, `CardRefusesCommand`, `JournalIsFull`, and the errors of the line; call
    it again with the same card to learn what became of the load.
    """
    if recovered := recover_load(purse, journal):
        return recovered
    journal.require_room()
    asked = purse.initialize_load(amount_fen)
    authorised = purse.authorise(asked, amount_fen)
    permitted = PermittedLoad(
        authorised.load_id, amount_fen, asked.balance_before_fen, asked.online_sequence
    )
    journal.begin(purse.identity, "load", permitted, datetime.now(UTC))
    moment = bytes.fromhex(authorised.date + authorised.time)
    tac = purse.credit(moment, bytes.fromhex(authorised.mac2))
    return _confirm(purse, journal, permitted, tac)


def recover_load(purse: LoadablePurse, journal: Journal) -> LoadReceipt | None:
    """Finish the load this card left in the middle of; None when there is none to finish.

    Raises as `load`.
    """
    begun = journal.begun(purse.identity, PermittedLoad)
    if begun is None:
        return None
    _act, _at, permitted = begun
    tac = purse.proof_of_load(permitted.online_sequence)
    if tac is None:
        # Nothing moved: the permission lapses with the sequence it was given for.
        journal.abandon(purse.identity, PermittedLoad)
        return None
    return replace(_confirm(purse, journal, permitted, tac), recovered=True)


def _confirm(
    purse: LoadablePurse, journal: Journal, permitted: PermittedLoad, tac: bytes
) -> LoadReceipt:
    after_fen = permitted.balance_before_fen + permitted.amount_fen
    confirmed = purse.confirm(
        permitted.load_id,
        LoadConfirmationRequest(tac.hex().upper(), after_fen),
        f"load-confirmation-{permitted.load_id}",
    )
    journal.abandon(purse.identity, PermittedLoad)
    return LoadReceipt(
        permitted.load_id,
        confirmed.posting_id,
        purse.identity,
        permitted.amount_fen,
        permitted.balance_before_fen,
        after_fen,
        permitted.online_sequence,
        tac.hex().upper(),
    )
