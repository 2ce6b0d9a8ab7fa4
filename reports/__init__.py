"""Reads the stream of outcomes of a run and writes pages and pictures from it.

Rules: reports only read; nothing is measured or decided here, but what a run says is shown whole:
warnings, assumptions and faults too. A page refers to nothing outside itself.

Reading order: `story` (events put in order), `figures` (simulation and load JSON), `pictures`,
`page`, `junit`.
"""

from reports.junit import write_junit
from reports.page import build_report

__all__ = ["build_report", "write_junit"]
