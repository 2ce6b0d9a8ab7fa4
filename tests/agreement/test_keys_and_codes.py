"""Platform and card compute the same keys and codes, each by its own code, from the same bytes.

A formula that both sides had wrong in the same way would pass here; that is what the published
values in tests/vectors are for, and each side is tested against them by itself.
"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from card_platform.keys import diversification as platform_diversification
from card_platform.keys import transaction_codes as platform
from card_platform.keys.security_module import SecurityModule
from card_platform.keys.seed import KeySeed
from virtual_cards.applets.transit import tac as card_tac
from virtual_cards.issuer import IssuerSecurityModule, hold_ceremony
from virtual_cards.keys import diversification as card_diversification
from virtual_cards.keys.mac import des_mac
from virtual_cards.keys.sessions import authentication_value, load_session, purchase_session


def octets(length: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=length, max_size=length)


key16, factor8, random4, sequence2 = octets(16), octets(8), octets(4), octets(2)
terminal6, terminal_sequence4, moment7 = octets(6), octets(4), octets(7)
amounts = st.integers(0, 2**31 - 1)


def four(amount_fen: int) -> bytes:
    return amount_fen.to_bytes(4, "big")


@given(key16, st.from_regex(r"[1-6][0-9]{5}", fullmatch=True), octets(13))
def test_a_card_key_of_the_social_security_application(
    master: bytes, region: str, historical: bytes
) -> None:
    province = region[:2].encode() + b"0000sh"
    zhejiang = region.startswith("33")  # its cities share the key of their prefecture
    city = region[:4].encode() + b"00sx" if zhejiang else region.encode() + b"sx"
    child = card_diversification.diversify_sm4(master, province)
    child = card_diversification.diversify_sm4(child, city)
    child = card_diversification.diversify_sm4(child, historical[-8:])
    assert child == platform_diversification.social_security_card_key(master, region, historical)


@given(key16, factor8, octets(10))
def test_a_card_key_of_the_purse(master: bytes, issuer: bytes, serial: bytes) -> None:
    on_card = card_diversification.diversify_triple_des(
        card_diversification.diversify_triple_des(master, issuer), serial[-8:]
    )
    on_platform = platform_diversification.transit_child(
        platform_diversification.transit_child(master, issuer),
        platform_diversification.serial_factor(serial),
    )
    assert on_card == on_platform


@given(key16, octets(8), octets(8))
def test_authentication_of_card_and_terminal(key: bytes, process: bytes, original: bytes) -> None:
    assert authentication_value(key, process, original) == platform.authentication_value(
        key, process, original
    )


@given(key16, key16, random4, sequence2, amounts, amounts, terminal6, moment7)
def test_the_codes_of_a_load(
    dlk: bytes,
    dtk: bytes,
    random: bytes,
    sequence: bytes,
    before_fen: int,
    amount_fen: int,
    terminal: bytes,
    moment: bytes,
) -> None:
    session = load_session(dlk, random, sequence)
    assert session == platform.load_session_key(dlk, random, sequence)
    asked = four(amount_fen) + b"\x02" + terminal
    load = platform.Load(before_fen, amount_fen, terminal, sequence)
    assert load.mac1(session) == des_mac(session, four(before_fen) + asked)
    assert load.mac2(session, moment[:4], moment[4:]) == des_mac(session, asked + moment)
    receipt = card_tac.load_tac(
        card_tac.tac_key(dtk),
        balance_after=four(before_fen),
        online=sequence,
        amount=four(amount_fen),
        kind=b"\x02",
        terminal=terminal,
        moment=moment,
    )
    assert load.tac(dtk, before_fen, moment[:4], moment[4:]) == receipt


@given(
    key16, key16, random4, sequence2, terminal_sequence4, amounts, terminal6, moment7,
    st.sampled_from([0x06, 0x09]),
)  # fmt: skip
def test_the_codes_of_a_purchase(
    dpk: bytes,
    dtk: bytes,
    random: bytes,
    sequence: bytes,
    terminal_sequence: bytes,
    amount_fen: int,
    terminal: bytes,
    moment: bytes,
    kind: int,
) -> None:
    session = purchase_session(dpk, random, sequence, terminal_sequence)
    assert session == platform.purchase_session_key(dpk, random, sequence, terminal_sequence)
    purchase = platform.Purchase(
        amount_fen, terminal, terminal_sequence, moment[:4], moment[4:], kind
    )
    told = four(amount_fen) + bytes([kind]) + terminal + moment
    assert purchase.mac1(session) == des_mac(session, told)
    assert purchase.mac2(session) == des_mac(session, four(amount_fen))
    receipt = card_tac.purchase_tac(
        card_tac.tac_key(dtk),
        amount=four(amount_fen),
        kind=bytes([kind]),
        terminal=terminal,
        terminal_sequence=terminal_sequence,
        moment=moment,
    )
    assert purchase.tac(dtk) == receipt


@given(octets(32), st.from_regex(r"[1-6][0-9]{5}", fullmatch=True), octets(13), factor8, octets(10))
def test_one_seed_gives_platform_and_issuer_part_the_same_keys(
    seed: bytes, region: str, historical: bytes, issuer: bytes, serial: bytes
) -> None:
    platform_module = SecurityModule(KeySeed(seed))
    issuer_module = IssuerSecurityModule(hold_ceremony(seed))
    assert issuer_module.testbed == platform_module.testbed
    social_security = platform_module.social_security_keys(region, historical)
    assert _hex(issuer_module.social_security_keys(region, historical)) | social_security == (
        _hex(issuer_module.social_security_keys(region, historical))
    ), "every key the platform gives a card is the one of the issuer part"
    assert _hex(issuer_module.transit_keys(issuer, serial)) == (
        platform_module.transit_keys(issuer, serial)
    )
    assert issuer_module.purchase_master_key().hex().upper() == platform_module.psam_purchase_key()


def _hex(keys: dict[str, bytes]) -> dict[str, str]:
    return {name: key.hex().upper() for name, key in keys.items()}
