"""Filing for treatment elsewhere (异地就医备案): by the holder on line or at a site (YD-13).

Reading order: `model`, `refusals`, `store`, `service`, `shapes`, `routes`.
"""
