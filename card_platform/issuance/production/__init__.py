"""Making and delivering cards (CQ-11a, YD-7b): by the order, to the site of collection, or on the
spot.

Reading order: `model` (the life of a card on its way), `refusals`, `store`, `orders` (many cards
ordered from the card maker at once), `deliveries` (finished cards to the site where they are
collected), `instant` (a card made at the counter), `lists` (many people applied for at once), then
`shapes` and the routes.
"""
