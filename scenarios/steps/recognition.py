"""E-licences of one region in another (CQ-23, YD-15): signed there, checked here."""

from __future__ import annotations

from scenarios.phrases import given, when
from scenarios.regional_platforms import RegionalPlatforms
from scenarios.service_desk import ServiceDesk
from scenarios.steps.licences import Held, issue_at, kind_of, link_at
from scenarios.world import World

PLATFORMS = {"重庆": "CQ", "四川": "SC", "上海": "SH", "江苏": "JS"}
"""Which platform a region's name means."""


@given(
    "本地区与“{region}”的平台互换了签名公钥",
    "this region and “{region}” have exchanged their public keys",
)
def exchange_keys(world: World, platforms: RegionalPlatforms, region: str) -> None:
    other = _desk(platforms, region)
    _agree_on_time(world, other)
    for one, another in ((world.desk, other), (other, world.desk)):
        key = another.get("operator", "/v1/region-keys/own")
        one.post("operator", "/v1/region-keys", key)


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
    desk = _desk(platforms, region)
    held.licences[region + name, kind] = issue_at(desk, world.holder(name), issuer, kind_of(kind))


@when(
    "“{region}”出具居民“{name}”的“{kind}”声明，本地区核验签名后接收并关联",
    "“{region}” states “{kind}” of “{name}”; this region checks the signature, takes and links it",
)
def take(  # noqa: PLR0917 - as many as the phrase has
    world: World, held: Held, platforms: RegionalPlatforms, region: str, name: str, kind: str
) -> None:
    statement = _statement(world, platforms, region, name, kind)
    taken = world.try_at_platform(
        lambda: world.desk.post("clerk", "/v1/licence-imports", statement)
    )
    assert taken is not None, world.refusal
    world.recorder.fact("签发地", "issued by", taken["region"])
    held.licences[name, kind] = taken["licence_id"]
    link_at(world, name, taken["licence_id"])


@when(
    "有人改动“{region}”出具的居民“{name}”的“{kind}”声明后提交",
    "somebody alters the statement of “{region}” on “{kind}” of “{name}” and hands it in",
)
def forge(world: World, platforms: RegionalPlatforms, region: str, name: str, kind: str) -> None:
    statement = _statement(world, platforms, region, name, kind)
    statement["text"] = statement["text"].replace("2099-12-31", "2199-12-31")
    world.try_at_platform(lambda: world.desk.post("clerk", "/v1/licence-imports", statement))


@when(
    "请“{region}”出具居民“{name}”的“{kind}”声明给本地区",
    "“{region}” is asked to state “{kind}” of resident “{name}” to this region",
)
def ask(world: World, platforms: RegionalPlatforms, region: str, name: str, kind: str) -> None:
    world.try_at_platform(lambda: _statement(world, platforms, region, name, kind))


@when(
    "“{region}”撤销居民“{name}”的“{kind}”",
    "“{region}” withdraws “{kind}” of resident “{name}”",
)
def withdraw_there(
    held: Held, platforms: RegionalPlatforms, region: str, name: str, kind: str
) -> None:
    path = f"/v1/licences/{held.licences[region + name, kind]}/steps"
    body = {"action": "withdraw", "reason": "复核"}
    _desk(platforms, region).post("department", path, body)


def _agree_on_time(world: World, other: ServiceDesk) -> None:
    """Two regions live at one time; scenarios before this one moved the clock of one of them."""
    behind = other.clock_ahead() - world.ahead
    if behind.total_seconds() >= 1:
        world.let_time_pass(behind)
    elif behind.total_seconds() <= -1:
        other.advance_clock(-behind)


def _statement(
    world: World, platforms: RegionalPlatforms, region: str, name: str, kind: str
) -> dict[str, str]:
    body = {
        "kind": kind_of(kind),
        "document_number": world.holder(name).resident.number,
        "audience": world.desk.region,
    }
    stated = _desk(platforms, region).post("department", "/v1/licence-statements", body)
    (found,) = stated["statements"]
    return dict(found)


def _desk(platforms: RegionalPlatforms, region: str) -> ServiceDesk:
    return platforms.desk_of(PLATFORMS.get(region, region))
