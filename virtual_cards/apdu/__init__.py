"""APDUs: bytes only, no card. Commands, responses, status words, BER-TLV (ISO/IEC 7816-3, 7816-4).

Reading order: `command` · `response` · `status_words` · `tlv`.
"""

from virtual_cards.apdu.command import CommandApdu
from virtual_cards.apdu.response import Refused, Response
from virtual_cards.apdu.tlv import Tlv, TlvIsFaulty

__all__ = ["CommandApdu", "Refused", "Response", "Tlv", "TlvIsFaulty"]
