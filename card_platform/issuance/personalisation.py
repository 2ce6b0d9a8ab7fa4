"""The personalisation image: what the platform orders to be written on one card.

The bytes are those of docs/interfaces.md, section 1, version 2: EF05, EF06 and EF0D (LD/T 32.6),
DF04 with the medical purse, files 15, 16, 17 and 1A of the transit purse (JT/T 978), keys already
diversified for this card. Pure but for the keys.

Assumptions: the personnel id of EF0D is the card number; DF04 has the keys of the environment
(UKSSSE writes, RKSSSE reads), and its files begin empty. Certificates and functions of merged
schemes are written to the card later; the bank's part is the partner bank's.
"""

from __future__ import annotations

import msgspec

from card_platform.issuance.field_coding import an, cn, cn_date, split_name
from card_platform.issuance.model import Card, Person
from card_platform.keys import SecurityModule
from card_platform.regions import RegionPolicy
from card_platform.regions.transit_policy import CARD_TYPES, ORDINARY_CARD
from card_platform.vocabulary.region import first_four_digits_bcd

FACTORY_PIN = "123456"
"""The PIN of a new card, which the holder changes (LD/T 32.5 practice)."""
SPEC_VERSION = "3.00"
ISSUER_DATA = "860103"
"""Tag 9F0C of the FCI: algorithm SM4, as recorded from a third-generation card."""
_CHIP_VENDOR_OS_MANUFACTURER = bytes.fromhex("00814A44468660")
_ADULT = "3"
_APPLICATION = "D156000005"
_INITIALISING_ORGANISATION = "9156000002"
_RIDE_RECORD_HEADS = {"01": bytes.fromhex("27007D01"), "02": bytes.fromhex("27017D01")}
"""Records of file 1A on a new card: 1 is for rail, 2 for buses."""
_RIDE_RECORD_LENGTH = 128
_FILE_17_RESERVED = 47
_MEDICAL_FILES = ("EF05", "EF06", "EF08", "EF09")
_PERSONNEL_ID_LENGTH = 12


class DirectoryImage(msgspec.Struct, frozen=True):
    """One of the directories below the environment."""

    files: dict[str, dict[str, str]]
    keys: dict[str, str]


class MedicalPurseImage(msgspec.Struct, frozen=True, kw_only=True):
    """The medical purse of a new card: empty, paying from the day of issue."""

    current_year_fen: int = 0
    earlier_years_fen: int = 0
    starting_day: str
    keys: dict[str, str]


class CertificateAreaImage(msgspec.Struct, frozen=True):
    """The certificate area of a new card: it makes its keys itself, certificates come later."""


class CertificatesImage(msgspec.Struct, frozen=True):
    """Certificates and functions of merged schemes: the keys under which they will be written."""

    keys: dict[str, str]


class SocialSecurityImage(msgspec.Struct, frozen=True):
    """The social security application of a card."""

    spec_version: str
    issuer_data: str
    files: dict[str, dict[str, str]]
    keys: dict[str, str]
    directories: dict[str, DirectoryImage]
    medical_purse: MedicalPurseImage
    pki: CertificateAreaImage = CertificateAreaImage()


class TransitImage(msgspec.Struct, frozen=True):
    """The transit purse of a card."""

    files: dict[str, str | dict[str, str]]
    keys: dict[str, str]
    balance_fen: int = 0
    overdraft_limit_fen: int = 0


class PersonalisationImage(msgspec.Struct, frozen=True, kw_only=True):
    """One card, ready for the card maker."""

    format: str = "onecard.personalisation-image"
    version: int = 2
    test_keys: bool = True
    testbed: str
    card_number: str
    historical_bytes: str
    pin: str = FACTORY_PIN
    social_security: SocialSecurityImage
    transit: TransitImage
    certificates: CertificatesImage


def historical_bytes_of(region: str, card_serial: int) -> str:
    """The 13 historical bytes of the ATR (LD/T 32.2, table 16), in hex."""
    whole = (
        _CHIP_VENDOR_OS_MANUFACTURER
        + first_four_digits_bcd(region)
        + card_serial.to_bytes(4, "big")
    )
    return whole.hex().upper()


