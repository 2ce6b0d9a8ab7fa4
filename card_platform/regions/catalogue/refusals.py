"""What the catalogue refuses, with the clause that says so."""

from __future__ import annotations

from card_platform.errors import Refusal


class ItemIsUnknown(Refusal):
    """No item has that id, or the public may not see it yet."""

    code = "catalogue-item-unknown"
    status = 404
    title = "Catalogue item unknown"
    zh = "应用目录中没有这一事项。"
    en = "There is no such item in the catalogue."


class CatalogueStateForbids(Refusal):
    """The workflow has no such step from the version's state (CQ-14a)."""

    code = "catalogue-state-forbids"
    status = 409
    title = "State of the item forbids this"
    zh = "事项处于 {state}，不能 {action}；此时可以：{allowed}。"
    en = "The item is {state}; it does not allow {action}. Allowed now: {allowed}."


class OwnerIsUnknown(Refusal):
    """NM-5, CQ-9: an item has one owning department of the region."""

    code = "owner-department-unknown"
    status = 422
    title = "Owning department unknown"
    zh = "责任部门 {owner} 不在本地区的部门之列：{known}。"
    en = "The department {owner} is none of the region's: {known}."


class SceneIsUnknown(Refusal):
    """A field of use that neither the text names nor an agreement of departments added (CQ-6c)."""

    code = "scene-unknown"
    status = 422
    title = "Scene unknown"
    zh = "应用场景 {scene} 尚未纳入；须先由有关部门与人力资源和社会保障部门协商纳入。"
    en = "The scene {scene} has not joined; its department must first agree with HRSS."


class SceneIsKnown(Refusal):
    """The field of use has joined already."""

    code = "scene-already-joined"
    status = 409
    title = "Scene has joined already"
    zh = "应用场景 {scene} 已经纳入。"
    en = "The scene {scene} has joined already."


class AreaIsElsewhere(Refusal):
    """The area does not lie in this region, or not in the item's."""

    code = "area-outside"
    status = 422
    title = "Area outside"
    zh = "区划 {area} 不在 {within} 之内。"
    en = "The area {area} does not lie in {within}."


class ItemIsListed(Refusal):
    """The same item is compiled or listed here or at a higher level."""

    code = "item-already-listed"
    status = 409
    title = "Item already listed"
    zh = "事项“{name}”已在 {area} 的应用目录中（{item_id}）。"
    en = "The item “{name}” is in the catalogue of {area} already ({item_id})."


class SideDecidesItself(Refusal):
    """CQ-14c, YD-8: a side with a platform on the road decides there, and its platform tells it."""

    code = "joint-side-decides-itself"
    status = 409
    title = "The side decides on its own platform"
    zh = "{area} 的平台已与本平台互联，须由其在自己的平台上决定并签名告知，本地不得代录。"
    en = "{area} has a platform on the road; it decides there and tells this one, signed."


class PaperIsMissing(Refusal):
    """A side without a platform decides on paper, and the paper is named."""

    code = "joint-side-paper-missing"
    status = 422
    title = "Paper of the side missing"
    zh = "{area} 没有互联的平台，须录入其书面决定的文号。"
    en = "{area} has no platform on the road; name the paper on which it decided."


class ItemOfHigherLevel(Refusal):
    """NM-7b: a lower level extends the list of the higher one and takes nothing from it."""

    code = "item-of-higher-level"
    status = 403
    title = "Item of a higher level"
    zh = "事项属于上级 {item_area} 的目录；{area} 只能在其基础上拓展，不能调整或者移出。"
    en = "The item is of the higher level {item_area}; {area} may add to its list, not take away."


class AuthorityIsNotCompetent(Refusal):
    """CQ-14a to CQ-14c: who decides on an item is fixed."""

    code = "authority-not-competent"
    status = 403
    title = "Authority not competent"
    zh = "{area} 不能对该事项作此决定；应由：{competent}。"
    en = "{area} cannot decide this on the item; it is for: {competent}."


class PartyHasDecided(Refusal):
    """A side of a joint list approves a version once."""

    code = "party-has-decided"
    status = 409
    title = "Party has decided"
    zh = "{area} 已对该版本作出批准；尚待：{waiting}。"
    en = "{area} has approved this version already; still waiting for: {waiting}."


class AgreementIsUnknown(Refusal):
    """A joint item rests on an agreement to which its area is a party."""

    code = "agreement-unknown"
    status = 422
    title = "Agreement unknown"
    zh = "没有以 {area} 为一方的合作协议 {agreement}。"
    en = "There is no agreement {agreement} with {area} as a party."


class PilotIsNotEarlier(Refusal):
    """YD-16: a pilot zone goes before the rest."""

    code = "pilot-not-earlier"
    status = 422
    title = "Pilot not earlier"
    zh = "先行先试地区 {area} 的启用日期 {start} 应早于全面启用日期 {general}。"
    en = "The pilot zone {area} must begin before the rest: {start}, the rest {general}."


class FilingIsNotNeeded(Refusal):
    """Only items below the level of the region are filed."""

    code = "filing-not-needed"
    status = 409
    title = "Filing not needed"
    zh = "本地区一级的事项无需向上备案。"
    en = "An item of the region itself is filed with nobody."


class ItemOfAnotherRegion(Refusal):
    """A joint item is compiled, adjusted, published and filed where it was compiled first."""

    code = "item-of-another-region"
    status = 403
    title = "Item of another region"
    zh = "事项由 {item_area} 编制，编制、调整、公布和备案在该地办理；本地只就本方意见作出决定。"
    en = "The item is of {item_area}, which changes and publishes it; here its own side decides."


class VersionIsAnother(Refusal):
    """What was decided on has been adjusted since."""

    code = "catalogue-version-differs"
    status = 409
    title = "Another version"
    zh = "所作决定针对第 {version} 版，现为第 {newest} 版。"
    en = "The decision is on version {version}; the newest is {newest}."
