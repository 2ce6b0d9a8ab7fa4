"""Reads region packs, and judges what a type cannot see."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from card_platform.errors import EXIT_CALL_WRONG, PlatformCannotStart
from card_platform.regions.payout_policy import judge_payouts
from card_platform.regions.policy import DatedNumber, RegionPolicy
from card_platform.regions.structured_file import FileIsFaulty, read_structured
from card_platform.regions.utility_policy import judge_utilities
from card_platform.vocabulary.faults import Fault

_PERCENT_MAX = 100
_KEPT_MAX = 32
"""Packs that a process keeps as it read them."""
PACKS = Path(__file__).parent / "packs"


class PackIsFaulty(FileIsFaulty):
    """A pack that does not say what a pack must say."""


def load_region(name: str, folder: Path = PACKS) -> RegionPolicy:
    """The policy of the region of that abbreviation (CQ) or code (500000).

    Raises:
        PlatformCannotStart: no pack has that name, or a pack is faulty.
    """
    known = []
    for path in sorted(folder.glob("*.toml")):
        policy = read_pack(path)
        if name in (policy.region.abbreviation, policy.region.code):
            return policy
        known.append(policy.region.abbreviation)
    raise PlatformCannotStart(
        f"没有地区 {name} 的配置；现有：{'、'.join(known)}。请改用其中之一。",
        f"There is no pack for region {name}; known: {', '.join(known)}. Use one of these.",
        EXIT_CALL_WRONG,
    )


@lru_cache(1)
def all_regions() -> tuple[RegionPolicy, ...]:
    """The policies of all regions, in the order of their files. Raises as `read_pack`."""
    return tuple(read_pack(path) for path in sorted(PACKS.glob("*.toml")))


def read_pack(path: Path) -> RegionPolicy:
    """One pack, typed; read again only when its file has changed.

    Raises:
        PackIsFaulty: with every fault.
    """
    file = path.stat()
    return _read(path, file.st_mtime_ns, file.st_size)


@lru_cache(_KEPT_MAX)
def _read(path: Path, _changed_ns: int, _size_bytes: int) -> RegionPolicy:
    return read_structured(path, RegionPolicy, _judge, PackIsFaulty)


def _judge(policy: RegionPolicy) -> list[Fault]:
    """Faults a type cannot see."""
    faults = []
    faults += [
        Fault(f"{path}.unit", number.unit, unit)
        for path, number, unit in _units(policy)
        if number.unit != unit
    ]
    faults += policy.transit.faults()
    faults += _twice("catalogue.departments", [each.code for each in policy.catalogue.departments])
    faults += _twice("catalogue.scenes", [each.code for each in policy.catalogue.scenes])
    faults += _twice("identity", policy.identity.codes)
    faults += [
        Fault(f"licences.concessions[{index}].reduction.values", str(dated.value), "at most 100")
        for index, each in enumerate(policy.licences.concessions)
        for dated in each.reduction.values
        if dated.value > _PERCENT_MAX
    ]
    faults += _twice("banks", [each.code for each in policy.banks])
    faults += [
        Fault(f"banks[{place}].agreements[{index}].until", str(each.until), "no day before `from`")
        for place, bank in enumerate(policy.banks)
        for index, each in enumerate(bank.agreements)
        if each.until is not None and each.until < each.from_day
    ]
    faults += judge_payouts(policy.payouts)
    faults += policy.medical.faults()
    faults += judge_utilities(policy.utilities)
    faults += _twice("guide", [each.service for each in policy.guide])
    return faults


def _twice(place: str, codes: list[str]) -> list[Fault]:
    return [
        Fault(f"{place}[{index}]", code, "each code once")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]


def _units(policy: RegionPolicy) -> list[tuple[str, DatedNumber, str]]:
    """Every number of a pack with its place and the unit it must have."""
    return [
        ("issuance.card_validity", policy.issuance.card_validity, "years"),
        *(
            (f"oversight.{name}", getattr(policy.oversight, name), "days")
            for name in ("consultation_answer", "complaint_answer", "report_answer", "passing_on")
        ),
        ("issuance.oral_loss_report", policy.issuance.oral_loss_report, "days"),
        *((f"transit.{place}", number, unit) for place, number, unit in policy.transit.numbers()),
        *((place, number, "seconds") for place, number in policy.electronic_card.seconds()),
        *((place, number, "seconds") for place, number in policy.access.seconds()),
        *policy.medical.numbers(),
        ("identity.challenge_valid_for", policy.identity.challenge_valid_for, "seconds"),
        ("identity.shown_for", policy.identity.shown_for, "seconds"),
        ("licences.statement_valid_for", policy.licences.statement_valid_for, "days"),
        *(
            (f"licences.concessions[{index}].reduction", each.reduction, "percent")
            for index, each in enumerate(policy.licences.concessions)
        ),
        ("catalogue.filing_within", policy.catalogue.filing_within, "days"),
        ("payouts.certification_valid_for", policy.payouts.certification_valid_for, "days"),
        ("payouts.periods_ahead", policy.payouts.periods_ahead, "periods"),
        *(
            (f"guide[{index}].time_limit", each.time_limit, "days")
            for index, each in enumerate(policy.guide)
        ),
        *(
            number
            for index, each in enumerate(policy.utilities)
            for number in each.numbers(f"utilities[{index}]")
        ),
    ]
