"""Files of the certificates application: ours.

Rules: record n of file 01 and record n of file 02 are the same certificate, at most one of each
kind. Its first byte, the kind, is the identifier of a record. UPDATE RECORD is closed: certificates
change only by WRITE CERTIFICATE, both files at once.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.applets.certificates.certificate import (
    CONCESSION_LENGTH,
    DETAILS_LENGTH,
    CertificateKind,
)
from virtual_cards.files import (
    DedicatedFile,
    ElementaryFile,
    RecordIdentifier,
    Structure,
    all_of,
)
from virtual_cards.files.access import PIN

CONCESSIONS: Final = ElementaryFile(
    "01",
    0x0001,
    0x01,
    Structure.LINEAR_VARIABLE,
    size=CONCESSION_LENGTH,
    records_max=len(CertificateKind),
    record_identifier=RecordIdentifier.TAG,
)
DETAILS: Final = ElementaryFile(
    "02",
    0x0002,
    0x02,
    Structure.LINEAR_VARIABLE,
    size=DETAILS_LENGTH,
    records_max=len(CertificateKind),
    read=all_of(PIN),
    record_identifier=RecordIdentifier.TAG,
)
CERTIFICATES_DIRECTORY: Final = DedicatedFile("certificates", (CONCESSIONS, DETAILS))
