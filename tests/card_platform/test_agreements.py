"""All region packs, a region added by a file, and the agreements between regions."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from litestar.testing import TestClient

from card_platform.app import build_app
from card_platform.installation import open_installation
from card_platform.oversight.consent.model import Item
from card_platform.regions import find_coverage, load_agreements, load_region
from card_platform.regions.pack import PACKS, read_pack
from card_platform.regions.structured_file import FileIsFaulty
from card_platform.settings import Settings
from tests.card_platform.city import City, application

REGIONS = {
    "NM": "150000",
    "SH": "310000",
    "JS": "320000",
    "ZJ": "330000",
    "AH": "340000",
    "CQ": "500000",
    "SC": "510000",
    "NX": "640000",
}
_DAY = date(2026, 1, 5)


@pytest.mark.parametrize(("name", "code"), REGIONS.items())
def test_every_region_has_a_pack_and_a_platform_starts_with_it(
    tmp_path: Path, name: str, code: str
) -> None:
    opened = open_installation(Settings(tmp_path / "data", region=name))
    try:
        parts = opened
        app = build_app(parts.policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
        with TestClient(app) as client:
            city = City(client, parts.access.tokens)
            assert city.get("/health").json()["region"] == code
            entitlement = parts.policy.issuance.entitlements.codes[0]
            asked = application(region=code, entitlement=entitlement)
            assert city.post("/v1/applications", asked, "clerk").status_code == 201
            wrong = application(2, region=code, entitlement="tourist")
            assert city.post("/v1/applications", wrong, "clerk").json()["code"] == "not-entitled"
    finally:
        opened.database.close()


def test_no_two_regions_share_a_code_an_issuer_or_a_serial_prefix() -> None:
    policies = [load_region(name) for name in REGIONS]
    for values in (
        {each.region.code for each in policies},
        {each.transit.issuer_id for each in policies},
        {each.transit.application_serial_prefix for each in policies},
    ):
        assert len(values) == len(REGIONS) == len(list(PACKS.glob("*.toml")))


@pytest.mark.parametrize("name", REGIONS)
def test_departments_of_every_region_have_purposes_of_their_own(name: str) -> None:
    duties = load_region(name).oversight.legal_duties
    asking = {each.code: each for each in duties}
    assert len(asking) == len(duties)
    for code in (
        "criminal-investigation", "epidemic-tracing", "medical-settlement", "social-assistance",
        "subsidy-supervision", "disability-subsidies", "tax-collection",
    ):  # fmt: skip
        assert asking[code].purposes, code
        assert set(asking[code].items) <= {item.value for item in Item}, code
    assert len({each.institution for each in duties}) == len(duties), "one institution each"


def test_a_new_region_is_a_new_file_and_nothing_else(tmp_path: Path) -> None:
    packs = tmp_path / "packs"
    packs.mkdir()
    text = (PACKS / "sichuan.toml").read_text(encoding="utf-8")
    for old, new in (
        ('code = "510000"', 'code = "520000"'),
        ('abbreviation = "SC"', 'abbreviation = "GZ"'),
        ('"四川省"', '"贵州省"'),
        ("51000001FFFFFFFF", "52000001FFFFFFFF"),
        ("03105100", "03105200"),
    ):
        assert old in text
        text = text.replace(old, new)
    (packs / "guizhou.toml").write_text(text, encoding="utf-8")
    policy = load_region("GZ", packs)
    parts = open_installation(Settings(tmp_path / "data", region="SC"))
    try:
        app = build_app(policy, parts.keys, parts.database, parts.access.tokens, parts.clock)
        with TestClient(app) as client:
            city = City(client, parts.access.tokens)
            assert city.get("/health").json()["region"] == "520000"
            granted = city.post("/v1/applications", application(region="520000"), "clerk")
            card = city.get(f"/v1/cards/{granted.json()['card_id']}").json()
            assert card["region"] == "520000"
            assert card["application_serial"].startswith("03105200")
    finally:
        parts.database.close()


@pytest.mark.parametrize("path", sorted(PACKS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_number_has_a_clause_a_standard_or_the_mark_of_an_assumption(path: Path) -> None:
    policy = read_pack(path)
    text = path.read_text(encoding="utf-8")
    sources = [line.split("source = ")[1] for line in text.splitlines() if "source = " in line]
    assert sources
    for source in sources:
        marks = ("assumption", "GB/T", "JT/T", "LD/T", "NM-", "NX-", "SC-", "YD-", "CQ-")
        is_of_a_law = re.match(r'"[A-Z][A-Za-z ]+ Law, article \d+', source)
        assert is_of_a_law or source[1:].startswith(marks), source
    assert policy.issuance.card_validity.on(_DAY) > 0


@pytest.mark.parametrize(
    ("card", "place", "field", "day", "agreement"),
    [
        ("510000", "500000", "culture", _DAY, "sichuan-chongqing"),
        ("500000", "510100", "culture", _DAY, "sichuan-chongqing"),
        ("510000", "500000", "culture", date(2024, 12, 31), None),
        ("510000", "500000", "elder-care", _DAY, None),
        ("511000", "500153", "elder-care", _DAY, "neijiang-rongchang"),
        ("511000", "500112", "elder-care", _DAY, None),
        ("510000", "500153", "elder-care", _DAY, None),
        ("310000", "340100", "transport", _DAY, "yangtze-delta"),
        ("310118", "330421", "elder-care", _DAY, "delta-demonstration-zone"),
        ("310000", "330421", "elder-care", _DAY, None),
        ("640000", "150000", "tourism", _DAY, "inner-mongolia-ningxia"),
        ("150000", "500000", "tourism", _DAY, None),
    ],
)
def test_a_card_is_served_where_an_agreement_covers_it(
    card: str, place: str, field: str, day: date, agreement: str | None
) -> None:
    told = find_coverage(load_agreements(), card_region=card, place=place, field=field, day=day)
    assert told.served is (agreement is not None)
    assert (told.agreement.id if told.agreement else None) == agreement


def test_a_region_serves_its_own_cards_without_an_agreement() -> None:
    told = find_coverage([], card_region="500000", place="500103", field="any-field", day=_DAY)
    assert (told.served, told.agreement) == (True, None)


def test_a_faulty_agreement_reports_all_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        'id = "wrong"\nname_zh = "错"\nname_en = "wrong"\nkind = "friendship"\n'
        'parties = ["5000"]\nsource = "test"\n'
        'fields = [{ field = "culture", from = 2025-01-01 }]\n',
        encoding="utf-8",
    )
    with pytest.raises(FileIsFaulty) as refused:
        load_agreements(tmp_path)
    assert [each.path for each in refused.value.faults] == [
        "kind",
        "parties[0]",
        "fields[0].source",
    ]
    assert "wrong.toml:4: kind" in refused.value.en


def test_an_agreement_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        'id = "wrong"\nname_zh = "错"\nname_en = "wrong"\nkind = "pair"\n'
        'parties = ["500000", "500153"]\nsource = "test"\nfields = [\n'
        '  { field = "culture", from = 2025-01-01, until = 2024-01-01, source = "test" },\n]\n',
        encoding="utf-8",
    )
    with pytest.raises(FileIsFaulty) as refused:
        load_agreements(tmp_path)
    assert [each.path for each in refused.value.faults] == ["parties[1]", "fields[0].until"]
