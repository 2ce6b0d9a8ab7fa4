"""Runs scenarios: pytest in a process of its own, outcomes into the stream as they happen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scenarios.settings import ScenarioSettings

FEATURES = Path(__file__).parent / "features"
RUN_S_MAX = 1800
_NOTHING_COLLECTED = 5
_TESTS_FAILED = 1


class ScenariosCannotRun(Exception):
    """The suite itself is broken or nothing matched; `zh` and `en` say what and how to mend it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """How a run ended; `log` is what pytest printed."""

    passed: bool
    log: str


def find_features(paths: Iterable[Path]) -> list[Path]:
    """The feature files named, folders opened; all that are shipped when none is named.

    Raises `ScenariosCannotRun` for a path that holds no feature.
    """
    found: list[Path] = []
    for path in list(paths) or [FEATURES]:
        here = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
        if not here or not all(one.is_file() and one.suffix == ".feature" for one in here):
            raise ScenariosCannotRun(
                f"{path} 不是 .feature 文件，也不是含有此类文件的目录：请核对路径。",
                f"{path} is no .feature file nor a folder with some: look at the path.",
            )
        found += here
    return found


def run_scenarios(
    settings: ScenarioSettings, tags: str = "", junit: Path | None = None
) -> ScenarioRun:
    """Run the features of `settings` against the platform it names; `tags` as `-m` of pytest.
    A walk (with a gate) takes as long as it takes.

    Raises `ScenariosCannotRun` when nothing matches or pytest itself fails.
    """
    features = find_features(settings.features)
    with tempfile.TemporaryDirectory(prefix="onecard-scenarios-") as folder:
        settings_file = Path(folder, "settings.json")
        settings.write(settings_file)
        command = [sys.executable, "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"]
        command += ["-p", "pytest_bdd.plugin", "-p", "scenarios.plugin"]
        command += ["--onecard-settings", str(settings_file)]
        command += ["-c", os.devnull, "--rootdir", folder, "-W", "ignore"]
        command += ["-m", tags] if tags else []
        command += ["--junitxml", str(junit.resolve())] if junit else []
        finished = subprocess.run(
            [*command, str(Path(__file__).with_name("suite.py"))],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=RUN_S_MAX if settings.gate is None else None,
            pass_fds=() if settings.gate is None else (settings.gate,),
            env={
                **os.environ,
                "ONECARD_FEATURES": os.pathsep.join(str(path.resolve()) for path in features),
                # whatever else is installed for pytest has no part in it, and takes a second
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            },
        )
    if finished.returncode == _NOTHING_COLLECTED:
        raise ScenariosCannotRun(
            f"没有场景符合标签“{tags}”：请用 onecard scenarios list 查看标签。",
            f"no scenario matches the tags '{tags}': see onecard scenarios list.",
        )
    if finished.returncode not in {0, _TESTS_FAILED}:
        tail = "\n".join(finished.stdout.strip().splitlines()[-8:])
        raise ScenariosCannotRun(f"场景无法运行：\n{tail}", f"the scenarios cannot run:\n{tail}")
    return ScenarioRun(passed=finished.returncode == 0, log=finished.stdout)
