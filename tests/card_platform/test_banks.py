"""Partner banks: chosen by the holder, loaded by the bank, under an agreement (NM-15, CQ-10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from card_platform.regions import load_region
from card_platform.regions.pack import PACKS, PackIsFaulty, read_pack
from tests.card_platform.city import City, document
from tests.card_platform.signing_in import System, sign_in_by_card
from tests.card_platform.test_transfers import code

BANK, RURAL, ENDED = "jialing-bank", "jialing-rural", "jialing-savings"
ACCOUNT = {"account": "6234560000000016"}


def change(city: City, card_id: str, action: str, **more: Any) -> Any:
    body = {"action": action, "document": document(), **more}
    return city.post(f"/v1/cards/{card_id}/financial-function", body, "clerk")


def sign_in(city: City, bank: str) -> str:
    return str(System(city, bank, "bank").sign_in()["token"])


def contract_of(city: City, card_id: str, caller: str = "clerk") -> Any:
    return city.get(f"/v1/cards/{card_id}/bank-contract", caller).json()


def test_the_holder_chooses_among_the_banks_with_an_agreement(city: City) -> None:
    listed = city.client.get("/v1/banks").json()["banks"]
    assert [each["code"] for each in listed] == [BANK, RURAL]
    card_id, chip = city.active_card()
    assert code(change(city, card_id, "open")) == "bank-not-chosen"
    assert code(change(city, card_id, "open", bank="no-such-bank")) == "bank-unknown"
    assert code(change(city, card_id, "open", bank=ENDED)) == "bank-without-agreement"
    others = {"action": "open", "bank": BANK, "document": document(2)}
    refused = city.post(f"/v1/cards/{card_id}/financial-function", others, "clerk")
    assert code(refused) == "document-is-not-the-holders"
    assert code(city.get(f"/v1/cards/{card_id}/bank-contract", "clerk")) == "bank-contract-unknown"
    assert change(city, card_id, "open", bank=BANK).json()["financial"] == "open"
    holder = sign_in_by_card(city, chip, as_holder=True)["token"]
    told = contract_of(city, card_id, holder)
    assert (told["bank"], told["state"], told["account"]) == (BANK, "chosen", None)
    assert code(change(city, card_id, "open", bank=RURAL)) == "card-state-forbids"
    assert change(city, card_id, "close").json()["financial"] == "closed"
    assert change(city, card_id, "open", bank=RURAL).status_code == 200
    assert contract_of(city, card_id)["bank"] == RURAL


def test_the_bank_loads_its_own_contracts_once_and_keeps_the_account(city: City) -> None:
    card_id, _ = city.active_card()
    change(city, card_id, "open", bank=BANK)
    bank, rural = sign_in(city, BANK), sign_in(city, RURAL)
    assert city.get("/v1/bank-contracts", rural).json()["contracts"] == []
    (listed,) = city.get("/v1/bank-contracts", bank).json()["contracts"]
    at = f"/v1/bank-contracts/{listed['contract_id']}/loading"
    assert code(city.post(at, ACCOUNT, rural)) == "bank-contract-unknown"
    loaded = city.post(at, ACCOUNT, bank).json()
    assert (loaded["state"], loaded["account"]) == ("loaded", "0016")
    assert code(city.post(at, ACCOUNT, bank)) == "bank-contract-state-forbids"


def test_the_contract_ends_with_the_function_and_with_the_card(city: City) -> None:
    card_id, _ = city.active_card()
    change(city, card_id, "open", bank=BANK)
    bank = sign_in(city, BANK)
    change(city, card_id, "close")
    change(city, card_id, "open", bank=BANK)
    body = {"reason": "unreadable", "document": document(), "site": "A"}
    assert city.post(f"/v1/cards/{card_id}/exchange", body, "clerk").status_code == 201
    ended = city.get("/v1/bank-contracts", bank).json()["contracts"]
    assert [(each["state"], each["end_reason"]) for each in ended] == [
        ("ended", "closed-by-holder"),
        ("ended", "card-ended"),
    ]
    at = f"/v1/bank-contracts/{ended[1]['contract_id']}/loading"
    assert code(city.post(at, ACCOUNT, bank)) == "bank-contract-state-forbids"


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_region_has_banks_to_choose_from_marked_as_made_up(path: Path) -> None:
    banks = read_pack(path).banks
    assert len(banks) >= 2
    assert all("虚构" in bank.name_zh and "made up" in bank.source for bank in banks)


def test_an_agreement_that_ends_before_it_begins_is_a_fault(tmp_path: Path) -> None:
    text = (PACKS / "chongqing.toml").read_text(encoding="utf-8")
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(text.replace("until = 2021-12-31", "until = 2017-12-31"), encoding="utf-8")
    with pytest.raises(PackIsFaulty, match=r"banks\[2\].agreements\[0\].until"):
        read_pack(faulty)
    assert load_region("CQ").bank(ENDED) is not None
