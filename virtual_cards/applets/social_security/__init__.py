"""The social security application SSSE and what stands below it (LD/T 32.4 to 32.6).

Reading order: `profile` (versions 1.0, 2.0, 3.0 and the algorithm) · `specification` (SSSE: names,
files, keys) · `directories` (DF01 to DF04, as a table) · `applet` (the commands) · `medical` (the
purse in DF04) · `pki` (SM2 keys and certificates).
"""

from virtual_cards.applets.social_security.applet import SocialSecurity
from virtual_cards.applets.social_security.directories import DIRECTORIES
from virtual_cards.applets.social_security.profile import Profile, profile_of
from virtual_cards.applets.social_security.specification import (
    EF05_ITEMS,
    EF06_ITEMS,
    SSSE_NAME,
    Item,
)

__all__ = [
    "DIRECTORIES",
    "EF05_ITEMS",
    "EF06_ITEMS",
    "SSSE_NAME",
    "Item",
    "Profile",
    "SocialSecurity",
    "profile_of",
]
