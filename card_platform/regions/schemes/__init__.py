"""Card, certificate and QR schemes beside the social security card: refused, merged, moved over.

Reading order: `likeness` (when a scheme duplicates an item), `model`, `function_life`, `refusals`,
`service`, `card_writing` (functions on chips), `renewed_cards` (they follow their holder), `store`,
`card_functions_store`, `routes`, `function_routes`.
"""
