"""The purses' codes against published examples, the made-up people against GB 11643."""

from datetime import date, datetime

from loadtests.due_requests import CHINA_TIME
from loadtests.residents import check_character, make_residents
from loadtests.tap_maker import Gate, Purse, load_session_key, mac, tac_key, triple_des

# Published worked example of a load and a purchase (cnblogs ttss/p/4280376 and 4280430).
KEY = bytes.fromhex("11223344556677888877665544332211")
RANDOM = bytes.fromhex("11223344")


def test_the_load_codes_are_those_of_the_published_example() -> None:
    session = load_session_key(KEY, RANDOM, 0)
    assert session.hex().upper() == "9B1D924E05595603"
    mac1 = mac(session, bytes.fromhex("00000000" + "00001000" + "01" + "001122334455"))
    assert mac1.hex().upper() == "2988AE5A"
    mac2 = mac(session, bytes.fromhex("00001000" + "01" + "001122334455" + "20111221214822"))
    assert mac2.hex().upper() == "3A845BF0"


def test_the_purchase_codes_are_those_of_the_published_example() -> None:
    session = triple_des(KEY, RANDOM + bytes.fromhex("0000" + "0001"))
    assert session.hex().upper() == "003238ABC57659DD"
    mac1 = mac(session, bytes.fromhex("00001000" + "06" + "001122334455" + "20120229135100"))
    assert mac1.hex().upper() == "F15CAB75"
    assert mac(session, bytes.fromhex("00001000")).hex().upper() == "56988A13"


def test_a_purse_goes_in_and_out_in_turn_and_counts_as_a_card_does() -> None:
    purse = Purse("03105000000000000001", "50000001FFFFFFFF", KEY, KEY, balance_fen=1_000)
    there, back = Gate("500000000001", "t", "0201"), Gate("500000000002", "t", "0205")
    at = datetime(2026, 11, 21, 8, 15, 0, tzinfo=CHINA_TIME)
    entry, leave = purse.tap(there, 300, at), purse.tap(back, 300, at)
    assert (entry["kind"], entry["entry_station"], entry["amount_fen"]) == ("entry", None, 0)
    assert (leave["kind"], leave["entry_station"], leave["amount_fen"]) == ("exit", "0201", 300)
    assert (entry["balance_after_fen"], leave["balance_after_fen"]) == (1_000, 700)
    assert (entry["offline_sequence"], leave["offline_sequence"]) == (0, 1)
    over = bytes.fromhex("0000012C" + "09" + "500000000002" + "00000001" + "20261121081500")
    assert leave["tac"] == mac(tac_key(KEY), over).hex().upper()


def test_a_published_check_character() -> None:
    assert check_character("11010519491231002") == "X"  # the example in GB 11643


def test_residents_are_different_repeatable_and_consistent() -> None:
    people = make_residents(300, 7)
    assert people == make_residents(300, 7)
    assert len({person.number for person in people}) == 300
    for person in people:
        assert check_character(person.number[:17]) == person.number[17]
        assert date.fromisoformat(person.birth_date).strftime("%Y%m%d") == person.number[6:14]
        assert (int(person.number[16]) % 2 == 1) == (person.sex == "1")
        assert person.number[:6] == person.district
