"""Step phrases by what people do: apply, live with a card, ride; and what must hold in the books."""
