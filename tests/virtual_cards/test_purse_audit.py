"""Random purses against an auditor that knows the right answer."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.virtual_cards import people
from tests.virtual_cards.conftest import Talk, talk_to
from virtual_cards.keys import des_mac, load_session
from virtual_cards.personalisation import load_card, load_psam

TERMINAL = people.TERMINAL.hex().upper()
MOMENT = "20260504081500"
AMOUNTS = st.integers(0, 700)


class PurseAudit(RuleBasedStateMachine):
    """Loads, purchases, wrong MACs and resets, in any order."""

    def __init__(self) -> None:
        super().__init__()
        image = people.card_image(balance_fen=500)
        image["transit"]["overdraft_limit_fen"] = 300
        self.person = load_card(image)
        self.card: Talk = talk_to(self.person.card)
        self.sam: Talk = talk_to(load_psam(people.psam_image()).card)
        self.sam("00A4040010A0000006324D4F542E435053414D3031")
        self.select()
        self.balance_fen, self.offline, self.online = 500, 0, 0
        self.log: list[str] = []

    def select(self) -> None:
        self.card("00A4040008A000000632010105")

    @rule(amount=AMOUNTS, kind=st.sampled_from(["01", "03"]), honest=st.booleans())
    def purchase(self, amount: int, kind: str, honest: bool) -> None:
        type_byte = "06" if kind == "01" else "09"
        answer = self.card(f"8050{kind}020B01{amount:08X}{TERMINAL}0F")
        if amount > self.balance_fen + 300:
            assert answer == "9401"
            return
        signed = self.sam(
            f"8070000024{answer[22:30]}{answer[8:12]}{amount:08X}{type_byte}{MOMENT}"
            + f"{answer[18:22]}{people.SERIAL[-8:].hex()}{people.ISSUER.hex()}08"
        )
        mac = signed[8:16] if honest else f"{int(signed[8:16], 16) ^ 1:08X}"
        debited = self.card(f"805401000F{signed[:8]}{MOMENT}{mac}08")
        if not honest:
            assert debited == "9302"
            return
        assert self.sam("8072000004" + debited[8:16]) == "9000"
        self.log.insert(0, f"{self.offline:04X}00012C{amount:08X}{type_byte}{TERMINAL}{MOMENT}")
        self.balance_fen -= amount
        self.offline += 1

    @rule(amount=AMOUNTS, honest=st.booleans())
    def load(self, amount: int, honest: bool) -> None:
        answer = self.card(f"805000020B01{amount:08X}{TERMINAL}10")
        session = load_session(
            people.transit_key("GMLK"), bytes.fromhex(answer[16:24]), bytes.fromhex(answer[8:12])
        )
        data = bytes.fromhex(f"{amount:08X}02{TERMINAL}{MOMENT}")
        mac = des_mac(session, data if honest else data + b"\0").hex()
        loaded = self.card(f"805200000B{MOMENT}{mac}04")
        if not honest:
            assert loaded == "9302"
            return
        self.log.insert(0, f"{self.online:04X}00012C{amount:08X}02{TERMINAL}{MOMENT}")
        self.balance_fen += amount
        self.online += 1

    @rule(amount=AMOUNTS)
    def tear(self, amount: int) -> None:
        self.card(f"805003020B01{amount:08X}{TERMINAL}0F")
        self.person.card.reset()
        self.select()

    @rule()
    def store_and_load_again(self) -> None:
        self.person = load_card(self.person.snapshot())
        self.card = talk_to(self.person.card)
        self.select()

    @invariant()
    def the_card_agrees_with_the_auditor(self) -> None:
        assert self.card("805C030204") == f"{self.balance_fen % 2**32:08X}9000"
        records = [self.card(f"00B2{number:02X}C417") for number in range(1, 12)]
        assert records == [
            *(record + "9000" for record in self.log[:10]),
            *["6A83"] * (11 - len(self.log[:10])),
        ]


PurseAudit.TestCase.settings = settings(deadline=None, max_examples=40, stateful_step_count=25)
TestPurseAudit = PurseAudit.TestCase
