"""What every terminal at the transit purse shares: one purchase from SELECT to the report.

Rules: the terminal decides alone, from its parameters and the card; the platform hears of it
afterwards. Nothing on the card changes before all reasons to turn it away are ruled out. Before the
card is asked to pay, the journal knows; a card that left before its answer came is asked when it is
back (GET TRANSACTION PROVE), by this program or the one that follows it on the same journal. A card
that leaves the field or answers nonsense raises: it was then neither served nor turned away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

import msgspec

from virtual_cards.apdu import status_words as sw
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.terminals.concession import Concession, concessions_of
from virtual_cards.terminals.journal import Journal
from virtual_cards.terminals.moments import CHINA_STANDARD_TIME, Clock, card_moment
from virtual_cards.terminals.outcomes import RefusalReason, TurnedAway
from virtual_cards.terminals.parameters import TerminalParameters
from virtual_cards.terminals.platform_line import PlatformLine
from virtual_cards.terminals.reports import Purchase, Receipt, Refusal, Tap
from virtual_cards.terminals.security_module import SecurityModule, SignedPurchase
from virtual_cards.terminals.transit_card import (
    ORDINARY,
    CardType,
    Initialised,
    PublicData,
    TransitCard,
)

NO_STATION: Final = "0000"
"""What a terminal that stands at no station writes into a refusal."""

R = TypeVar("R", Tap, Purchase)


class Decline(Exception):
    """A decision to turn a card away, on its way out of the dialogue."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason)
        self.reason: RefusalReason = reason


@dataclass(frozen=True, slots=True)
class Visit:
    """A card at the terminal: who it is, when it came, what it shows of its holder."""

    card: PublicData
    at: datetime
    concessions: tuple[Concession, ...] = ()
    card_type: CardType = ORDINARY


@dataclass(frozen=True, slots=True)
class Act:
    """What a card is asked to pay for.

    A card that left before its answer came, and had paid for the same act not longer than
    `recover_within` ago, does not pay again; what is paid `once` no card pays for again at all.
    """

    name: str
    recover_within: timedelta | None = None
    once: bool = False

    def covers(self, begun: str, begun_at: datetime, now: datetime) -> bool:
        """Whether what a card was asked for then is this act."""
        in_time = self.recover_within is None or now - begun_at <= self.recover_within
        return begun == self.name and in_time


@dataclass(frozen=True, slots=True)
class Spending:
    """A purchase in the making; amounts in fen."""

    visit: Visit
    type: TransactionType
    amount_fen: int
    balance_after_fen: int
    offline_sequence: int

    @property
    def moment(self) -> bytes:
        """Date4 time3 of the purchase."""
        return card_moment(self.visit.at)


@dataclass(frozen=True, slots=True)
class Charge(Generic[R]):
    """What a terminal asks of a card: how much, which records with it, and what to report.

    `report` gets the sequence of the PSAM; its TAC is still empty.
    """

    type: TransactionType
    amount_fen: int
    report: Callable[[Spending, int], R]
    write_records: Callable[[Spending], None] | None = None


@dataclass(frozen=True, slots=True)
class Served(Generic[R]):
    """A card that paid."""

    report: R
    card_duration_s: float
    recovered: bool


