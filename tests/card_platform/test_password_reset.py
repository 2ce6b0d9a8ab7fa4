"""A forgotten password is reset by a supervisor: what that opens, ends and leaves on record."""

from __future__ import annotations

from typing import Any

from card_platform.access.model import WRONG_PASSWORDS_MAX
from card_platform.installation import Installation
from tests.card_platform.city import City
from tests.card_platform.signing_in import open_account, sign_in, sign_in_by_card, try_password
from tests.card_platform.test_access import NEW, audited, current, everything_stored, told

REFUSED = (401, "sign-in-refused")


def reset(city: City, account: str, caller: str = "supervisor", key: str | None = None) -> Any:
    body = {"reason": "本人到场申请"}
    return city.post(f"/v1/accounts/{account}/password-reset", body, caller, key)


def test_a_reset_gives_another_first_password_and_the_old_one_opens_nothing(city: City) -> None:
    opened = open_account(city)
    first, account = opened["first_password"], opened["account"]["account_id"]
    token = sign_in(city, "wang.fang", first)["token"]
    change = {"current": first, "new": NEW}
    assert city.post("/v1/accounts/current/password", change, token).status_code == 200
    answer = reset(city, account)
    assert answer.status_code == 200
    assert answer.json()["account"]["has_first_password"] is True
    fresh = answer.json()["first_password"]
    assert fresh not in {first, NEW}
    for old in (first, NEW):
        assert told(try_password(city, "wang.fang", old)) == REFUSED
    sign_in(city, "wang.fang", fresh)
    assert reset(city, account).json()["first_password"] not in {first, fresh}


def test_a_reset_ends_the_sessions_of_the_account_however_they_began(city: City) -> None:
    card_id, chip = city.active_card()
    opened = open_account(city, card_id=card_id)
    tokens = (
        sign_in(city, "wang.fang", opened["first_password"])["token"],
        sign_in_by_card(city, chip)["token"],
    )
    reset(city, opened["account"]["account_id"])
    for token in tokens:
        assert told(current(city, token)) == (401, "session-ended")


def test_a_reset_opens_a_locked_account(city: City) -> None:
    account = open_account(city)["account"]["account_id"]
    for _ in range(WRONG_PASSWORDS_MAX):
        try_password(city, "wang.fang", "wrong")
    assert city.get("/v1/accounts").json()["accounts"][0]["locked_until"]
    answer = reset(city, account).json()
    assert answer["account"]["locked_until"] is None
    sign_in(city, "wang.fang", answer["first_password"])


def test_the_same_request_shows_the_same_password_which_is_stored_nowhere(
    city: City, installation: Installation
) -> None:
    account = open_account(city)["account"]["account_id"]
    first = reset(city, account, key="once")
    assert reset(city, account, key="once").json() == first.json()
    password = first.json()["first_password"]
    sign_in(city, "wang.fang", password)
    assert password not in everything_stored(installation)
    on_record = [each for each in audited(installation) if "password reset" in each[2]]
    assert on_record == [
        ("change-account", "supervisor", f"{account}: password reset: 本人到场申请")
    ]


def test_nobody_resets_the_own_account(city: City) -> None:
    first, second = (open_account(city, name, "supervisor") for name in ("sun.li", "qian.wei"))
    token = sign_in(city, "sun.li", first["first_password"])["token"]
    own = first["account"]["account_id"]
    assert told(reset(city, own, token)) == (403, "account-is-ones-own")
    assert current(city, token).status_code == 200
    answer = reset(city, second["account"]["account_id"], token)
    sign_in(city, "qian.wei", answer.json()["first_password"])


def test_a_disabled_or_unknown_account_is_not_reset(city: City) -> None:
    opened = open_account(city)
    account = opened["account"]["account_id"]
    city.post(f"/v1/accounts/{account}/disabling", {"reason": "left"}, "operator")
    assert told(reset(city, account)) == (409, "account-state-forbids")
    assert told(try_password(city, "wang.fang", opened["first_password"])) == REFUSED
    assert told(reset(city, "account-1")) == (404, "account-unknown")
    assert told(reset(city, account, "operator")) == (403, "role-forbids")
