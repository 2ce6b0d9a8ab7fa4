"""Every subject of `make bench`, in the order they are measured and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from testbed.benchmarks import (
    card_batches,
    clearing,
    in_process_apdu,
    million_cards,
    payouts,
    pcsc_gate_entry,
    pcsc_select_read,
    pcsc_sixteen_readers,
    personalise,
    platform_requests,
    risk_screening,
    sim_models,
    sim_visits,
    tap_batches,
)
from testbed.benchmarks.figure import Figure


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured; `measure` raises `CannotMeasure` or `FigureIsRefused`."""

    name: str
    measure: Callable[[], list[Figure]]


SUBJECTS: tuple[Subject, ...] = (
    Subject(pcsc_select_read.NAME, pcsc_select_read.measure),
    Subject(pcsc_sixteen_readers.NAME, pcsc_sixteen_readers.measure),
    Subject(pcsc_gate_entry.NAME, pcsc_gate_entry.measure),
    Subject(in_process_apdu.NAME, in_process_apdu.measure),
    Subject(personalise.NAME, personalise.measure),
    Subject(card_batches.NAME, card_batches.measure),
    *(
        Subject(f"{requests}-{database}", partial(platform_requests.measure, requests, database))
        for database in platform_requests.DATABASES
        for requests in platform_requests.REQUESTS_MEASURED
    ),
    *(
        Subject(f"million-cards-{database}", partial(million_cards.measure, database))
        for database in platform_requests.DATABASES
    ),
    *(
        Subject(f"payout-million-{database}", partial(payouts.measure, database))
        for database in platform_requests.DATABASES
    ),
    Subject(tap_batches.NAME, tap_batches.measure),
    Subject(clearing.NAME, clearing.measure),
    Subject(risk_screening.NAME, risk_screening.measure),
    Subject(sim_visits.NAME, sim_visits.measure),
    Subject(sim_models.MODELS_NAME, sim_models.measure_models),
    Subject(sim_models.DAY_NAME, sim_models.measure_day),
)
