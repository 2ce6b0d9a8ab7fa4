"""What stands in the examples of places: see `example_objects`, which takes them in."""

from __future__ import annotations

from typing import Any, Final

_OWN_CARD: Final[dict[str, Any]] = {"name": "测试甲", "region": None, "certificates": []}
_NAMES: Final = {"name_zh": "市图书馆外借", "name_en": "Lending of the city library"}
_OFFER: Final[dict[str, Any]] = {**_NAMES, "kind": "lending", "field": "culture", "item_id": None}
_TERMS: Final[dict[str, Any]] = {
    "price_fen": 0,
    "resident_price_fen": None,
    "concessions": [],
    "subsidy": None,
    "slots": [],
    "ahead_days": 7,
    "daily_max": None,
    "yearly_max": None,
}
PLACES: Final[dict[str, dict[str, Any]]] = {
    "OfferBody": _OFFER,
    "OfferTerms": _TERMS,
    "OfferAnswer": {**_OFFER, "state": "open"},
    "OfferStepBody": {"reason": "闭馆修缮"},
    "OfferConcession": {"from_age": None},
    "OfferSlot": {"opens": "09:00", "closes": "12:00"},
    "SlotAnswer": {"opens": "09:00", "closes": "12:00"},
    "ShownBody": _OWN_CARD,
    "BookingBody": {**_OWN_CARD, "opens": "09:00"},
    "OwnBookingBody": {"opens": "09:00", "document": None},
    "CancellationOfBooking": {"document": None},
    "UseBody": {**_OWN_CARD, "bill_fen": None},
    "LoanBody": {**_OWN_CARD, "copy": "CQ-0042-7"},
    "ReturnBody": {"copy": "CQ-0042-7", "region": None},
    "ActStepBody": {"reason": "行程有变"},
    "FillingBody": {"bank": "jialing-bank"},
    "ActAnswer": {
        "kind": "entry",
        "state": "booked",
        "agreement": None,
        "opens": "09:00",
        "ended_at": None,
        "concession": "veteran",
        "percent": 50,
        "subsidy_fen": 0,
        "payer": None,
        "pay": "personal-money",
        "copy": None,
        "due_on": None,
        "renewals": 0,
        "returned_in": None,
    },
    "ReturnAnswer": {
        "copy": "CQ-0042-7",
        "state": "returned",
        "overdue_days": 0,
        "problem_code": None,
        "problem_zh": None,
        "problem_en": None,
    },
}
