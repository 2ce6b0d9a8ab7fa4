"""Security controls that are checked, levels of coordination bodies, and their events."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from card_platform.storage import Event


class Control(StrEnum):
    """What protects the platform and can be checked (CQ-20a, NM-22a); the list is ours."""

    AUDIT_CHAIN = "audit-chain"
    ACCESS_ROLES = "access-roles"
    CONSENT_BEFORE_QUERY = "consent-before-query"
    MASKING = "masking"
    KEY_CUSTODY = "key-custody"
    TERMINAL_KEYS = "terminal-keys"
    REVOCATION_LIST = "revocation-list"
    BACKUP = "backup"


class Level(StrEnum):
    """Of government."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class SupervisionRecorded(Event, frozen=True, kw_only=True):
    """An inspection, a finding's mending, a body or its progress was put on record."""

    action: ClassVar[str] = "record-supervision"
    what: str

    @property
    def detail(self) -> str:
        """What was recorded, by its id."""
        return self.what
