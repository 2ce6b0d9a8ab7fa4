"""The certificates application: disability and veteran certificates, loaded after the card's issue.

Reading order: `certificate` (the record, ours) · `specification` (files, keys) · `applet`.
"""

from virtual_cards.applets.certificates.applet import Certificates
from virtual_cards.applets.certificates.certificate import Certificate, CertificateKind

__all__ = ["Certificate", "CertificateKind", "Certificates"]
