"""Masking: how personal data may stand in audit, logs and reports (CQ-19)."""

from __future__ import annotations


def masked(text: str) -> str:
    """A name or number of which only the first and, from eight on, the last two stay readable.

    >>> masked("张三丰"), masked("500101199001011234")
    ('张**', '50**************34')
    """
    if len(text) < 8:  # noqa: PLR2004 - names are shorter, numbers longer
        return text[:1] + "*" * (len(text) - 1)
    return text[:2] + "*" * (len(text) - 4) + text[-2:]
