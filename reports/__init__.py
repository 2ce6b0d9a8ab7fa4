"""Reads the stream of outcomes and writes pages and pictures."""
