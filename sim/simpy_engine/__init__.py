"""The reference engine: plays any network with SimPy, and reads as the story of a customer.

Reading order: `clock` (moments and their order), `service_point` (a station at work), `play` (the
story of a customer, and of a whole run), `draws` (random numbers), `record` (what was seen).
"""

from sim.simpy_engine.play import play

__all__ = ["play"]
