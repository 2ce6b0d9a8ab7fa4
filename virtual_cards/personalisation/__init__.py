"""From a personalisation image to a card, and from a card to a snapshot that can be stored.

Reading order: `faults` (all faults at once) · `card_image`, `social_security_image`, `area_images`,
`transit_image`, `psam_image` (docs/interfaces.md, sections 1 and 2; `image.schema.json` says the
same to other programs) · `build`, `social_security_build` (image or snapshot -> card) · `storage`
(a card in a file between two commands) · `batch` (cards by the hundred thousand, one a line).
"""

from pathlib import Path
from typing import Final

from virtual_cards.personalisation.batch import (
    BatchLine,
    BatchWriter,
    CardOfBatch,
    FaultyLine,
    read_batch,
    write_batch,
)
from virtual_cards.personalisation.build import PersonalisedCard, load_card, load_psam
from virtual_cards.personalisation.card_image import CardImage
from virtual_cards.personalisation.faults import Fault, ImageIsFaulty
from virtual_cards.personalisation.psam_image import PsamImage
from virtual_cards.personalisation.storage import (
    StoredCard,
    load_stored_card,
    load_stored_psam,
    store_card,
)

IMAGE_SCHEMA: Final = Path(__file__).with_name("image.schema.json")
"""JSON Schema (2020-12) of the personalisation image, versions 1 and 2."""

__all__ = [
    "IMAGE_SCHEMA",
    "BatchLine",
    "BatchWriter",
    "CardImage",
    "CardOfBatch",
    "Fault",
    "FaultyLine",
    "ImageIsFaulty",
    "PersonalisedCard",
    "PsamImage",
    "StoredCard",
    "load_card",
    "load_psam",
    "load_stored_card",
    "load_stored_psam",
    "read_batch",
    "store_card",
    "write_batch",
]
