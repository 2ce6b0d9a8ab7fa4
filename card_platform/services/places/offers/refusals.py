"""What is refused of offers."""

from __future__ import annotations

from card_platform.errors import Refusal


class OfferIsUnknown(Refusal):
    """There is none of that id, or it is another site's."""

    code = "offer-unknown"
    status = 404
    title = "Offer unknown"
    zh = "没有此服务项目，或者不在本网点。"
    en = "There is no such offer, or it is another site's."


class OfferIsNotOpen(Refusal):
    """It is suspended or has ended."""

    code = "offer-not-open"
    status = 409
    title = "Offer not open"
    zh = "服务项目状态为 {state}，暂不受理。"
    en = "The offer is {state}; nobody is served on it."


class OfferStateForbids(Refusal):
    """A step its life has not."""

    code = "offer-state-forbids"
    status = 409
    title = "Offer's state forbids this"
    zh = "服务项目状态为 {state}，不能 {action}；此状态下可办理：{allowed}。"
    en = "The offer is {state}; it does not allow {action}. Allowed now: {allowed}."


class OfferItemIsNotServed(Refusal):
    """NM-19, NX-9e: its item is not in effect, or the site is not in service for it."""

    code = "offer-item-not-served"
    status = 409
    title = "Catalogue item not served here"
    zh = "目录事项 {item} 未生效，或者本网点未开办该事项。"
    en = "The catalogue item {item} is not in effect, or the site is not in service for it."
