"""What the testbed needs of the machine, how to see whether it is there, and how to get it.

Rules: standard library only, because set-up runs this before anything is installed; a part is
judged by what it brings (a program, a header), not by a package database; every missing part
names its mend.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

PYTHON_LEAST = (3, 11)
SYSTEM_PROGRAMS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


@dataclass(frozen=True)
class Part:
    """A part of the machine.

    How it is recognised, the Debian packages that bring it, what it is for.
    """

    name: str
    packages: tuple[str, ...]
    is_here: Callable[[], bool]
    zh: str
    en: str


def find_program(name: str) -> str | None:
    """Path of a program, also in the system directories that an ordinary user's PATH leaves out."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_PROGRAMS])
    return shutil.which(name, path=path)


def _has_program(name: str) -> Callable[[], bool]:
    return lambda: find_program(name) is not None


def _has_file(directory: str, pattern: str) -> Callable[[], bool]:
    return lambda: any(Path(directory).glob(pattern))


def _has_venv() -> bool:
    return find_spec("venv") is not None and find_spec("ensurepip") is not None


def _has_python_headers() -> bool:
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()


def _has_chinese_font() -> bool:
    patterns = (
        "**/NotoSansCJK*",
        "**/wqy-*",
        "**/SourceHanSans*",
        "**/PingFang*",
        "**/Droid*Fallback*",
    )
    roots = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"))
    return any(next(Path(root).glob(p), None) for root in roots for p in patterns)


PARTS: tuple[Part, ...] = (
    Part("venv", ("python3-venv",), _has_venv, "Python 虚拟环境", "Python virtual environments"),
    Part("pcscd", ("pcscd",), _has_program("pcscd"), "PC/SC 服务", "the PC/SC service"),
    Part(
        "vpcd",
        ("vsmartcard-vpcd",),
        _has_file("/usr/lib/pcsc/drivers/serial", "libifdvpcd.so*"),
        "虚拟读卡器驱动",
        "the driver of virtual readers",
    ),
    Part("swig", ("swig",), _has_program("swig"), "编译 pyscard", "building pyscard"),
    Part(
        "winscard",
        ("libpcsclite-dev",),
        _has_file("/usr/include/PCSC", "winscard.h"),
        "编译 pyscard",
        "building pyscard",
    ),
    Part("gcc", ("gcc", "libc6-dev"), _has_program("gcc"), "编译 pyscard", "building pyscard"),
    Part("headers", ("python3-dev",), _has_python_headers, "编译 pyscard", "building pyscard"),
    Part(
        "postgresql",
        ("postgresql",),
        _has_file("/usr/lib/postgresql", "*/bin/initdb"),
        "在 PostgreSQL 上运行与测试",
        "running and testing on PostgreSQL",
    ),
    Part(
        "chromium",
        ("chromium", "chromium-driver"),
        _has_program("chromedriver"),
        "在真实浏览器中测试报告",
        "testing the report in a real browser",
    ),
    Part("opensc", ("opensc",), _has_program("opensc-tool"), "公共读卡工具", "public card tools"),
    Part(
        "pcsc-tools",
        ("pcsc-tools",),
        _has_program("pcsc_scan"),
        "公共读卡工具（pcsc_scan、scriptor、ATR_analysis）",
        "public card tools (pcsc_scan, scriptor, ATR_analysis)",
    ),
    Part(
        "cjk-font",
        ("fonts-noto-cjk",),
        _has_chinese_font,
        "图表中的中文字形",
        "Chinese characters in pictures",
    ),
)

PYSCARD_PARTS = frozenset({"swig", "winscard", "gcc", "headers"})


def missing_parts(parts: Iterable[Part] = PARTS) -> list[Part]:
    """The parts this machine lacks."""
    return [part for part in parts if not part.is_here()]


def packages_of(parts: Iterable[Part]) -> list[str]:
    """Debian packages that bring the parts, each once."""
    return list(dict.fromkeys(package for part in parts for package in part.packages))


def install_line(parts: Iterable[Part]) -> str:
    """The one line a person runs to get the parts."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages_of(parts))}"


def privilege() -> list[str] | None:
    """What to put before a command to run it as root without being asked.

    None when that is not allowed.
    """
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    allowed = subprocess.run(
        ["sudo", "-n", "true"], check=False, stdin=subprocess.DEVNULL, capture_output=True
    )
    return ["sudo", "-n"] if allowed.returncode == 0 else None


def python_is_new_enough() -> bool:
    """Whether this Python may run the testbed."""
    return sys.version_info >= PYTHON_LEAST
