"""A card torn after every byte of every APDU of a load or a purchase, and what its issuer makes of
it.

Each dialogue is recorded once, then done again for each byte of each of its commands and responses,
the card losing its power there. It is wholly before or wholly after: which, the card's proof (B02E,
805A) says, and the issuer's security module says whether the TAC in it is right. The issuer books
what it found right, and its book and the card's balance agree to the fen after every tear.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

import pytest

from virtual_cards.applets.social_security.medical.commands import Account
from virtual_cards.applets.transit.commands import TransactionType
from virtual_cards.card_os import Card
from virtual_cards.issuer import (
    IssuerSecurityModule,
    LoadFigures,
    MadeUpHolder,
    MedicalLoadFigures,
    MedicalPurchaseFigures,
    card_image,
    hold_ceremony,
    psam_image,
)
from virtual_cards.issuer.made_up_card import ISSUER, REGION
from virtual_cards.personalisation import load_card, load_psam
from virtual_cards.readers import (
    CardIsAbsent,
    Fault,
    FaultPlan,
    FaultyCard,
    InProcessReader,
    TranscriptReader,
    tears_of,
)
from virtual_cards.readers.reader import Reader
from virtual_cards.terminals import SecurityModule
from virtual_cards.terminals.security_module import SignedPurchase

HOLDER: Final = MadeUpHolder(77)
BALANCE_FEN: Final = 200_000
AMOUNT_FEN: Final = 123
TERMINAL: Final = bytes.fromhex("500000000001")
MOMENT: Final = bytes.fromhex("20260504081500")
AMOUNT: Final = AMOUNT_FEN.to_bytes(4, "big")
ASKED: Final = b"\x01" + AMOUNT + TERMINAL
SUCCESS, NO_PROOF = b"\x90\x00", b"\x94\x06"


class Deed(ABC):
    """A transaction, with the issuer on the other side of the terminal.

    A purse says how it is begun and asked, a load or a purchase what follows: each deed is both.
    """

    select: bytes
    """SELECT of the purse."""
    prove: bytes
    """CLA INS P1 of the proof of a transaction."""
    balance_slot: str
    slots: frozenset[str]
    """What a whole transaction changes on the card."""
    sign: int
    """+1 for money onto the card, -1 for money off it."""

    def __init__(self, hsm: IssuerSecurityModule, module: SecurityModule) -> None:
        self.hsm = hsm
        self.module = module
        self.last = b""
        """What the card answered when the transaction began: empty before that."""
        self.terminal_sequence = 0

    @abstractmethod
    def begin(self, reader: Reader, p1: int) -> None:
        """From SELECT to the card's first answer, kept in `last`."""

    @abstractmethod
    def do(self, reader: Reader) -> None:
        """The whole dialogue with a card that was just connected."""

    @abstractmethod
    def is_receipt(self, tac: bytes) -> bool:
        """What the issuer says of a TAC."""

    def proof(self, reader: Reader) -> bytes:
        """The card's proof of the transaction begun last: MAC4 TAC4 and the status word."""
        send(reader, self.select)
        sequence = int.from_bytes(self.last[4:6], "big") + 1
        kind = 0x02 if self.sign > 0 else 0x06
        return reader.transmit(
            self.prove + bytes((kind, 2)) + sequence.to_bytes(2, "big") + b"\x08"
        )

    def balance_fen(self, card: Card) -> int:
        """What the card holds."""
        found = card.memory.values()[self.balance_slot]
        assert isinstance(found, int)
        return found


class Load(Deed):
    """Asked, permitted by the issuer, credited."""

    credit: bytes
    """Header and Lc of what credits."""
    sign = +1

    @abstractmethod
    def permit(self, mac1: bytes) -> bytes:
        """MAC2 of the issuer."""

    def do(self, reader: Reader) -> None:
        self.begin(reader, 0x00)
        mac2 = self.permit(self.last[12:16])
        tac = send(reader, self.credit + MOMENT + mac2 + b"\x04")
        assert self.is_receipt(tac)


