"""What a terminal makes of the changes of a revocation list."""

from __future__ import annotations

import hashlib

import pytest
from msgspec.structs import replace

from virtual_cards.terminals.parameters import RevocationList
from virtual_cards.terminals.revocation_changes import RevocationChanges, digest_of, followed

_MOMENT = "2026-05-04T08:00:00+08:00"
_LATER = "2026-05-04T09:00:00+08:00"
KNOWN = RevocationList(7, _MOMENT, ("A", "C"), digest_of(["A", "C"]))
TOLD = RevocationChanges(
    9, 7, is_full=False, issued_at=_LATER, added=("B",), removed=("C",), digest=digest_of("AB")
)


def test_the_digest_is_every_serials_hash_xored_in_any_order() -> None:
    hashes = [int(hashlib.sha256(each).hexdigest(), 16) for each in (b"A", b"B")]
    assert digest_of("AB") == digest_of("BA") == f"{hashes[0] ^ hashes[1]:064x}"
    assert digest_of("B", digest_of("AB")) == digest_of("A")
    assert digest_of("") == "0" * 64


def test_changes_make_the_new_list_and_their_moment_its_age() -> None:
    listed = followed(KNOWN, TOLD)
    assert listed == RevocationList(9, _LATER, ("A", "B"), digest_of("AB"))
    unchanged = replace(TOLD, version=7, added=(), removed=(), digest=KNOWN.digest)
    same = followed(KNOWN, unchanged)
    assert same == replace(KNOWN, issued_at=_LATER)
    assert same is not None
    assert same.application_serials is KNOWN.application_serials
    repeated = replace(TOLD, added=("A", "B"))
    assert followed(KNOWN, repeated) == listed, "what is on it already changes nothing"


def test_the_whole_list_is_taken_whatever_was_known() -> None:
    whole = replace(TOLD, is_full=True, since=3, added=("X",), removed=(), digest=digest_of("X"))
    listed = followed(KNOWN, whole)
    assert listed is not None
    assert listed.application_serials == ("X",)


@pytest.mark.parametrize(
    "told",
    [
        replace(TOLD, since=6),
        replace(TOLD, since=8),
        replace(TOLD, version=6),
        replace(TOLD, digest=digest_of("ABC")),
        replace(TOLD, added=()),
        replace(TOLD, is_full=True),
    ],
    ids=["before", "after", "back", "digest", "one lost", "whole but not all"],
)
def test_a_chain_that_does_not_hold_is_not_followed(told: RevocationChanges) -> None:
    assert followed(KNOWN, told) is None
