"""Every command of secure messaging, directories, purse and certificates is decoded, and hides what
it must.
"""

from __future__ import annotations

from tests.virtual_cards import issuer, people
from tests.virtual_cards.test_certificate_area import verify
from tests.virtual_cards.test_medical_purse import Desk
from virtual_cards.keys import sm2
from virtual_cards.personalisation import load_card
from virtual_cards.readers import InProcessReader, TranscriptReader
from virtual_cards.transcripts import DecodedExchange, TranscriptDecoder


class Listener:
    """A person's card in a reader that keeps a transcript."""

    def __init__(self) -> None:
        self.reader = TranscriptReader(InProcessReader("slot", load_card(people.full_image()).card))
        self.reader.connect()

    def talk(self, command: str) -> str:
        return self.reader.transmit(bytes.fromhex(command)).hex().upper()

    def decoded(self) -> list[DecodedExchange]:
        decoded = list(TranscriptDecoder().decode_all(self.reader.transcript.exchanges))
        assert all(exchange.title_zh != exchange.title_en for exchange in decoded)
        assert not [e.title_en for e in decoded if e.title_en.startswith("unknown")]
        return decoded


def titles(exchanges: list[DecodedExchange]) -> list[str]:
    return [e.title_en for e in exchanges if e.title_en != "GET CHALLENGE"]


def test_administration_is_readable_and_shows_no_pin() -> None:
    card = Listener()
    card.talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    key, puk = (people.social_security_key(name) for name in ("UKSSSE", "PUK"))
    record, pins = bytes.fromhex("050420270101"), bytes.fromhex("123456FF445566")
    issuer.secured(card.talk, "04DC0528", record, key, algorithm="03")
    issuer.secured(card.talk, "04D68802", b"\xab\xcd", key, algorithm="03")
    card.talk("805E010007445566FF123456")
    issuer.secured(card.talk, "845E0100", pins, puk, algorithm="03", enciphers=True)
    issuer.secured(card.talk, "84240000", b"", puk, algorithm="03")
    issuer.secured(card.talk, "84240001", b"\x44\x55", puk, algorithm="03", enciphers=True)
    issuer.secured(card.talk, "841E0000", b"", people.master("STKSSSE"), algorithm="03")
    card.talk("841E00010411223344")
    card.talk("841600000411223344")
    exchanges = card.decoded()
    assert titles(exchanges) == [
        "ANSWER TO RESET",
        "SELECT social security application",
        "UPDATE RECORD: EF05",
        "UPDATE BINARY: EF08",
        "CHANGE PIN",
        "CHANGE PIN",
        "PIN CHANGE/UNBLOCK (gives the tries back)",
        "PIN CHANGE/UNBLOCK (sets a new PIN)",
        "APPLICATION BLOCK",
        "APPLICATION BLOCK (for ever)",
        "CARD BLOCK",
    ]
    update = next(e for e in exchanges if e.title_en.startswith("UPDATE RECORD"))
    names = [field.name_en for field in update.fields]
    assert names == ["issue date", "MAC of secure messaging"]
    everything = str(exchanges)
    assert "445566" not in everything
    assert "123456" not in everything


def test_a_directory_hides_what_may_be_personal() -> None:
    card = Listener()
    card.talk("00A404000F7378312E73682EC9E7BBE1B1A3D5CF")
    card.talk("00B2016C0E")
    card.talk("00A4000002DF01")
    card.talk("0020000003123456")
    for command in ("00B2012C00", "00B2022C00", "00B2013400", "00B0960000"):
        card.talk(command)
    exchanges = card.decoded()
    assert titles(exchanges)[3] == "SELECT public application DF01"
    assert exchanges[2].fields[0].value == "500000****42"
    assert [e.response for e in exchanges[-4:-1]] == [
        "**" * 3 + "9000",
        "**" * 42 + "9000",
        "**" * 17 + "9000",
    ]
    assert "13900000000" not in str(exchanges)
    assert "测试街" not in str(exchanges)


def test_the_medical_purse_is_readable() -> None:
    card = Listener()
    desk = Desk(card.talk, "03")
    desk.open()
    answer = desk.begin("01", "01", 1234)
    card.talk(desk.debit_command("01", 1234, answer) + "08")
    answer = desk.begin("00", "02", 1)
    card.talk(desk.load_command("02", 1, answer) + "04")
    for command in ("B026000304", "B02E000602000108", "B056000004", "00B2023C00"):
        card.talk(command)
    answer = desk.begin("00", "02", 0)
    mac = desk.mac("DLK", answer[16:24], answer[8:12] + "8000", "20270101")
    card.talk("B056000008" + "20270101" + mac)
    exchanges = card.decoded()
    assert titles(exchanges) == [
        "ANSWER TO RESET",
        "SELECT medical application DF04",
        "VERIFY PIN",
        "INITIALIZE medical purchase",
        "DEBIT FOR PURCHASE (medical)",
        "INITIALIZE medical load",
        "CREDIT FOR LOAD (medical)",
        "GET BALANCE: both accounts",
        "TRANSACTION PROOF (medical)",
        "STARTING DAY (asked for)",
        "READ RECORD: EF07 record 2",
        "INITIALIZE medical load",
        "STARTING DAY (set)",
    ]
    log = {field.name_en: field.value for field in exchanges[10].fields}
    assert log["amount"] == "12.34 元 / yuan"
    assert log["transaction type"] == "06 消费 / purchase"


def test_the_certificate_area_is_readable_and_shows_no_secret() -> None:
    card = Listener()
    for command in ("00A404000C504B492EC9E7BBE1B1A3D5CF", "00A4000002DF01"):
        card.talk(command)
    verify(card.talk)
    card.talk("80C4010305C10312345600")
    for command in ("8040000008", "80C9820008"):
        card.talk(command + "C0020012C2020013")
    public = bytes.fromhex(card.talk("80C9828042")[4:-4])
    card.talk("00A40000020012")
    card.talk("00B0000042")
    card.talk("002A9E9A20" + "11" * 32 + "00")
    session_key = people.master("session")
    card.talk("804E000178C2020013C1820070" + sm2.encrypt(public, session_key).hex() + "00")
    card.talk("804A021012C110" + session_key.hex())
    card.talk("80C2C00126C2020015CB20" + "77" * 32)
    card.talk("00A40000020018")
    card.talk("00B0000010")
    exchanges = card.decoded()
    assert titles(exchanges) == [
        "ANSWER TO RESET",
        "SELECT certificate environment",
        "SELECT certificate area",
        "VERIFY PIN (by a proof)",
        "HASH (SM3)",
        "GENERATE SM2 key pair",
        "EXPORT public key",
        "EXPORT public key",
        "SELECT file 0012",
        "READ BINARY: 12",
        "COMPUTE DIGITAL SIGNATURE (SM2)",
        "OPEN envelope",
        "IMPORT SM4 session key",
        "IMPORT encryption key",
        "SELECT file 0018",
        "READ BINARY: 18",
    ]
    everything = str(exchanges)
    for secret in (session_key.hex().upper(), "77" * 32, "3DE741F4", "123456"):
        assert secret not in everything
    assert exchanges[-1].response == "**" * 16 + "9000"
