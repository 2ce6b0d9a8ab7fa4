"""A metro gate: entry and exit, one complex purchase each (JT/T 978.2; docs/interfaces.md).

Rules: the gate decides alone, from its parameters and the card; the platform hears of it
afterwards. A decision is a value: `Admitted` or `TurnedAway` with a reason of the contract. Nothing
on the card changes before all reasons to turn it away are ruled out. A card that leaves the field
or answers nonsense raises; it was then neither admitted nor turned away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec

from virtual_cards.apdu import status_words as sw
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals import rail_records
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.terminals.gate_outcomes import (
    Admitted,
    Direction,
    RefusalReason,
    TurnedAway,
)
from virtual_cards.terminals.messages import Refusal, Tap
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.report_book import ReportBook
from virtual_cards.terminals.security_module import SecurityModule, SignedPurchase
from virtual_cards.terminals.transit_card import Initialised, PublicData, TransitCard

CHINA_STANDARD_TIME: Final = timezone(timedelta(hours=8), "CST")
Clock = Callable[[], datetime]
"""The time, with a zone; the gate writes it to cards as China standard time."""


@dataclass(frozen=True, slots=True)
class _Interrupted:
    """A purchase whose answer did not come: the tap without its TAC."""

    direction: Direction
    tap: Tap


class _TurnAway(Exception):
    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason)
        self.reason: RefusalReason = reason


class Gate:
    """One gate at one station."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        *,
        station: str,
        clock: Clock,
        line: PlatformLine | None = None,
    ) -> None:
        """`station` is the code of the parameters; without a `line` the reports only gather."""
        self._dialogue = CardDialogue(reader)
        self._module = security_module
        self._card = TransitCard(self._dialogue, security_module.terminal_number)
        self._station = station.upper()
        self._clock = clock
        self.reports = ReportBook(line)
        self._interrupted: _Interrupted | None = None
        self.use_parameters(parameters)

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new fares and a new revocation list."""
        self._parameters = parameters
        self._revoked = frozenset(
            serial.upper() for serial in parameters.revocation_list.application_serials
        )
        self._fares = {(f.entry.upper(), f.exit.upper()): f.fare_fen for f in parameters.fares}
        self._maximum_fare_fen = max(
            (fen for (entry, _), fen in self._fares.items() if entry == self._station), default=0
        )
        self._place = rail_records.GatePlace.of(
            city=parameters.city,
            operator=parameters.operator,
            line=parameters.line,
            station=self._station,
            terminal_number=self._module.terminal_number,
        )

    def enter(self) -> Admitted | TurnedAway:
        """Let a card in, and report it; `receipt` is None when the line is down.

        Raises as `pass_card`, and `PlatformRefuses` for a report of this or an earlier card.
        """
        self.reports.require_room()
        return self._report(self.pass_card(Direction.ENTRY))

    def leave(self) -> Admitted | TurnedAway:
        """Let a card out for its fare, and report it, as `enter`."""
        self.reports.require_room()
        return self._report(self.pass_card(Direction.EXIT))

    def pass_card(self, direction: Direction) -> Admitted | TurnedAway:
        """The card's part alone, without the platform.

        Raises `CardIsAbsent`, and `CardRefusesCommand` for a card that is no transit card.
        """
        self._dialogue.connect()
        started_s = time.perf_counter()
        self._card.select()
        card = self._card.read_public_data()
        at = self._clock().astimezone(CHINA_STANDARD_TIME)
        try:
            admitted = self._recover(direction, card) or self._admit(direction, card, at)
        except _TurnAway as decision:
            return self._turn_away(direction, card, decision.reason, at)
        finally:
            self._dialogue.reader.disconnect()
        return replace(admitted, card_duration_s=time.perf_counter() - started_s)

    def _admit(self, direction: Direction, card: PublicData, at: datetime) -> Admitted:
        self._check_card(card, at)
        rail_record = self._card.read_rail_record()
        is_entry = direction is Direction.ENTRY
        if rail_records.is_inside(rail_record) is is_entry:
            raise _TurnAway("missing-exit" if is_entry else "missing-entry")
        balance_fen = self._card.balance_fen()
        if is_entry and balance_fen < self._parameters.minimum_entry_balance_fen:
            raise _TurnAway("insufficient-balance")
        entry_station = None if is_entry else rail_records.entry_station(rail_record)
        amount_fen = 0 if entry_station is None else self._fare_fen(entry_station)
        initialised = self._initialize(amount_fen)
        after_fen = initialised.balance_fen - amount_fen
        moment = bytes.fromhex(at.strftime("%Y%m%d%H%M%S"))
        self._card.cache_journey(
            rail_records.journey(
                self._place,
                is_entry=is_entry,
                moment=moment,
                amount_fen=amount_fen,
                balance_after_fen=after_fen,
            )
        )
        self._card.cache_rail_record(
            rail_records.entered(
                rail_record,
                self._place,
                serial=card.serial,
                moment=moment,
                balance_fen=after_fen,
                maximum_fare_fen=self._maximum_fare_fen,
            )
            if is_entry
            else rail_records.left(rail_record, self._place, moment=moment, amount_fen=amount_fen)
        )
        signed = self._module.sign_purchase(
            initialised=initialised.raw,
            amount=amount_fen.to_bytes(4, "big"),
            kind=bytes([TransactionType.COMPLEX_PURCHASE]),
            moment=moment,
            card=card.key_factors,
        )
        tap = Tap(
            application_serial=card.application_serial,
            issuer=card.issuer.hex().upper(),
            kind=direction.value,
            station=self._station,
            entry_station=entry_station,
            amount_fen=amount_fen,
            balance_after_fen=after_fen,
            offline_sequence=initialised.sequence,
            terminal_sequence=int.from_bytes(signed.terminal_sequence, "big"),
            transaction_type=f"{TransactionType.COMPLEX_PURCHASE:02X}",
            date=at.strftime("%Y%m%d"),
            time=at.strftime("%H%M%S"),
            tac="",
        )
        self._interrupted = _Interrupted(direction, tap)
        tac = self._debit(signed, moment)
        self._interrupted = None
        return Admitted(direction, msgspec.structs.replace(tap, tac=tac), card_duration_s=0.0)

    def _check_card(self, card: PublicData, at: datetime) -> None:
        if card.application_serial in self._revoked:
            raise _TurnAway("card-on-revocation-list")
        today = at.strftime("%Y%m%d")
        if not card.valid_from <= today <= card.valid_until:
            raise _TurnAway("card-expired")

    def _fare_fen(self, entry_station: str) -> int:
        """The fare; an entry at a station without a fare to here is no entry of this line."""
        fare_fen = self._fares.get((entry_station, self._station))
        if fare_fen is None:
            raise _TurnAway("missing-entry")
        return fare_fen

    def _initialize(self, amount_fen: int) -> Initialised:
        response = self._card.initialize(TransactionType.COMPLEX_PURCHASE, amount_fen)
        if response.status == sw.INSUFFICIENT_BALANCE:
            raise _TurnAway("insufficient-balance")
        if response.status != sw.SUCCESS:
            raise _TurnAway("card-not-genuine")
        return Initialised.parse(response.data)

    def _debit(self, signed: SignedPurchase, moment: bytes) -> str:
        """The TAC, when card and PSAM have proved themselves to each other."""
        response = self._card.debit(signed.terminal_sequence, moment, signed.mac)
        if response.status != sw.SUCCESS or not self._module.confirms(response.data[4:8]):
            self._interrupted = None
            raise _TurnAway("card-not-genuine")
        return response.data[:4].hex().upper()

    def _recover(self, direction: Direction, card: PublicData) -> Admitted | None:
        """Ask a card that left before its answer whether its purchase happened (GET TRANSACTION
        PROVE).

        The PSAM may have signed for others since, so MAC2 cannot be checked any more; the platform
        checks the TAC.
        """
        interrupted = self._interrupted
        if interrupted is None or interrupted.direction is not direction:
            return None
        tap = interrupted.tap
        if tap.application_serial != card.application_serial:
            return None
        response = self._card.transaction_proof(
            TransactionType.COMPLEX_PURCHASE, tap.offline_sequence
        )
        self._interrupted = None
        if response.status != sw.SUCCESS:
            return None
        proved = msgspec.structs.replace(tap, tac=response.data[4:8].hex().upper())
        return Admitted(direction, proved, card_duration_s=0.0, recovered=True)

    def _turn_away(
        self, direction: Direction, card: PublicData, reason: RefusalReason, at: datetime
    ) -> TurnedAway:
        refusal = Refusal(
            application_serial=card.application_serial,
            reason=reason,
            station=self._station,
            at=at.isoformat(timespec="seconds"),
            revocation_list_version=self._parameters.revocation_list.version,
        )
        return TurnedAway(direction, reason, refusal)

    def _report(self, outcome: Admitted | TurnedAway) -> Admitted | TurnedAway:
        if isinstance(outcome, Admitted):
            return replace(outcome, receipt=self.reports.report_tap(outcome.tap))
        receipt = self.reports.report_refusal(outcome.refusal)
        return replace(outcome, refusal_id=None if receipt is None else receipt.refusal_id)
