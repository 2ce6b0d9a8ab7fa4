"""Terminals: gates and counters, their PSAM and their token."""
