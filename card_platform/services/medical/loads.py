"""Loading a medical purse in two steps: the card asks (MAC1), the platform allows (MAC2), the card
confirms (TAC). Only the confirmation moves money in the ledger, so the permission must see to it
that there will be credit when the confirmation comes.

How much credit is free. A card counts its loads with the online sequence, and the sequence goes on
only when a load was taken. So a load that asks with sequence n tells that under every lower
sequence one load was taken. Where none of a lower sequence is confirmed, its receipt is still on
its way (the terminal lost the line): which of the loads allowed under that sequence was taken is
not known, but it was one of them, at most the largest. Loads allowed under n itself do not count:
the card takes one of them at most, and each was covered by itself. Both accounts share one
sequence; of a sequence asked for both, the largest of each is held back from each.

The card's row is locked from the first look at its loads to the end of the request, so that two
permissions, or a permission and a confirmation, never judge by the same credit.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import CardId
from card_platform.issuance.store import find_state_of_chip
from card_platform.keys import SecurityModule
from card_platform.keys.medical_codes import MedicalLoad
from card_platform.services.medical import store
from card_platform.services.medical.model import (
    AuthorisedMedicalLoad,
    MedicalLoadAuthorised,
    MedicalLoadRequest,
    MedicalPurseLoaded,
    load_posting,
)
from card_platform.services.medical.refusals import (
    MedicalCreditIsInsufficient,
    MedicalPurseIsUnknown,
)
from card_platform.services.purse_refusals import (
    CardIsNotActive,
    LoadBalanceDiffers,
    LoadIsConfirmed,
    LoadIsUnknown,
    MacIsWrong,
    TacIsWrong,
)
from card_platform.settlement.ledger import Ledger
from card_platform.settlement.ledger.accounts import medical_credit_account
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


@dataclass(frozen=True, slots=True)
class MedicalLoadPermit:
    """The platform's leave to load, and the date and time it is taken over."""

    load_id: str
    date: str
    time: str
    mac2: str


def find_medical_purse(
    tx: Transaction, historical_bytes: str, *, to_change: bool = False
) -> tuple[CardId, CardState, str]:
    """Card, state and region of a chip; with `to_change`, others wait until this request ends.

    Raises:
        MedicalPurseIsUnknown: it is not one of this platform.
    """
    found = find_state_of_chip(tx, historical_bytes, to_change=to_change)
    if found is None:
        raise MedicalPurseIsUnknown(historical_bytes=historical_bytes)
    return found


class MedicalLoads:
    """Authorises and confirms loads."""

    def __init__(self, keys: SecurityModule, ledger: Ledger, clock: Clock) -> None:
        self._keys = keys
        self._ledger = ledger
        self._clock = clock

    def authorise(
        self, tx: Transaction, asked: MedicalLoadRequest, caller: Caller
    ) -> MedicalLoadPermit:
        """Check MAC1 and credit, and give MAC2.

        Raises:
            MedicalPurseIsUnknown, CardIsNotActive, MacIsWrong, MedicalCreditIsInsufficient: as
                they say.
        """
        card_id, state, region = find_medical_purse(tx, asked.historical_bytes, to_change=True)
        if state is not CardState.ACTIVE:
            raise CardIsNotActive(state=state.value)
        figures = _figures(asked, caller.terminal_number)
        chip = bytes.fromhex(asked.historical_bytes)
        session = self._keys.medical_load_session(
            region, chip, bytes.fromhex(asked.random), figures.online_sequence
        )
        if not hmac.compare_digest(figures.mac1(session), bytes.fromhex(asked.mac1)):
            raise MacIsWrong
        self._require_credit(tx, asked, card_id)
        now = self._clock.now()
        date, time = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
        load = AuthorisedMedicalLoad(
            load_id=new_identifier("medical-load"),
            historical_bytes=asked.historical_bytes,
            account=asked.account,
            terminal_number=caller.terminal_number,
            amount_fen=asked.amount_fen,
            balance_before_fen=asked.balance_before_fen,
            online_sequence=asked.online_sequence,
            date=date,
            time=time,
        )
        at = moment_of(now)
        store.add_load(tx, load, at)
        tx.emit(
            MedicalLoadAuthorised(
                at=at,
                by=caller.name,
                card_id=card_id,
                account=asked.account,
                amount_fen=asked.amount_fen,
            )
        )
        mac2 = figures.mac2(session, bytes.fromhex(date), bytes.fromhex(time))
        return MedicalLoadPermit(load.load_id, date, time, mac2.hex().upper())

    def confirm(
        self, tx: Transaction, load_id: str, tac: str, balance_after_fen: int, caller: Caller
    ) -> str:
        """Check the card's TAC and post the money; the posting's id.

        Raises:
            LoadIsUnknown, LoadIsConfirmed, LoadBalanceDiffers, TacIsWrong: as they say.
        """
        load = store.find_load(tx, load_id, caller.terminal_number)
        if load is None:
            raise LoadIsUnknown(load_id=load_id)
        card_id, _state, region = find_medical_purse(tx, load.historical_bytes, to_change=True)
        if store.is_confirmed(tx, load):
            raise LoadIsConfirmed(online_sequence=f"{load.online_sequence:04X}")
        expected_fen = load.balance_before_fen + load.amount_fen
        if balance_after_fen != expected_fen:
            raise LoadBalanceDiffers(expected_fen=expected_fen, found_fen=balance_after_fen)
        receipt = (
            bytes.fromhex(tac),
            balance_after_fen,
            bytes.fromhex(load.date),
            bytes.fromhex(load.time),
        )
        figures = _figures(load, load.terminal_number)
        chip = bytes.fromhex(load.historical_bytes)
        if not self._keys.medical_load_tac_is_right(figures, region, chip, receipt):
            raise TacIsWrong
        posting_id = self._ledger.post(tx, load_posting(load, card_id))
        store.confirm_load(tx, load_id, posting_id)
        tx.emit(
            MedicalPurseLoaded(
                at=moment_of(self._clock.now()),
                by=caller.name,
                card_id=card_id,
                account=load.account,
                amount_fen=load.amount_fen,
            )
        )
        return posting_id

    def _require_credit(self, tx: Transaction, asked: MedicalLoadRequest, card_id: str) -> None:
        credit_fen = self._ledger.balance(tx, medical_credit_account(card_id, asked.account))
        free_fen = credit_fen - store.open_fen(tx, asked)
        if asked.amount_fen > free_fen:
            raise MedicalCreditIsInsufficient(
                account=asked.account, free_fen=max(free_fen, 0), asked_fen=asked.amount_fen
            )


def _figures(load: MedicalLoadRequest | AuthorisedMedicalLoad, terminal_number: str) -> MedicalLoad:
    return MedicalLoad(
        balance_before_fen=load.balance_before_fen,
        amount_fen=load.amount_fen,
        account=load.account,
        terminal=bytes.fromhex(terminal_number),
        online_sequence=load.online_sequence.to_bytes(2, "big"),
    )
