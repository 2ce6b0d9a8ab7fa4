"""Keys of cards: ciphers, message authentication, diversification, session keys.

Reading order: `ciphers` (SM4, 3DES on blocks) · `mac` · `diversification` (parent -> child) ·
`sessions` (purse session keys, social security authentication) · `algorithms` (all of it by the
algorithm of a card, secure messaging) · `store` (the keys of an applet and their tries).
"""

from virtual_cards.keys.algorithms import Algorithm, CipherTextIsFaulty
from virtual_cards.keys.diversification import (
    card_factor,
    city_factor,
    diversify_sm4,
    diversify_triple_des,
    province_factor,
)
from virtual_cards.keys.mac import DesMac, des_mac
from virtual_cards.keys.sessions import authentication_value, load_session, purchase_session
from virtual_cards.keys.store import KeyStore

__all__ = [
    "Algorithm",
    "CipherTextIsFaulty",
    "DesMac",
    "KeyStore",
    "authentication_value",
    "card_factor",
    "city_factor",
    "des_mac",
    "diversify_sm4",
    "diversify_triple_des",
    "load_session",
    "province_factor",
    "purchase_session",
]
