"""The revocation list of a terminal, kept up by what changed (docs/interfaces.md, section 4).

Rules: changes are for the version they name and for no other. What comes of them is taken only if
its digest is the one that was told; otherwise the chain does not hold, and the whole list is asked
for. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from virtual_cards.terminals.parameters import RevocationList


class RevocationChanges(msgspec.Struct, frozen=True):
    """What changed after version `since`; all of the list in `added` where `is_full`."""

    version: int
    since: int
    is_full: bool
    issued_at: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    digest: str


def followed(known: RevocationList, told: RevocationChanges) -> RevocationList | None:
    """The list after the changes; None where they are not for it, or do not make what is meant."""
    if told.is_full:
        serials, digest = told.added, digest_of(told.added)
    elif told.since != known.version or told.version < known.version:
        return None
    elif not (told.added or told.removed):
        serials, digest = known.application_serials, known.digest
    else:
        before = set(known.application_serials)
        after = (before | set(told.added)) - set(told.removed)
        serials, digest = tuple(sorted(after)), digest_of(before ^ after, known.digest)
    if digest != told.digest:
        return None
    return RevocationList(told.version, told.issued_at, serials, digest)


def with_own_digest(told: RevocationList) -> RevocationList:
    """A whole list with the digest of what came: if that is not what was meant, no changes fit it.

    A platform of before tells no digest, and no changes either.
    """
    if not told.digest:
        return told
    return msgspec.structs.replace(told, digest=digest_of(told.application_serials))


def digest_of(serials: Iterable[str], digest: str = "") -> str:
    """The SHA-256 of every serial, XORed; of a list after these were put on it or taken off it."""
    mixed = int(digest or "0", 16)
    for serial in serials:
        mixed ^= int.from_bytes(hashlib.sha256(serial.encode()).digest(), "big")
    return f"{mixed:064x}"