def personalisation_image(
    card: Card, person: Person, policy: RegionPolicy, keys: SecurityModule
) -> PersonalisationImage:
    """The image of one card; the same card gives the same image every time."""
    historical = bytes.fromhex(card.historical_bytes)
    issuer = bytes.fromhex(policy.transit.issuer_id)
    serial = bytes.fromhex(card.application_serial)
    return PersonalisationImage(
        testbed=keys.testbed,
        card_number=card.card_number,
        historical_bytes=card.historical_bytes,
        social_security=_social_security(card, person, keys),
        transit=TransitImage(
            files={
                "15": _hex(_file_15(card, issuer)),
                "16": _hex(_file_16(person)),
                "17": _hex(_file_17(card, person, policy)),
                "1A": {
                    number: _hex(head.ljust(_RIDE_RECORD_LENGTH, b"\x00"))
                    for number, head in _RIDE_RECORD_HEADS.items()
                },
            },
            keys=keys.transit_keys(issuer, serial),
        ),
        certificates=CertificatesImage(keys.certificate_keys(historical)),
    )


def _social_security(card: Card, person: Person, keys: SecurityModule) -> SocialSecurityImage:
    historical = bytes.fromhex(card.historical_bytes)
    own = keys.social_security_keys(card.region, historical)
    return SocialSecurityImage(
        spec_version=SPEC_VERSION,
        issuer_data=ISSUER_DATA,
        files={
            "EF05": _hexed(_ef05(card)),
            "EF06": _hexed(_ef06(person)),
            "EF0D": _hexed(_ef0d(card)),
        },
        keys=own | keys.further_social_security_keys(card.region, historical),
        directories={
            "DF04": DirectoryImage(
                files={name: {} for name in _MEDICAL_FILES},
                keys={"UK": own["UKSSSE"], "RK": own["RKSSSE"], "IRK": own["IRK"]},
            )
        },
        medical_purse=MedicalPurseImage(
            starting_day=_hex(cn_date(card.issue_date)),
            keys=keys.medical_keys(card.region, historical),
        ),
    )


def _ef05(card: Card) -> dict[str, bytes]:
    serial = card.historical_bytes[-8:]
    return {
        "01": cn(f"{card.region}{_APPLICATION}{serial}", 16),
        "02": an(_ADULT, 1),
        "03": an(SPEC_VERSION, 4),
        "04": cn(f"{_INITIALISING_ORGANISATION}{card.region}{card.region}01", 12),
        "05": cn_date(card.issue_date),
        "06": cn_date(card.valid_until),
        "07": an(card.card_number, 9),
    }


def _ef06(person: Person) -> dict[str, bytes]:
    name, extension = split_name(person.name)
    return {
        "08": an(person.document_number, 18),
        "09": name,
        "4E": extension,
        "0A": an(person.sex, 1),
        "0B": cn(person.ethnicity, 1),
        "0C": cn(person.birth_place, 3),
        "0D": cn_date(person.birth_date),
    }


def _ef0d(card: Card) -> dict[str, bytes]:
    personnel_id = card.card_number.rjust(_PERSONNEL_ID_LENGTH, "0")
    return {"EA": an(personnel_id, _PERSONNEL_ID_LENGTH), "EB": cn(card.region, 3)}


def _file_15(card: Card, issuer: bytes) -> bytes:
    application_type, application_version, fci_data = b"\x02", b"\x01", bytes(2)
    serial = bytes.fromhex(card.application_serial)
    days = cn_date(card.issue_date) + cn_date(card.valid_until)
    return issuer + application_type + application_version + serial + days + fci_data


def _file_16(person: Person) -> bytes:
    # Type, name 20, kind of document, number 32, one byte unused. A name GBK writes in more than 20
    # bytes is cut after a whole character.
    name = b""
    for character in person.name:
        encoded = character.encode("gbk")
        if len(name) + len(encoded) > 20:  # noqa: PLR2004 - the field's length
            break
        name += encoded
    return b"\x00" + name.ljust(20, b"\x00") + b"\x00" + an(person.document_number, 32) + b"\x00"


def _file_17(card: Card, person: Person, policy: RegionPolicy) -> bytes:
    """Country, city, and the type of card by the holder's age on the day of issue.

    A child's has the last year in which it holds (two bytes more, BCD; assumption: ours).
    """
    country, interoperable, card_type, until = "00000156", "0001", ORDINARY_CARD, "0000"
    aged = policy.transit.age_concession(person.birth_date, card.issue_date)
    if aged is not None:
        card_type = CARD_TYPES[aged.kind]
        if aged.kind == "child":
            years = aged.age.on_or_first(card.issue_date)
            until = f"{person.birth_date.year + years:04d}"
    place = f"{policy.transit.province}{policy.transit.city}"
    head = f"{country}{place}{interoperable}{card_type}{until}"
    return bytes.fromhex(head) + bytes(_FILE_17_RESERVED)


def _hex(value: bytes) -> str:
    return value.hex().upper()


def _hexed(values: dict[str, bytes]) -> dict[str, str]:
    return {tag: _hex(value) for tag, value in values.items()}