class PurseTerminal:
    """A terminal with a reader, a PSAM, parameters and a journal."""

    def __init__(
        self,
        reader: Reader,
        security_module: SecurityModule,
        parameters: TerminalParameters,
        *,
        clock: Clock,
        line: PlatformLine | None = None,
        journal: Journal | None = None,
    ) -> None:
        """Without a `journal` it keeps one in memory; without a `line` the reports only gather.

        Raises `JournalIsAnothers`.
        """
        self.dialogue = CardDialogue(reader)
        self.module = security_module
        self.card = TransitCard(self.dialogue, security_module.terminal_number)
        self.clock = clock
        self.journal = journal or Journal()
        self.journal.belong_to(security_module.terminal_number)
        if line is not None:
            self.journal.use_line(line)
        self.use_parameters(parameters)

    def use_parameters(self, parameters: TerminalParameters) -> None:
        """Take new parameters and a new revocation list."""
        self.parameters = parameters
        self._revoked = frozenset(
            serial.upper() for serial in parameters.revocation_list.application_serials
        )
        self._withdrawn = frozenset(
            (each.application_serial.upper(), each.kind)
            for each in parameters.withdrawn_certificates
        )

    def now(self) -> datetime:
        """The time in China."""
        return self.clock().astimezone(CHINA_STANDARD_TIME)

    def serve(
        self,
        kind: type[R],
        act: Act,
        decide: Callable[[Visit], Charge[R]],
        *,
        station: str = NO_STATION,
        with_concessions: bool = False,
    ) -> Served[R] | TurnedAway:
        """One card, without the platform; what it paid stands in the journal afterwards.

        `with_concessions`, the card is asked for what its holder pays less by certificate or age.
        `decide` may raise `Decline`.

        Raises `CardIsAbsent`, `CardIsBlocked`, and `CardRefusesCommand` for a card that is no
        transit card.
        """
        self.dialogue.connect()
        started_s = time.perf_counter()
        by_certificate = with_concessions and self.parameters.concessions
        concessions = concessions_of(self.dialogue) if by_certificate else ()
        self.card.select()
        public = self.card.read_public_data()
        standing = tuple(
            each
            for each in concessions
            if (public.application_serial, each.kind.name.lower()) not in self._withdrawn
        )
        by_age = with_concessions and self.parameters.age_concessions
        card_type = self.card.read_card_type() if by_age else ORDINARY
        visit = Visit(public, self.now(), standing, card_type)
        try:
            report = self._paid(kind, act, visit) or self._recover(kind, act, visit)
            recovered = report is not None
            if report is None:
                self.require_valid(visit)
                report = self._charge(act, visit, decide(visit))
        except Decline as decision:
            return self._turn_away(visit, decision.reason, station)
        finally:
            self.dialogue.reader.disconnect()
        return Served(report, time.perf_counter() - started_s, recovered)

    def tell(self) -> Receipt | None:
        """Tell the platform what waits; the receipt of the last, None while the line is down.

        Raises `PlatformRefuses` for a report of this or an earlier card.
        """
        return self.journal.send()

    def tell_refusal(self, outcome: TurnedAway) -> Receipt | None:
        """Tell of a card that was turned away."""
        self.journal.write(outcome.refusal, self.now())
        return self.tell()

    def require_valid(self, visit: Visit) -> None:
        """Raise `Decline` for a card no terminal serves."""
        age_max_s = self.parameters.revocation_list_age_max_s
        if age_max_s is not None and self.parameters.revocation_list_age_s(visit.at) > age_max_s:
            raise Decline("revocation-list-too-old")
        if visit.card.application_serial in self._revoked:
            raise Decline("card-on-revocation-list")
        today = visit.at.strftime("%Y%m%d")
        if not visit.card.valid_from <= today <= visit.card.valid_until:
            raise Decline("card-expired")

    def _paid(self, kind: type[R], act: Act, visit: Visit) -> R | None:
        if not act.once:
            return None
        return self.journal.paid(visit.card.application_serial, kind, act.name)

    def _charge(self, act: Act, visit: Visit, charge: Charge[R]) -> R:
        initialised = self._initialize(charge.type, charge.amount_fen)
        spending = Spending(
            visit,
            charge.type,
            charge.amount_fen,
            initialised.balance_fen - charge.amount_fen,
            initialised.sequence,
        )
        if charge.write_records is not None:
            charge.write_records(spending)
        signed = self.module.sign_purchase(
            initialised=initialised.raw,
            amount=charge.amount_fen.to_bytes(4, "big"),
            kind=bytes([charge.type]),
            moment=spending.moment,
            card=visit.card.key_factors,
        )
        report = charge.report(spending, int.from_bytes(signed.terminal_sequence, "big"))
        serial = visit.card.application_serial
        self.journal.begin(serial, act.name, report, visit.at)
        tac = self._debit(signed, spending)
        report = msgspec.structs.replace(report, tac=tac)
        self.journal.write(report, visit.at, serial, act.name if act.once else None)
        return report

    def _initialize(self, kind: TransactionType, amount_fen: int) -> Initialised:
        response = self.card.initialize(kind, amount_fen)
        if response.status == sw.INSUFFICIENT_BALANCE:
            raise Decline("insufficient-balance")
        if response.status != sw.SUCCESS:
            raise Decline("card-not-genuine")
        return Initialised.parse(response.data)

    def _debit(self, signed: SignedPurchase, spending: Spending) -> str:
        """The TAC, when card and PSAM have proved themselves to each other.

        A wrong answer may be that of a card that has paid, corrupted on its way: what was begun
        stays begun, and the card is asked at its next visit.
        """
        response = self.card.debit(signed.terminal_sequence, spending.moment, signed.mac)
        if response.status != sw.SUCCESS or not self.module.confirms(response.data[4:8]):
            raise Decline("card-not-genuine")
        return response.data[:4].hex().upper()

    def _recover(self, kind: type[R], act: Act, visit: Visit) -> R | None:
        """Ask a card that left before its answer whether its purchase happened.

        What it paid is reported in any case; it counts for this visit when it was for the same act.
        The PSAM may have signed for others since, so MAC2 cannot be checked any more; the platform
        checks the TAC.
        """
        serial = visit.card.application_serial
        begun = self.journal.begun(serial, kind)
        if begun is None:
            return None
        begun_act, begun_at, report = begun
        response = self.card.transaction_proof(
            TransactionType(int(report.transaction_type, 16)), report.offline_sequence
        )
        if response.status != sw.SUCCESS:
            self.journal.abandon(serial, kind)
            return None
        proved = msgspec.structs.replace(report, tac=response.data[4:8].hex().upper())
        # What was begun for another bill is paid for that one.
        self.journal.write(proved, visit.at, serial, begun_act if act.once else None)
        return proved if act.covers(begun_act, begun_at, visit.at) else None

    def _turn_away(self, visit: Visit, reason: RefusalReason, station: str) -> TurnedAway:
        refusal = Refusal(
            application_serial=visit.card.application_serial,
            reason=reason,
            station=station,
            at=visit.at.isoformat(timespec="seconds"),
            revocation_list_version=self.parameters.revocation_list.version,
        )
        return TurnedAway(reason, refusal)
