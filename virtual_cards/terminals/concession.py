"""Concessions a terminal reads from a card: who travels free or cheaper, and until when.

Rules: only the freely readable file 01 of the certificates application; no key, no PIN, no name and
no number. A card without the application, or without certificates, has no concessions. The terminal
decides by the date what still holds; whether a certificate was withdrawn, only the platform knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from virtual_cards.apdu import status_words as sw
from virtual_cards.apdu.command import LE_MAX, CommandApdu
from virtual_cards.applets.certificates.certificate import CONCESSION_LENGTH, CertificateKind
from virtual_cards.applets.certificates.specification import CONCESSIONS
from virtual_cards.assumptions import CERTIFICATES_AID
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue, CardRefusesCommand

_INS_READ_RECORD: Final = 0xB2
_RECORD_BY_NUMBER: Final = CONCESSIONS.short_identifier << 3 | 0x04


@dataclass(frozen=True, slots=True)
class Concession:
    """The free part of a certificate; `region` is six digits of GB/T 2260."""

    kind: CertificateKind
    level: int
    valid_from: date
    valid_until: date
    region: str

    def holds_on(self, day: date) -> bool:
        """Whether the certificate is valid on this day, both ends included."""
        return self.valid_from <= day <= self.valid_until


def read_concessions(reader: Reader) -> tuple[Concession, ...]:
    """The concessions of the card in the reader, valid or not; powers the card.

    Raises as `concessions_of`.
    """
    dialogue = CardDialogue(reader)
    dialogue.connect()
    return concessions_of(dialogue)


def concessions_of(dialogue: CardDialogue) -> tuple[Concession, ...]:
    """The concessions of a powered card, valid or not; leaves their application selected.

    A record no terminal of this version understands is left out: another kind, a faulty date.
    Raises `CardIsAbsent`, and `CardRefusesCommand` for any other refusal than "not there".
    """
    try:
        dialogue.select_name(CERTIFICATES_AID)
    except CardRefusesCommand as refused:
        if refused.status != sw.FILE_NOT_FOUND:
            raise
        return ()
    found = []
    for number in range(1, CONCESSIONS.records_max + 1):
        record = _asked(
            dialogue, CommandApdu(0x00, _INS_READ_RECORD, number, _RECORD_BY_NUMBER, le=LE_MAX)
        )
        if record is None:
            break
        concession = _concession(record)
        if concession is not None:
            found.append(concession)
    return tuple(found)


def _asked(dialogue: CardDialogue, command: CommandApdu) -> bytes | None:
    """The answer; None when the application or the record is not there."""
    response = dialogue.exchange(command)
    if response.status in {sw.FILE_NOT_FOUND, sw.RECORD_NOT_FOUND}:
        return None
    if response.status != sw.SUCCESS:
        raise CardRefusesCommand(command, response.status)
    return response.data


def _concession(record: bytes) -> Concession | None:
    if len(record) != CONCESSION_LENGTH or record[0] not in set(CertificateKind):
        return None
    try:
        return Concession(
            CertificateKind(record[0]),
            record[1],
            _date(record[2:6]),
            _date(record[6:10]),
            record[10:13].hex(),
        )
    except ValueError:
        return None


def _date(value: bytes) -> date:
    """BCD YYYYMMDD."""
    digits = value.hex()
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
