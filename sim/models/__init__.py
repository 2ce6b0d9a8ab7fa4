"""Models: each turns a real place into a network and answers a planner's question.

A new model is a file that makes one `Model`, and a line in `sim.run`.
"""

from sim.models.model import Model, Story

__all__ = ["Model", "Story"]
