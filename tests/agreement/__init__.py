"""Two independent sides that must agree: the platform's view of a card, and the card's own."""
