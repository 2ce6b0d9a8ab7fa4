"""When a scheme duplicates an item of the catalogue, exactly or nearly. Pure.

A scheme duplicates an item by what it is used for, not by what it is called: each says its uses in
a few words ("借阅图书", "公交乘车").

- Words are compared without width, case, spaces and punctuation, and without words that say nothing
  of the use (卡, 证, 码, 二维码, 电子, 服务, 专用, 办理, ...).
- *Exact*: every use of the scheme is, so written, a use of one item (NM-7c, CQ-6b).
- *Similar* (SC-c): in the same scene, at least half of the scheme's uses are alike a use of the
  item. Two uses are alike when one contains the other, or their pairs of neighbouring characters
  agree in at least `ALIKE_MIN` (Dice coefficient): a filler changes little of it, another
  activity much. Names count as one more use.
- Another scene with other uses is no duplicate, however alike the names sound.

Assumption: the text gives no measure; `ALIKE_MIN` and the half are ours, and tested on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

ALIKE_MIN = 0.5
SHARE_MIN = 0.5
CONTAINED_MIN = 2
"""Shortest use, in characters, that counts as contained in another."""
_EMPTY_WORDS = re.compile(
    "二维码|社会保障|一卡通|市民|居民|电子|服务|专用|专属|办理|使用|凭证|证件|智慧|便民|卡|证|码"
    "|qrcode|card|code|service"
)
_NO_LETTER = re.compile(r"[\W_]+")


class Likeness(StrEnum):
    """How near a scheme comes to an item."""

    EXACT = "exact"
    SIMILAR = "similar"
    NONE = "none"


def likeness(
    *,
    scheme_name: str,
    scheme_scene: str,
    scheme_uses: Sequence[str],
    item_name: str,
    item_scene: str,
    item_uses: Sequence[str],
) -> Likeness:
    """How near the scheme comes to the item."""
    listed = [one for one in (bare(each) for each in item_uses) if one]
    asked = [one for one in (bare(each) for each in scheme_uses) if one]
    if asked and all(one in listed for one in asked):
        return Likeness.EXACT
    if scheme_scene != item_scene:
        return Likeness.NONE
    if alike(bare(scheme_name), bare(item_name)):
        return Likeness.SIMILAR
    near = sum(any(alike(one, other) for other in listed) for one in asked)
    return Likeness.SIMILAR if asked and near / len(asked) >= SHARE_MIN else Likeness.NONE


def alike(first: str, second: str) -> bool:
    """Whether two bare texts say nearly the same."""
    if not first or not second:
        return False
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= CONTAINED_MIN and shorter in longer:
        return True
    return dice(first, second) >= ALIKE_MIN


def dice(first: str, second: str) -> float:
    """Twice the shared pairs of neighbouring characters over all pairs; 0 to 1."""
    pairs = [Counter(text[at : at + 2] for at in range(len(text) - 1)) for text in (first, second)]
    total = pairs[0].total() + pairs[1].total()
    return 2 * (pairs[0] & pairs[1]).total() / total if total else 0.0


def bare(text: str) -> str:
    """The text without what says nothing of the use."""
    plain = _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())
    return _EMPTY_WORDS.sub("", plain)
