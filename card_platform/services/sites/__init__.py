"""Service sites: equipment, accessibility, hours, and the items each is in service for.

Reading order: `model`, `refusals`, `service`, `store`, `routes` (staff), `public_routes` (the
catalogue, the guide, sites and agreements, for everybody).
"""
