"""Terminals of every kind: gates, buses, counters, desks, canteens; their PSAM and token."""
