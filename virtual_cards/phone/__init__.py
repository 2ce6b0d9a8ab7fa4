"""The holder's phone: a key pair of its own, a signing, and the code it shows.

The platform makes the codes (docs/decisions/0011); the phone proves itself with each request.
"""

from virtual_cards.phone.phone import NotSigned, Phone, ShownCode

__all__ = ["NotSigned", "Phone", "ShownCode"]
