"""Models: each turns a real place into a network and answers a planner's question.

A new model is a file that makes one `Model`, and its name here. Numbers that fill more than a page
stand in `numbers`.

Reading order: `model`, `metro_station` (one station with one queue), `hotline`, `service_hall`,
`commuter_rush`, `payout_day`, `holiday`, `emergency`, `card_replacement`.
"""

from sim.models import (
    card_replacement,
    commuter_rush,
    emergency,
    holiday,
    hotline,
    metro_station,
    payout_day,
    service_hall,
)
from sim.models.model import Model, Story

MODELS = {
    model.name: model
    for model in (
        metro_station.MODEL,
        commuter_rush.MODEL,
        payout_day.MODEL,
        card_replacement.MODEL,
        holiday.MODEL,
        emergency.MODEL,
        hotline.MODEL,
        service_hall.MODEL,
    )
}
"""By name, in the order in which they are listed."""

__all__ = ["MODELS", "Model", "Story"]