class Purchase(Deed):
    """Asked, signed by the module, debited."""

    debit: bytes
    """Header and Lc of what debits."""
    sign = -1

    @abstractmethod
    def signed(self) -> SignedPurchase:
        """Terminal sequence and MAC1 of the module."""

    @abstractmethod
    def confirms(self, mac2: bytes) -> bool:
        """Whether the module finds MAC2 right."""

    def do(self, reader: Reader) -> None:
        self.begin(reader, 0x01)
        signed = self.signed()
        self.terminal_sequence = int.from_bytes(signed.terminal_sequence, "big")
        answer = send(reader, self.debit + signed.terminal_sequence + MOMENT + signed.mac + b"\x08")
        assert self.confirms(answer[4:])
        assert self.is_receipt(answer[:4])


class MedicalPurse(Deed):
    """The account of the current year."""

    select = bytes.fromhex("00A4040006D1560000050300")
    prove = bytes.fromhex("B02E00")
    balance_slot = "medical/current_year_fen"

    def begin(self, reader: Reader, p1: int) -> None:
        send(reader, self.select)
        send(reader, bytes.fromhex("0020000003123456"))
        self.last = send(reader, bytes((0xB0, 0x28, p1, 0x01, len(ASKED))) + ASKED + b"\x00")


class MedicalLoad(MedicalPurse, Load):
    slots = frozenset(
        {
            "medical/current_year_fen",
            "medical/online_sequence",
            "medical/last_proof",
            "social_security/DF04/EF07",
        }
    )
    credit = bytes.fromhex("B02A00000B")

    def permit(self, mac1: bytes) -> bytes:
        return self.hsm.permit_medical_load(self._figures(), mac1)

    def is_receipt(self, tac: bytes) -> bool:
        return self.hsm.medical_load_tac_is_right(self._figures(), tac)

    def _figures(self) -> MedicalLoadFigures:
        return MedicalLoadFigures(
            region=REGION,
            historical_bytes=HOLDER.historical_bytes,
            account=Account.CURRENT_YEAR,
            balance_before_fen=int.from_bytes(self.last[:4], "big"),
            amount_fen=AMOUNT_FEN,
            online_sequence=int.from_bytes(self.last[4:6], "big"),
            terminal=TERMINAL,
            random=self.last[8:12],
            moment=MOMENT,
        )


class MedicalPurchase(MedicalPurse, Purchase):
    slots = MedicalLoad.slots - {"medical/online_sequence"} | {"medical/offline_sequence"}
    debit = bytes.fromhex("B02C00000F")

    def signed(self) -> SignedPurchase:
        return self.module.sign_medical_purchase(
            initialised=self.last,
            amount=AMOUNT,
            kind=b"\x06",
            account=b"\x01",
            moment=MOMENT,
            region=REGION,
            historical_bytes=HOLDER.historical_bytes,
        )

    def confirms(self, mac2: bytes) -> bool:
        return self.module.confirms_medical(mac2)

    def is_receipt(self, tac: bytes) -> bool:
        purchase = MedicalPurchaseFigures(
            region=REGION,
            historical_bytes=HOLDER.historical_bytes,
            account=Account.CURRENT_YEAR,
            amount_fen=AMOUNT_FEN,
            terminal=TERMINAL,
            terminal_sequence=self.terminal_sequence,
            moment=MOMENT,
        )
        return self.hsm.medical_purchase_tac_is_right(purchase, tac)


class TransitPurse(Deed):
    select = bytes.fromhex("00A4040008A00000063201010500")
    prove = bytes.fromhex("805A00")
    balance_slot = "transit/balance_fen"

    def begin(self, reader: Reader, p1: int) -> None:
        send(reader, self.select)
        self.last = send(reader, bytes((0x80, 0x50, p1, 0x02, len(ASKED))) + ASKED + b"\x00")


class TransitLoad(TransitPurse, Load):
    slots = frozenset(
        f"transit/{name}" for name in ("balance_fen", "online_sequence", "last_proof", "18")
    )
    credit = bytes.fromhex("805200000B")

    def permit(self, mac1: bytes) -> bytes:
        return self.hsm.permit_load(self._figures(), mac1)

    def is_receipt(self, tac: bytes) -> bool:
        return self.hsm.load_tac_is_right(self._figures(), tac)

    def _figures(self) -> LoadFigures:
        return LoadFigures(
            issuer=ISSUER,
            application_serial=HOLDER.application_serial,
            balance_before_fen=int.from_bytes(self.last[:4], "big"),
            amount_fen=AMOUNT_FEN,
            online_sequence=int.from_bytes(self.last[4:6], "big"),
            terminal=TERMINAL,
            random=self.last[8:12],
            moment=MOMENT,
        )


