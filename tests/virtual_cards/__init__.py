"""Tests of the virtual cards, mirroring `virtual_cards`."""
