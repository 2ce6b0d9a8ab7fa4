"""The key seed: 32 random bytes from which every test key of this testbed comes.

Rules: made once, when the data folder is new, with mode 0600; never made again for a database that
already has cards, because their keys would no longer fit. Test keys only: a real province keeps its
master keys in certified hardware.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import NewType

from card_platform.errors import EXIT_SOMETHING_MISSING, PlatformCannotStart

KeySeed = NewType("KeySeed", bytes)

SEED_LENGTH = 32
_TESTBED_LENGTH = 4


def open_key_seed(path: Path, *, may_create: bool) -> KeySeed:
    """Read the seed, or make it where the database is new.

    Raises:
        PlatformCannotStart: the file is missing though cards exist, or does not hold a seed.
    """
    if path.exists():
        return _read(path)
    if not may_create:
        raise PlatformCannotStart(
            f"数据库已有数据，但缺少密钥种子文件 {path}；请从备份恢复，或换一个数据目录。",
            f"The database has data, but the key seed {path} is missing;"
            " restore the file from a backup, or use a new data folder.",
            EXIT_SOMETHING_MISSING,
        )
    seed = secrets.token_bytes(SEED_LENGTH)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return KeySeed(seed)


def read_key_seed(path: Path) -> KeySeed | None:
    """The seed in a file that need not be there.

    Raises:
        PlatformCannotStart: the file does not hold a seed.
    """
    return _read(path) if path.exists() else None


def _read(path: Path) -> KeySeed:
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        seed = b""
    if len(seed) != SEED_LENGTH:
        raise PlatformCannotStart(
            f"密钥种子文件 {path} 应为 64 位十六进制数字；请从备份恢复该文件。",
            f"The key seed {path} must hold 64 hexadecimal digits; restore it from a backup.",
        )
    return KeySeed(seed)


def testbed_of(seed: KeySeed) -> str:
    """Names the testbed whose keys these are: first 4 bytes of SHA-256 of the seed, in hex."""
    return hashlib.sha256(seed).digest()[:_TESTBED_LENGTH].hex().upper()