class TransitPurchase(TransitPurse, Purchase):
    """Plain: 8050 01."""

    slots = TransitLoad.slots - {"transit/online_sequence"} | {"transit/offline_sequence"}
    debit = bytes.fromhex("805401000F")

    def signed(self) -> SignedPurchase:
        return self.module.sign_purchase(
            initialised=self.last,
            amount=AMOUNT,
            kind=b"\x06",
            moment=MOMENT,
            card=HOLDER.application_serial[-8:] + ISSUER,
        )

    def confirms(self, mac2: bytes) -> bool:
        return self.module.confirms(mac2)

    def is_receipt(self, tac: bytes) -> bool:
        return self.hsm.purchase_tac_is_right(
            issuer=ISSUER,
            application_serial=HOLDER.application_serial,
            amount_fen=AMOUNT_FEN,
            kind=TransactionType.PURCHASE,
            terminal=TERMINAL,
            terminal_sequence=self.terminal_sequence,
            moment=MOMENT,
            tac=tac,
        )


def send(reader: Reader, command: bytes) -> bytes:
    """The data of a command that must succeed."""
    answer = reader.transmit(command)
    assert answer[-2:] == SUCCESS, (command.hex(), answer.hex())
    return answer[:-2]


def tears_in(deed: Deed, card: Card) -> list[Fault]:
    """A tear at every byte of the dialogue, which is done once, cleanly."""
    recorder = TranscriptReader(InProcessReader("desk", card))
    recorder.connect()
    deed.do(recorder)
    recorder.disconnect()
    return tears_of((each.command, each.response) for each in recorder.transcript.exchanges[1:])


@pytest.mark.parametrize(
    "kind",
    [MedicalLoad, MedicalPurchase, TransitLoad, TransitPurchase],
    ids=["medical load", "medical purchase", "transit load", "transit purchase"],
)
def test_after_a_tear_anywhere_card_and_issuer_agree_to_the_fen(kind: type[Deed]) -> None:
    hsm = IssuerSecurityModule(hold_ceremony(bytes(range(32))))
    image = card_image(hsm, HOLDER, balance_fen=BALANCE_FEN, medical_fen=BALANCE_FEN)
    card = load_card(image).card
    module = SecurityModule(InProcessReader("PSAM", load_psam(psam_image(hsm)).card))
    deed = kind(hsm, module)
    tears = tears_in(deed, card)
    booked_fen = BALANCE_FEN + deed.sign * AMOUNT_FEN
    taken = 0
    for tear in tears:
        assert deed.balance_fen(card) == booked_fen
        before = card.memory.values()
        deed.last = b""
        held = FaultyCard(card, FaultPlan((tear,)))
        slot = InProcessReader("desk", held)
        slot.connect()
        with pytest.raises(CardIsAbsent):
            deed.do(slot)
        assert held.happened == [tear]
        after = card.memory.values()
        changed = frozenset(name for name, value in after.items() if value != before[name])
        assert changed in (frozenset(), deed.slots), f"{tear}: in between"

        again = InProcessReader("desk", card)
        again.connect()
        happened = bool(changed)
        if deed.last:
            proof = deed.proof(again)
            assert (proof[-2:] == SUCCESS) is happened, tear
            if happened:
                assert deed.is_receipt(proof[4:8]), "the issuer books what the card proves"
            else:
                assert proof == NO_PROOF
        else:
            assert not happened, "what did not begin cannot have happened"
        again.disconnect()
        booked_fen += deed.sign * AMOUNT_FEN * happened
        taken += happened
        assert deed.balance_fen(card) == booked_fen, tear
    print(f"{len(tears)} tears, {taken} after the card had acted")
    assert 0 < taken < len(tears), "both outcomes were seen"
