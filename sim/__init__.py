"""Queueing models of stations, cities and provinces."""
