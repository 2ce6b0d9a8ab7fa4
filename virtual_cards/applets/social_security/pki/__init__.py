"""The certificate area of a third-generation card: SM2 key pair and certificates.

Everything here is of medium confidence: it was read from two public programs that write such cards
(sources [Z390] and [T10] of the card facts), not from a standard. Signing is lower still: no public
program shows the command, so ISO/IEC 7816-8 stands in.

Reading order: `specification` (names, files) · `commands` (typed) · `applet`.
"""

from virtual_cards.applets.social_security.pki.applet import (
    CertificateArea,
    CertificateEnvironment,
)

__all__ = ["CertificateArea", "CertificateEnvironment"]
