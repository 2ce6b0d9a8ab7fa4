"""Taking journals: signatures first, then each record by the work of its own route.

Rules:
- Signatures are verified in a read: 500 take half a second, which no writer has.
- A request is one transaction, a record one part of it: a refused record undoes itself only.
- A record's client id is that of the direct route, so one that arrived there and whose answer was
  lost gets that answer, and one that comes there later gets the answer given here.
- A fault of the platform (not a refusal) fails the request and nothing is taken: the terminal keeps
  its journal and sends it again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from card_platform.errors import Refusal
from card_platform.keys.sm2 import signature_is_right
from card_platform.services.journal import store
from card_platform.services.journal.model import (
    JournalTaken,
    Place,
    Record,
    SignedRecord,
    digest_of,
    new_records,
    signed_text,
)
from card_platform.services.journal.refusals import JournalSignatureIsWrong, TerminalHasNoKey
from card_platform.services.terminals.certificates import require_in_force
from card_platform.services.terminals.store import get_terminal
from card_platform.storage import Transaction
from card_platform.vocabulary.faults import Fault
from card_platform.vocabulary.moment import Clock, moment_of
from card_platform.web import Caller, ExpressRoute
from card_platform.web.idempotency import do_once, read_client_id
from card_platform.web.problem_details import problem_of
from card_platform.web.request_body import read_body


class RecordProblem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a record was refused: what the direct route would have said."""

    code: str
    detail_zh: str
    detail_en: str
    faults: list[Fault] = []


class JournalReference(msgspec.Struct, frozen=True):
    """All that is kept of an answer: the records keep their own."""

    first: int
    last: int
    accepted_through: int


class Journal:
    """Takes the journals of terminals.

    Args:
        reports: the route of each kind of record.
    """

    def __init__(self, reports: Mapping[str, ExpressRoute], clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    def verify(
        self, tx: Transaction, records: Sequence[Record], caller: Caller
    ) -> list[SignedRecord]:
        """The records with their digests, when every signature is right; reads only.

        Raises:
            TerminalHasNoKey, CertificateIsNotInForce, JournalSignatureIsWrong: as they say.
        """
        number = caller.terminal_number
        public_key = get_terminal(tx, number).public_key
        if public_key is None:
            raise TerminalHasNoKey(terminal_number=number)
        require_in_force(tx, number, moment_of(self._clock.now()))
        key = bytes.fromhex(public_key)
        verified = []
        for record in records:
            signed = signed_text(number, record)
            if not signature_is_right(key, signed, bytes.fromhex(record.signature)):
                raise JournalSignatureIsWrong(sequence=record.sequence)
            verified.append(SignedRecord(record, digest_of(signed)))
        return verified

    def take(
        self, tx: Transaction, records: Sequence[SignedRecord], caller: Caller
    ) -> JournalReference:
        """Take what is new of verified records.

        Raises:
            JournalHasGap: they do not continue the journal.
        """
        number = caller.terminal_number
        first, last = records[0].record.sequence, records[-1].record.sequence
        place = store.open_journal(tx, number)
        new = new_records(records, place, store.digests(tx, number, first, last))
        at = moment_of(self._clock.now())
        refused = sum(not self._take_record(tx, each, caller, at) for each in new)
        if new:
            place = Place(new[-1].record.sequence, new[-1].digest)
            store.advance(tx, number, place)
            tx.emit(
                JournalTaken(
                    at=at,
                    by=caller.name,
                    first=new[0].record.sequence,
                    last=place.sequence,
                    refused=refused,
                )
            )
        return JournalReference(first, last, place.sequence)

    def _take_record(self, tx: Transaction, signed: SignedRecord, caller: Caller, at: str) -> bool:
        """Do the work of one record and keep what it was answered; whether it was taken."""
        answer = problem = None
        try:
            answer = self._work(tx, signed.record, caller, at)
        except Refusal as refusal:
            told = problem_of(refusal)
            if refusal.trace is not None:
                tx.emit(refusal.trace)
            kept = RecordProblem(told.code, told.detail_zh, told.detail_en, told.faults)
            problem = msgspec.json.encode(kept)
        store.add_record(
            tx, caller.terminal_number, signed, answer=answer, problem=problem, taken_at=at
        )
        return answer is not None

    def _work(self, tx: Transaction, record: Record, caller: Caller, at: str) -> bytes:
        report = self._reports[record.kind]
        body = record.body.encode("utf-8")
        client = read_client_id(caller.name, record.key, f"POST {report.path}", body)
        return do_once(tx, client, at, report.work(read_body(body, report.body), caller))
