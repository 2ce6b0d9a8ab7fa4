"""What happens first of two things at one and the same moment.

Rule: by rank, then by number. The number of a customer is its source's place and its own place in
the source; the number of a change is its station's place and that of the server, 0 for the plan.
Both engines keep to it, so that ties (whole minutes, batches, constant times) are no matter of
chance. An order is one whole number of 63 bits.
"""

from __future__ import annotations

DONE, CHANGE, COMES, GATHERED, GIVES_UP = range(1, 6)
"""Ranks: services end; capacity changes, servers break down or are repaired; customers come or come
back; one has waited long enough for a batch to begin; patience ends."""

RANK_BITS = 58
SOURCE_BITS = 40
"""A customer's place in its source takes so many bits of its number."""
SERVER_BITS = 20


def order_of(rank: int, number: int) -> int:
    """The order of one thing among those at its moment."""
    return (rank << RANK_BITS) + number


def customer_number(source: int, place: int) -> int:
    """The number of the customer at this place of the source at that place, both from 0."""
    return (source << SOURCE_BITS) + place


def change_number(station: int, server: int) -> int:
    """The number of a change: of the plan for server 0, else of that server, counted from 1."""
    return (station << SERVER_BITS) + server
