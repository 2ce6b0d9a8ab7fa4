"""The social security part of a personalisation image (docs/interfaces.md, section 1).

Rules: values of EF05, EF06 and EF0D come padded to the length of LD/T 32.6; all tags are there but
4E, which a card of version 1.0 has not. What the image says twice (specification version, card
number) must agree. Directories, pictures, medical purse and certificates came with version 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from virtual_cards.apdu import tlv
from virtual_cards.applets.social_security.directories import DIRECTORIES, DirectoryRow
from virtual_cards.applets.social_security.directories import KEY_NAMES as DIRECTORY_KEY_NAMES
from virtual_cards.applets.social_security.directories import OPTIONAL_KEYS as DIRECTORY_OPTIONAL
from virtual_cards.applets.social_security.profile import algorithm_of, profile_of
from virtual_cards.applets.social_security.specification import (
    EF0D_ITEMS,
    EF05_ITEMS,
    EF06_ITEMS,
    FINGERPRINT,
    FIRST_ISSUE,
    FIRST_ISSUE_KEY,
    KEY_NAMES,
    LOCAL,
    PHOTO,
    RECORD_LENGTH_MAX,
    Item,
)
from virtual_cards.assumptions import BLOCK_KEY
from virtual_cards.files import ElementaryFile
from virtual_cards.keys import Algorithm
from virtual_cards.keys.ciphers import KEY_LENGTH
from virtual_cards.personalisation.area_images import (
    CertificateAreaImage,
    MedicalPurseImage,
    read_certificate_area,
    read_medical_purse,
)
from virtual_cards.personalisation.faults import ImageReader

_VERSION_TAG: Final = 0x03
_CARD_NUMBER_TAG: Final = 0x07
_NAME_EXTENSION: Final = "4E"
_OPTIONAL_KEYS: Final = {"STKSSSE": BLOCK_KEY, "UKEF0D": FIRST_ISSUE_KEY}

Content = bytes | tuple[bytes, ...]
"""A transparent file, or the records of a record file."""


@dataclass(frozen=True, slots=True)
class DirectoryImage:
    """One of DF01 to DF04: content by name of its EFs, keys by reference."""

    row: DirectoryRow
    files: dict[str, Content]
    keys: dict[int, bytes]


@dataclass(frozen=True, slots=True)
class SocialSecurityImage:
    """The environment SSSE and what stands below it."""

    spec_version: str
    issuer_data: bytes
    algorithm: Algorithm
    files: dict[str, Content]
    """EF05 and EF06, and those of EF07, EF08, EF0B and EF0D that there are."""
    keys: dict[int, bytes]
    directories: tuple[DirectoryImage, ...] = ()
    medical_purse: MedicalPurseImage | None = None
    certificate_area: CertificateAreaImage | None = None


def read_social_security(
    reader: ImageReader, version: int, card_number: str, region: str
) -> SocialSecurityImage:
    """Read the section; `region` is the code of the historical bytes. Faults go to the reader."""
    members = ["spec_version", "issuer_data", "files", "keys"]
    if version > 1:
        members += ["directories", "medical_purse", "pki"]
    reader.only(*members)
    spec_version = reader.text("spec_version", r"[123]\.[0-9]{2}", "a version such as 3.00")
    issuer_data = reader.octets("issuer_data", None)
    algorithm = algorithm_of(issuer_data, region)
    if algorithm is None:
        found = "issuer data of another algorithm, or of none"
        reader.report("issuer_data", found, "tag 86 with 01 (3DES) or 03 (SM4)")
        algorithm = Algorithm.SM4
    files = _files(reader.section("files"), version, spec_version, card_number)
    optional_keys = _OPTIONAL_KEYS if version > 1 else {}
    keys = _keys(reader.section("keys"), KEY_NAMES, optional_keys)
    directories = _directories(reader)
    purse = None
    if reader.has("medical_purse"):
        purse = read_medical_purse(reader.section("medical_purse"))
        if not any(directory.row.name == "DF04" for directory in directories):
            reader.report("medical_purse", "no DF04 to hold it", "directories.DF04")
    area = read_certificate_area(reader.section("pki")) if reader.has("pki") else None
    return SocialSecurityImage(
        spec_version, issuer_data, algorithm, files, keys, directories, purse, area
    )


def _files(
    reader: ImageReader, version: int, spec_version: str, card_number: str
) -> dict[str, Content]:
    profile = profile_of(spec_version)
    allowed = ["EF05", "EF06"]
    if version > 1:
        allowed.append(LOCAL.name)
        allowed += [FINGERPRINT.name, PHOTO.name] if profile.has_pictures else []
        allowed += [FIRST_ISSUE.name] if profile.has_first_issue else []
    reader.only(*allowed)
    ef05_reader = reader.section("EF05")
    ef05 = _values(ef05_reader, EF05_ITEMS)
    stated = {_VERSION_TAG: spec_version, _CARD_NUMBER_TAG: card_number}
    for tag, value in ef05:
        if tag in stated and value.rstrip(b"\0") != stated[tag].encode() and stated[tag]:
            ef05_reader.report(f"{tag:02X}", value.hex().upper(), f"{stated[tag]} in ASCII")
    ef06_reader = reader.section("EF06")
    if version > 1 and not profile.has_name_extension and ef06_reader.has(_NAME_EXTENSION):
        ef06_reader.report(_NAME_EXTENSION, "a name extension", "none on a card of version 1.0")
    files: dict[str, Content] = {
        "EF05": _encoded(ef05),
        "EF06": _encoded(_values(ef06_reader, EF06_ITEMS)),
    }
    for file in (FINGERPRINT, PHOTO):
        if file.name in allowed and reader.has(file.name):
            files[file.name] = reader.filling(file.name, file.size)
    if LOCAL.name in allowed and reader.has(LOCAL.name):
        files[LOCAL.name] = _tagged(reader.section(LOCAL.name), LOCAL, ())
    if FIRST_ISSUE.name in allowed and reader.has(FIRST_ISSUE.name):
        files[FIRST_ISSUE.name] = _encoded(_values(reader.section(FIRST_ISSUE.name), EF0D_ITEMS))
    return files


def _keys(
    reader: ImageReader, required: dict[str, int], optional: dict[str, int]
) -> dict[int, bytes]:
    reader.only(*required, *optional)
    return {
        reference: reader.octets(name, KEY_LENGTH, secret=True)
        for name, reference in (required | optional).items()
        if name in required or reader.has(name)
    }


def _directories(reader: ImageReader) -> tuple[DirectoryImage, ...]:
    if not reader.has("directories"):
        return ()
    section = reader.section("directories")
    section.only(*DIRECTORIES)
    return tuple(
        _directory(section.section(name), row)
        for name, row in DIRECTORIES.items()
        if section.has(name)
    )


def _directory(reader: ImageReader, row: DirectoryRow) -> DirectoryImage:
    reader.only("files", "keys")
    section = reader.section("files")
    section.only(*(file_row.file.name for file_row in row.files))
    files: dict[str, Content] = {}
    for file_row in row.files:
        file = file_row.file
        if not section.has(file.name):
            continue
        if file.has_records:
            files[file.name] = _tagged(section.section(file.name), file, file_row.tags)
        else:
            files[file.name] = section.filling(file.name, file.size)
    optional = {n: ref for n, ref in DIRECTORY_KEY_NAMES.items() if n in DIRECTORY_OPTIONAL}
    required = {n: ref for n, ref in DIRECTORY_KEY_NAMES.items() if n not in DIRECTORY_OPTIONAL}
    return DirectoryImage(row, files, _keys(reader.section("keys"), required, optional))


def _values(reader: ImageReader, items: tuple[Item, ...]) -> tuple[tuple[int, bytes], ...]:
    reader.only(*(f"{item.tag:02X}" for item in items))
    values = []
    for item in items:
        key = f"{item.tag:02X}"
        if reader.has(key) or not item.optional:
            values.append((item.tag, reader.octets(key, item.length)))
    return tuple(values)


def _tagged(reader: ImageReader, file: ElementaryFile, tags: tuple[int, ...]) -> tuple[bytes, ...]:
    """Records by tag, in the order of the tags; any one-byte tag where the table names none."""
    names = [f"{tag:02X}" for tag in tags]
    if tags:
        reader.only(*names)
    else:
        names = sorted(str(member) for member in reader.members)
    records = []
    for name in (name for name in names if reader.has(name)):
        if not reader.is_tag(name):
            reader.report(name, "a member", "a tag of two upper-case hexadecimal digits")
            continue
        value = reader.octets_up_to(name, RECORD_LENGTH_MAX)
        records.append(tlv.encode(int(name, 16), value))
    if len(records) > file.records_max:
        reader.report("", f"{len(records)} records", f"at most {file.records_max}")
    return tuple(records)


def _encoded(values: tuple[tuple[int, bytes], ...]) -> tuple[bytes, ...]:
    return tuple(tlv.encode(tag, value) for tag, value in values)
