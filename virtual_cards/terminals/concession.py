"""Concessions a terminal reads from a card: who travels free or cheaper, and until when.

Rules: only the freely readable file 01 of the certificates application; no key, no PIN, no name and
no number. A card without the application, or without certificates, has no concessions. The terminal
decides by the date what still holds; whether a certificate was withdrawn, only the platform knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virtual_cards.applets.certificates.certificate import CONCESSION_LENGTH, CertificateKind
from virtual_cards.applets.certificates.specification import CONCESSIONS
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals.card_dialogue import CardDialogue
from virtual_cards.terminals.certificate_records import date_of, records_of


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
    found = (_concession(record) for record in records_of(dialogue, CONCESSIONS))
    return tuple(each for each in found if each is not None)


def _concession(record: bytes) -> Concession | None:
    if len(record) != CONCESSION_LENGTH or record[0] not in set(CertificateKind):
        return None
    try:
        return Concession(
            CertificateKind(record[0]),
            record[1],
            date_of(record[2:6]),
            date_of(record[6:10]),
            record[10:13].hex(),
        )
    except ValueError:
        return None
