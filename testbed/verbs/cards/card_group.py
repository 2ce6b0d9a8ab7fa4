"""The verb `onecard cards`, which the modules beside declare their verbs on."""

from __future__ import annotations

from testbed.bilingual import group
from testbed.command import root, summary

cards = group(root, "cards", **summary("cards"))
