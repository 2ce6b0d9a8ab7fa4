"""Certificates on cards (NM-10c): written at a counter under the issuer's key, taken off again.

Rules:
- The platform makes the whole command for one chip and one challenge of it; the counter passes it
  on and never sees a key.
- A licence that answers is written as it is. One that does not is written as ended the day before:
  the card has no command that removes a certificate, and terminals read the days.
- A card that was given a certificate whose licence no longer answers stands on the list terminals
  fetch, so that no concession waits for the card to come back. Days gone by need no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, select

from card_platform.issuance.store import CARDS
from card_platform.keys import SecurityModule
from card_platform.services.licences import store
from card_platform.services.licences.model import (
    LEVELS,
    Licence,
    LicenceChanged,
    LicenceState,
)
from card_platform.services.licences.refusals import (
    CardTakesNoSuchLicence,
    LicenceIsAnothers,
    LicenceIsUnknown,
)
from card_platform.storage import Transaction
from card_platform.vocabulary.identifier import new_identifier
from card_platform.vocabulary.moment import Clock, moment_of

_KIND_BYTES = {"disability": 1, "veteran": 2}
_NUMBER_LENGTH = 20
_ISSUER_LENGTH = 40
_WITHOUT_END = "99991231"


@dataclass(frozen=True, slots=True)
class CertificateCommand:
    """The command for the card, as bytes; `what` is `load` or `end`."""

    writing_id: str
    what: str
    command: bytes


class CardWriting:
    """Writes certificates on cards through counters."""

    def __init__(self, keys: SecurityModule, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def command(
        self,
        tx: Transaction,
        licence_id: str,
        *,
        historical_bytes: str,
        challenge: str,
        by: str,
    ) -> CertificateCommand:
        """The command that writes a licence on the card with that chip, or ends it there.

        Raises:
            LicenceIsUnknown, CardTakesNoSuchLicence, LicenceIsAnothers.
        """
        licence = store.find(tx, licence_id)
        if licence is None:
            raise LicenceIsUnknown
        if licence.kind not in LEVELS:
            raise CardTakesNoSuchLicence
        holder = store.holder_of_chip(tx, historical_bytes)
        if holder is None or holder.document_number != licence.holder_document:
            raise LicenceIsAnothers
        now = self._clock.now()
        what = "load" if licence.silence(now.date()) is None else "end"
        record = _record(licence, None if what == "load" else now.date() - timedelta(days=1))
        command = self._keys.certificate_command(
            licence.kind.value, bytes.fromhex(historical_bytes), bytes.fromhex(challenge), record
        )
        writing_id, at = new_identifier("writing"), moment_of(now)
        store.add_writing(
            tx,
            writing_id=writing_id,
            licence_id=licence_id,
            card_id=holder.card_id,
            kind=licence.kind.value,
            what=what,
            at=at,
            by=by,
        )
        tx.emit(
            LicenceChanged(
                at=at,
                by=by,
                card_id=holder.card_id,
                licence_id=licence_id,
                kind=licence.kind.value,
                step=f"{what}-on-card",
                after=licence.state.value,
            )
        )
        return CertificateCommand(writing_id, what, command)


def withdrawn_certificates(tx: Transaction, today: date) -> list[tuple[str, str]]:
    """Purse (application serial) and kind of certificates on cards that terminals must not
    honour: no licence of that kind in force today is linked to the holder any more.
    """
    day = today.isoformat()
    writings, licences = store.CERTIFICATE_WRITINGS, store.LICENCES
    stands = (
        (licences.c.person_id == CARDS.c.person_id)
        & (licences.c.kind == writings.c.kind)
        & (licences.c.state == LicenceState.IN_FORCE.value)
        & (licences.c.valid_from <= day)
        & (licences.c.valid_until.is_(None) | (licences.c.valid_until >= day))
    )
    query = (
        select(CARDS.c.application_serial, writings.c.kind)
        .join(CARDS, CARDS.c.card_id == writings.c.card_id)
        .where((writings.c.what == "load") & ~exists().where(stands))
        .distinct()
        .order_by(CARDS.c.application_serial, writings.c.kind)
    )
    return [(serial, kind) for serial, kind in tx.select(query)]


def _record(licence: Licence, ended_on: date | None) -> bytes:
    """The 73 bytes of a certificate (docs/interfaces.md, section 1a)."""
    begins = licence.valid_from if ended_on is None else ended_on
    ends = licence.valid_until if ended_on is None else ended_on
    days = _digits(begins) + (_digits(ends) if ends else _WITHOUT_END)
    head = bytes((_KIND_BYTES[licence.kind.value], licence.level or 0))
    number = _filled(licence.number, _NUMBER_LENGTH)
    issuer = _filled(licence.issuer, _ISSUER_LENGTH)
    return head + bytes.fromhex(days + licence.region) + number + issuer


def _digits(day: date) -> str:
    """YYYYMMDD, also of the first centuries."""
    return day.isoformat().replace("-", "")


def _filled(text: str, length: int) -> bytes:
    try:
        field = text.encode("gbk")
    except UnicodeEncodeError:
        raise CardTakesNoSuchLicence from None
    if len(field) > length:
        raise CardTakesNoSuchLicence
    return field.ljust(length, b"\0")
