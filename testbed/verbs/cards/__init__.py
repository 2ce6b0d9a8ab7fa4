"""`onecard cards`: virtual cards as files, in readers, as bytes, and by the hundred thousand.

Reading order: `card_group` (the verb they all belong to) · `single_card` (issue, insert, remove,
show, apdu, transcript) · `replayed_dialogue` (replay) · `whole_batch` (make, check, personalise).
Importing the package declares them.
"""

from testbed.verbs.cards import replayed_dialogue, single_card, whole_batch
from testbed.verbs.cards.card_group import cards

__all__ = ["cards", "replayed_dialogue", "single_card", "whole_batch"]
