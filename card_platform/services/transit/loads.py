"""Loading a purse in two steps: the card asks (MAC1), the platform allows (MAC2), the card
confirms (TAC). Only the confirmation moves money in the ledger.

A load that is never confirmed (the card left the field) leaves the card's online sequence as it
was; the card asks again with the same one. So one online sequence is confirmed once.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from card_platform.issuance.lifecycle import CardState
from card_platform.issuance.model import CardId
from card_platform.issuance.store import find_state_of_application
from card_platform.keys import SecurityModule
from card_platform.keys.transaction_codes import Load
from card_platform.regions import RegionPolicy
from card_platform.services.purse_refusals import (
    CardIsNotActive,
    LoadBalanceDiffers,
    LoadIsConfirmed,
    LoadIsUnknown,
    MacIsWrong,
    TacIsWrong,
)
from card_platform.services.transit import store
from card_platform.services.transit.model import (
    AuthorisedLoad,
    LoadAuthorised,
    LoadRequest,
    PurseLoaded,
    load_posting,
)
from card_platform.services.transit.refusals import PurseIsUnknown
from card_platform.settlement.ledger import Ledger
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web.authentication import Caller


@dataclass(frozen=True, slots=True)
class LoadPermit:
    """The platform's leave to load, and the date and time it is taken over."""

    load_id: str
    date: str
    time: str
    mac2: str


def find_purse(
    tx: Transaction,
    policy: RegionPolicy,
    issuer: str,
    application_serial: str,
    *,
    to_change: bool = False,
) -> tuple[CardId, CardState]:
    """The card of a purse and its state; with `to_change`, others wait until this request ends.

    Raises:
        PurseIsUnknown: it is not one of this platform.
    """
    found = find_state_of_application(tx, application_serial, to_change=to_change)
    if found is None or issuer != policy.transit.issuer_id:
        raise PurseIsUnknown(application_serial=application_serial)
    return found


class Loads:
    """Authorises and confirms loads."""

    def __init__(
        self, policy: RegionPolicy, keys: SecurityModule, ledger: Ledger, clock: Clock
    ) -> None:
        self._policy = policy
        self._keys = keys
        self._ledger = ledger
        self._clock = clock

    def authorise(self, tx: Transaction, asked: LoadRequest, caller: Caller) -> LoadPermit:
        """Check MAC1 and give MAC2.

        Raises:
            PurseIsUnknown, CardIsNotActive, MacIsWrong: as they say.
        """
        card_id, state = find_purse(tx, self._policy, asked.issuer, asked.application_serial)
        if state is not CardState.ACTIVE:
            raise CardIsNotActive(state=state.value)
        figures = _figures(asked, caller.terminal_number)
        session = self._keys.load_session(
            bytes.fromhex(asked.issuer),
            bytes.fromhex(asked.application_serial),
            bytes.fromhex(asked.random),
            figures.online_sequence,
        )
        if not hmac.compare_digest(figures.mac1(session), bytes.fromhex(asked.mac1)):
            raise MacIsWrong
        now = self._clock.now()
        date, time = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
        load = AuthorisedLoad(
            load_id=new_identifier("load"),
            application_serial=asked.application_serial,
            issuer=asked.issuer,
            terminal_number=caller.terminal_number,
            amount_fen=asked.amount_fen,
            balance_before_fen=asked.balance_before_fen,
            online_sequence=asked.online_sequence,
            date=date,
            time=time,
            posting_id=None,
        )
        at = moment_of(now)
        store.add_load(tx, load, at)
        tx.emit(LoadAuthorised(at=at, by=caller.name, card_id=card_id, amount_fen=asked.amount_fen))
        mac2 = figures.mac2(session, bytes.fromhex(date), bytes.fromhex(time))
        return LoadPermit(load.load_id, date, time, mac2.hex().upper())

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
        card_id, _state = find_purse(
            tx, self._policy, load.issuer, load.application_serial, to_change=True
        )
        if store.is_confirmed(tx, load):
            raise LoadIsConfirmed(online_sequence=load.online_sequence)
        expected_fen = load.balance_before_fen + load.amount_fen
        if balance_after_fen != expected_fen:
            raise LoadBalanceDiffers(expected_fen=expected_fen, found_fen=balance_after_fen)
        receipt = (
            bytes.fromhex(tac),
            balance_after_fen,
            bytes.fromhex(load.date),
            bytes.fromhex(load.time),
        )
        issuer, serial = bytes.fromhex(load.issuer), bytes.fromhex(load.application_serial)
        figures = _figures(load, load.terminal_number)
        if not self._keys.load_tac_is_right(figures, issuer, serial, receipt):
            raise TacIsWrong
        posting_id = self._ledger.post(tx, load_posting(load))
        store.confirm_load(tx, load_id, posting_id)
        at = moment_of(self._clock.now())
        tx.emit(PurseLoaded(at=at, by=caller.name, card_id=card_id, amount_fen=load.amount_fen))
        return posting_id


def _figures(load: LoadRequest | AuthorisedLoad, terminal_number: str) -> Load:
    return Load(
        balance_before_fen=load.balance_before_fen,
        amount_fen=load.amount_fen,
        terminal=bytes.fromhex(terminal_number),
        online_sequence=bytes.fromhex(load.online_sequence),
    )
