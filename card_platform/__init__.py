"""The reference card platform: who holds which card, what it may do, and where the money went."""
