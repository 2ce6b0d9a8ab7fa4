"""Lending: readers by card, loans, returns at any library of the region or of a cooperating one.

Reading order: `model` (a return and its life), `refusals`, `store`, `service` (readers, loans,
renewals), `returns` (here, and over the exchange), `shapes`, `routes`.
"""
