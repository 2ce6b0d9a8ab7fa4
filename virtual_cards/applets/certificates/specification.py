"""Files of the certificates application: ours.

Rules: record n of file 01 and record n of file 02 are the same certificate, at most one of each
kind. Its first byte, the kind, is the identifier of a record. Files 03 and 04 hold the functions of
merged schemes in the same way, at most one of each scheme. UPDATE RECORD is closed: certificates
change only by WRITE CERTIFICATE, functions by WRITE FUNCTION and ERASE FUNCTION, both files at
once.
"""

from __future__ import annotations

from typing import Final

from virtual_cards.applets.certificates.certificate import (
    CONCESSION_LENGTH,
    DETAILS_LENGTH,
    CertificateKind,
)
from virtual_cards.applets.certificates.loaded_function import (
    HOLDER_NUMBER_LENGTH,
    SCHEME_LENGTH,
    TERM_LENGTH,
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
FUNCTIONS_MAX: Final = 16
"""Functions of merged schemes one card holds."""
FUNCTIONS: Final = ElementaryFile(
    "03",
    0x0003,
    0x03,
    Structure.LINEAR_VARIABLE,
    size=TERM_LENGTH,
    records_max=FUNCTIONS_MAX,
)
HOLDER_NUMBERS: Final = ElementaryFile(
    "04",
    0x0004,
    0x04,
    Structure.LINEAR_VARIABLE,
    size=SCHEME_LENGTH + HOLDER_NUMBER_LENGTH,
    records_max=FUNCTIONS_MAX,
    read=all_of(PIN),
)
FUNCTIONS_REFERENCE: Final = FUNCTIONS.short_identifier << 3
"""P2 of the commands for functions: the file by its short identifier (ISO/IEC 7816-4, APPEND
RECORD)."""
FUNCTIONS_KEY: Final = 0x03
"""Reference of the key of those who load functions; 01 and 02 are those of the certifiers."""
CERTIFICATES_DIRECTORY: Final = DedicatedFile(
    "certificates", (CONCESSIONS, DETAILS, FUNCTIONS, HOLDER_NUMBERS)
)
