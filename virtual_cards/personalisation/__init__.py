"""From a personalisation image to a card, and from a card to a snapshot that can be stored.

Reading order: `faults` (all faults at once) · `card_image`, `psam_image` (docs/interfaces.md,
sections 1 and 2) · `build` (image or snapshot -> card) · `storage` (a card in a file between two
commands).
"""

from virtual_cards.personalisation.build import PersonalisedCard, load_card, load_psam
from virtual_cards.personalisation.card_image import CardImage
from virtual_cards.personalisation.faults import Fault, ImageIsFaulty
from virtual_cards.personalisation.psam_image import PsamImage
from virtual_cards.personalisation.storage import load_stored_card, load_stored_psam, store_card

__all__ = [
    "CardImage",
    "Fault",
    "ImageIsFaulty",
    "PersonalisedCard",
    "PsamImage",
    "load_card",
    "load_psam",
    "load_stored_card",
    "load_stored_psam",
    "store_card",
]
