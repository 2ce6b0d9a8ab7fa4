"""Set-up: from a bare clone to a working `.venv`, with the system packages it needs where it may.

Run by the Makefile as `python3 -m testbed.set_up`, standard library only. Doing it twice is quick
and changes nothing: system parts are looked for first, and the Python packages are installed
again only when `pyproject.toml`, `constraints.txt`, the interpreter or the PC/SC headers changed.

Exit codes: 0 ready, possibly without optional parts (it says which); 3 something needed cannot be
had.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from testbed import machine

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"
PYTHON = VENV / "bin" / "python"
NEEDED_IS_MISSING = 3
_CLUSTER_SETTING = "/etc/postgresql-common/createcluster.d/onecard-testbed.conf"


class SetUpFailed(Exception):
    """Something needed cannot be had; the message says it in Chinese and English."""


def main() -> int:
    """Do the set-up and say what happened."""
    begin = time.monotonic()
    try:
        if not machine.python_is_new_enough():
            found = ".".join(str(part) for part in sys.version_info[:3])
            raise SetUpFailed(
                f"需要 Python 3.11 或更新版本，现为 {found}：请以 make PYTHON=python3.11 指定。\n"
                f"Python 3.11 or newer is needed, this is {found}: name one with "
                "make PYTHON=python3.11."
            )
        _install_system_parts()
        _make_environment()
    except SetUpFailed as fault:
        print(fault, file=sys.stderr)
        return NEEDED_IS_MISSING
    _say(
        f"准备完成，用时 {time.monotonic() - begin:.0f} 秒",
        f"set-up done in {time.monotonic() - begin:.0f} s",
    )
    return 0


def _install_system_parts() -> None:
    missing = machine.missing_parts()
    if not missing:
        return
    packages = machine.packages_of(missing)
    privilege = machine.privilege()
    if privilege is None or machine.find_program("apt-get") is None:
        _report_missing(missing)
        return
    _say(
        f"安装系统软件包（几分钟）：{' '.join(packages)}",
        f"installing system packages (some minutes): {' '.join(packages)}",
    )
    _keep_postgresql_from_starting(privilege, packages)
    apt = [*privilege, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends"]
    _quietly([*apt, "update"])
    if not _quietly([*install, *packages]):
        for package in packages:  # one that this system does not have must not cost the others
            _quietly([*install, package])
    if still := machine.missing_parts():
        _report_missing(still)


def _keep_postgresql_from_starting(privilege: list[str], packages: list[str]) -> None:
    """Debian makes and starts a database server on installing one.

    The testbed starts its own instead.
    """
    if "postgresql" in packages and not Path("/etc/postgresql-common").exists():
        setting = Path(_CLUSTER_SETTING)
        script = f"mkdir -p {setting.parent}; echo create_main_cluster = false > {setting}"
        _quietly([*privilege, "sh", "-c", script])


def _report_missing(missing: list[machine.Part]) -> None:
    if any(part.name == "venv" for part in missing):
        line = machine.install_line([part for part in missing if part.name == "venv"])
        raise SetUpFailed(f"缺少 Python 虚拟环境：请运行 {line}\nPython lacks venv: run {line}")
    for part in missing:
        _say(f"缺少 {part.name}（{part.zh}）", f"missing: {part.name} ({part.en})")
    _say(
        "无权安装，继续使用现有部件（进程内读卡器、SQLite）；要补齐请运行：",
        "may not install them; going on with what is here (in-process reader, SQLite). To mend:",
    )
    print(f"  {machine.install_line(missing)}", flush=True)


def _make_environment() -> None:
    if not PYTHON.exists() or not _same_interpreter():
        _say("创建 .venv", "making .venv")
        _must(
            [sys.executable, "-m", "venv", "--clear", str(VENV)],
            "无法创建 .venv：请检查磁盘空间与写权限",
            ".venv cannot be made: look at disk space and permissions",
        )
    wanted = _fingerprint()
    if STAMP.exists() and json.loads(STAMP.read_text(encoding="utf-8")) == wanted:
        return
    _say("安装 Python 软件包（约一分钟）", "installing Python packages (about a minute)")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--constraint", str(ROOT / "constraints.txt")]
    _must(
        [*pip, *pinned, "--editable", f"{ROOT}[dev]"],
        "Python 软件包安装失败：请检查网络后重试",
        "Python packages could not be installed: look at the network and run again",
    )
    if wanted["pyscard"] == "yes" and not _quietly([*pip, *pinned, "pyscard"]):
        _say(
            "pyscard 编译失败，将使用进程内读卡器",
            "pyscard could not be built; going on with the in-process reader",
        )
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def _same_interpreter() -> bool:
    answer = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(sys.version)"],
        check=False,
        capture_output=True,
        text=True,
    )
    return answer.returncode == 0 and answer.stdout.strip() == sys.version


def _fingerprint() -> dict[str, str]:
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    lacking = {part.name for part in machine.missing_parts()} & machine.PYSCARD_PARTS
    return {
        "files": digest,
        "python": sys.version,
        "root": str(ROOT),
        "pyscard": "no" if lacking else "yes",
    }


def _quietly(command: list[str]) -> bool:
    """Run a command, show what it printed only when it fails; whether it succeeded."""
    answer = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if answer.returncode != 0:
        print("\n".join(answer.stdout.splitlines()[-15:]), file=sys.stderr)
    return answer.returncode == 0


def _must(command: list[str], zh: str, en: str) -> None:
    if not _quietly(command):
        raise SetUpFailed(f"{zh}。\n{en}.")


def _say(zh: str, en: str) -> None:
    print(f"{zh}\n{en}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
