"""Identity: a counter asks whether a card is genuine and whose it is (CQ-6a)."""
