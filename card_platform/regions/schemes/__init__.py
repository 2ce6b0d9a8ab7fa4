"""Card, certificate and QR schemes beside the social security card: refused, merged, moved over.

Reading order: `likeness` (when a scheme duplicates an item), `model`, `refusals`, `service`,
`store`, `routes`.
"""
