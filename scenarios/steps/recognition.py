"""E-licences of one region in another, over the exchange (CQ-23, YD-5, YD-15, SC-i)."""

from __future__ import annotations

from scenarios.neighbourhood import REGIONS, Neighbourhood
from scenarios.phrases import given, then, when
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.steps.licences import MATTER, Held, issue_at, kind_of
from scenarios.world import World
from virtual_cards.keys import sm2


@given(
    "“{region}”的“{issuer}”为居民“{name}”签发了“{kind}”",
    "“{issuer}” of “{region}” has issued “{kind}” to resident “{name}”",
)
def issue_there(  # noqa: PLR0917 - as many as the phrase has
    world: World,
    held: Held,
    platforms: RegionalPlatforms,
    region: str,
    issuer: str,
    name: str,
    kind: str,
) -> None:
    desk = platforms.desk_of(REGIONS[region][0])
    held.licences[region + name, kind] = issue_at(desk, world.holder(name), issuer, kind_of(kind))


@given(
    "本地登记的“{region}”平台公钥并非其真实公钥",
    "the key by which “{region}” is enrolled here is not its own",
)
def enrol_wrong_key(neighbourhood: Neighbourhood, world: World, region: str) -> None:
    other = neighbourhood.desks[region]
    identity = other.ask("GET", "/v1/exchange/identity", "")
    body = {
        "participant_id": identity["participant_id"],
        "kind": "region",
        "name_zh": identity["name_zh"],
        "public_key": sm2.generate()[0].hex(),
        "subjects": identity["subjects"]["region"],
        "url": other.access.url,
    }
    world.desk.post("operator", "/v1/exchange/participants", body)


@when(
    "经办人核验居民“{name}”的身份后，向“{region}”调取其“{kind}”",
    "the clerk checks the identity of “{name}” and asks “{region}” for the licence “{kind}”",
)
def ask(world: World, held: Held, name: str, region: str, kind: str) -> None:
    holder = world.holder(name)
    identity = world.desk.check_identity(MATTER, holder.card_number, holder.resident.name)
    _ask(world, held, name, region, kind, identity["check_id"])


@when(
    "经办人未核验居民“{name}”的身份，就向“{region}”调取其“{kind}”",
    "the clerk asks “{region}” for the licence “{kind}” of “{name}” without checking identity",
)
def ask_without_identity(world: World, held: Held, name: str, region: str, kind: str) -> None:
    _ask(world, held, name, region, kind, "check-none")


@when(
    "“{region}”撤销居民“{name}”的“{kind}”",
    "“{region}” withdraws “{kind}” of resident “{name}”",
)
def withdraw_there(
    held: Held, platforms: RegionalPlatforms, region: str, name: str, kind: str
) -> None:
    path = f"/v1/licences/{held.licences[region + name, kind]}/steps"
    body = {"action": "withdraw", "reason": "复核"}
    platforms.desk_of(REGIONS[region][0]).post("department", path, body)


@then(
    "居民“{name}”看到本地向“{region}”调取过其“{kind}”",
    "resident “{name}” sees that “{region}” was asked for the licence “{kind}”",
)
def holder_sees_request(world: World, name: str, region: str, kind: str) -> None:
    path = f"/v1/cards/{world.holder(name).card_id}/access-log"
    reads = world.desk.get("clerk", path)["reads"]
    asked = [one for one in reads if one["recipient"] == REGIONS[region][1]]
    answered = {one["items"] for one in asked if one["refusal"] is None}
    assert answered == {f"licence:{kind_of(kind)}"}


def _ask(  # noqa: PLR0917 - who, where, what
    world: World, held: Held, name: str, region: str, kind: str, shown_by: str
) -> None:
    body = {
        "region": REGIONS[region][1],
        "kind": kind_of(kind),
        "card_number": world.holder(name).card_number,
        "shown_by": shown_by,
    }
    told = world.try_at_platform(lambda: world.desk.post("clerk", "/v1/licence-requests", body))
    if told is None:
        return
    for each in told["licences"]:
        world.recorder.fact("签发地", "issued by", each["region"])
        held.licences[name, kind] = each["licence_id"]
