"""The issuer's side as a virtual part: key ceremony, hardware security module, made-up cards.

For work without a card platform: a test of a terminal, a card maker's bench. The platform has its
own keys and its own code for them; both grow the same keys from the same seed
(docs/interfaces.md, section 3), and `tests/agreement` compares them.

Reading order: `ceremony` (all master keys from one seed) · `security_module` (what is done with
them) · `figures` (loads and payments as told) · `transit_codes`, `medical_codes` · `commands` (PIN
reset, certificates) · `made_up_card` (personalisation images of people who do not exist).
"""

from virtual_cards.issuer.ceremony import MasterKeys, hold_ceremony
from virtual_cards.issuer.figures import LoadFigures, MedicalLoadFigures, MedicalPurchaseFigures
from virtual_cards.issuer.made_up_card import MadeUpHolder, card_image, psam_image
from virtual_cards.issuer.security_module import IssuerSecurityModule

__all__ = [
    "IssuerSecurityModule",
    "LoadFigures",
    "MadeUpHolder",
    "MasterKeys",
    "MedicalLoadFigures",
    "MedicalPurchaseFigures",
    "card_image",
    "hold_ceremony",
    "psam_image",
]
