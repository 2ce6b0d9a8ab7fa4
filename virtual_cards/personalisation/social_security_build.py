"""From the social security part of an image to its applications and their first memory.

Rules: an application exists when the image brings it: SSSE always, a directory for each member of
`directories`, the purse in DF04, the certificate area for `pki`. Each environment is a DDF with
what stands below it.
"""

from __future__ import annotations

from virtual_cards.applets.social_security.applet import (
    LIFE,
    Definition,
    SocialSecurity,
    directory_fci,
    environment_fci,
)
from virtual_cards.applets.social_security.directories import dedicated_file
from virtual_cards.applets.social_security.medical.accounts import LOG, Accounts
from virtual_cards.applets.social_security.medical.purse import MedicalPurse
from virtual_cards.applets.social_security.pki.applet import (
    CertificateArea,
    CertificateEnvironment,
)
from virtual_cards.applets.social_security.pki.specification import initial_values
from virtual_cards.applets.social_security.specification import (
    OPTIONAL_FILES,
    SSSE_NAME,
    directory,
)
from virtual_cards.card_os.applet import Applet
from virtual_cards.card_os.challenges import RandomBytes
from virtual_cards.card_os.life_cycle import life_cycle_slot
from virtual_cards.files import DedicatedFile, Directory, PersistentMemory, Value
from virtual_cards.files.contents import bytes_slot, records_slot
from virtual_cards.keys.store import KeyStore
from virtual_cards.personalisation.social_security_image import (
    Content,
    DirectoryImage,
    SocialSecurityImage,
)

_MEDICAL: str = "DF04"


def social_security_memory(image: SocialSecurityImage) -> dict[str, Value]:
    """The memory of a new card, by name of slot."""
    values: dict[str, Value] = {life_cycle_slot(LIFE).name: 0}
    values |= _directory_memory(_environment_files(image), image.files, image.keys)
    for part in image.directories:
        values |= _directory_memory(_directory_files(image, part), part.files, part.keys)
    purse = image.medical_purse
    if purse is not None:
        values |= Accounts.initial_values(
            purse.current_year_fen, purse.earlier_years_fen, purse.starting_day
        )
    area = image.certificate_area
    if area is not None:
        values |= initial_values(area.signing, area.encryption)
    return values


def social_security_environments(
    image: SocialSecurityImage, memory: PersistentMemory, random_bytes: RandomBytes
) -> list[list[Applet]]:
    """SSSE with its directories, and the certificate area when there is one."""
    definition = Definition(
        SSSE_NAME,
        None,
        environment_fci(image.issuer_data),
        _environment_files(image),
        image.algorithm,
    )
    environment: list[Applet] = [SocialSecurity(definition, image.keys, memory, random_bytes)]
    environment += [_directory(image, part, memory, random_bytes) for part in image.directories]
    environments = [environment]
    if image.certificate_area is not None:
        environments.append([CertificateEnvironment(memory), CertificateArea(memory, random_bytes)])
    return environments


def _directory(
    image: SocialSecurityImage,
    part: DirectoryImage,
    memory: PersistentMemory,
    random_bytes: RandomBytes,
) -> Applet:
    row = part.row
    files = _directory_files(image, part)
    definition = Definition(
        row.aid, row.file_identifier, directory_fci(row.aid), files, image.algorithm
    )
    purse = None
    if image.medical_purse is not None and row.name == _MEDICAL:
        accounts = Accounts(Directory(files, memory))
        keys = image.medical_purse.keys
        purse = MedicalPurse(accounts, keys, image.algorithm, random_bytes)
    return SocialSecurity(definition, part.keys, memory, random_bytes, purse)


def _environment_files(image: SocialSecurityImage) -> DedicatedFile:
    return directory(image.spec_version, (name for name in image.files if name in OPTIONAL_FILES))


def _directory_files(image: SocialSecurityImage, part: DirectoryImage) -> DedicatedFile:
    has_purse = image.medical_purse is not None and part.row.name == _MEDICAL
    return dedicated_file(part.row, frozenset(part.files), (LOG,) if has_purse else ())


def _directory_memory(
    files: DedicatedFile, contents: dict[str, Content], keys: dict[int, bytes]
) -> dict[str, Value]:
    values: dict[str, Value] = {**KeyStore.initial_values(files.name, keys)}
    for file in files.files:
        if file.has_records:
            values[records_slot(files, file).name] = contents.get(file.name, ())
        else:
            values[bytes_slot(files, file).name] = contents[file.name]
    return values
