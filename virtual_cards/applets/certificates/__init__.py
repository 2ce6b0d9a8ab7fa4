"""The certificates application: disability and veteran certificates and the functions of merged
schemes, loaded after the card's issue.

Reading order: `certificate`, `loaded_function` (the records, ours; `bcd_date`) · `specification`
(files, keys) · `function_records` · `applet`.
"""

from virtual_cards.applets.certificates.applet import Certificates
from virtual_cards.applets.certificates.certificate import Certificate, CertificateKind
from virtual_cards.applets.certificates.loaded_function import LoadedFunction

__all__ = ["Certificate", "CertificateKind", "Certificates", "LoadedFunction"]
