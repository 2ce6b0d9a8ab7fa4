"""The social security application SSSE (LD/T 32.4 to 32.6).

Reading order: `specification` (names, files EF05 and EF06, keys) · `applet` (the commands).
"""

from virtual_cards.applets.social_security.applet import SocialSecurity
from virtual_cards.applets.social_security.specification import (
    EF05_ITEMS,
    EF06_ITEMS,
    SSSE_NAME,
    Item,
)

__all__ = ["EF05_ITEMS", "EF06_ITEMS", "SSSE_NAME", "Item", "SocialSecurity"]
