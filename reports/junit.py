"""JUnit XML of a run, for tools that watch builds: scenarios by feature, thresholds of load tests.

Shape: the XML that Jenkins and GitLab read (testsuites, testsuite, testcase, failure, skipped).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import groupby
from pathlib import Path

from reports.figures import LoadFigures
from reports.story import RunStory, ScenarioStory, tell
from scenarios.outcomes import read

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(stream: Path, file: Path) -> Path:
    """Write the JUnit XML of a stream of outcomes; the path of the file.

    Raises `OSError` and `msgspec.ValidationError` as `build_report` does.
    """
    root = suites(tell(read(stream)))
    file.parent.mkdir(parents=True, exist_ok=True)
    ET.indent(root)
    ET.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    return file


def suites(story: RunStory) -> ET.Element:
    """All suites of a run."""
    root = ET.Element("testsuites", name=story.started.run_id if story.started else "run")
    ordered = sorted(story.scenarios, key=lambda scenario: scenario.started.feature)
    for feature, group in groupby(ordered, key=lambda scenario: scenario.started.feature):
        suite = ET.SubElement(root, "testsuite", name=_plain(feature))
        for scenario in group:
            _add_scenario(suite, scenario)
        _count(suite)
    for load in story.loads:
        suite = ET.SubElement(root, "testsuite", name=f"load {load.json.profile}")
        _add_thresholds(suite, load)
        _count(suite)
    return root


def _add_scenario(suite: ET.Element, scenario: ScenarioStory) -> None:
    started, finished = scenario.started, scenario.finished
    names = [name for name in (started.name_zh, started.name_en) if name]
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_plain(started.feature),
        name=_plain(" / ".join(names)),
        time=f"{finished.duration_s if finished else 0.0:.3f}",
    )
    if scenario.result == "skipped":
        ET.SubElement(case, "skipped")
    if scenario.result != "failed":
        return
    failed = [told.step for told in scenario.steps if told.step.result == "failed"]
    message = failed[0].message if failed else "the scenario did not finish"
    failure = ET.SubElement(case, "failure", message=_plain(message.split("\n")[0]))
    failure.text = "\n".join(
        _plain(f"{step.keyword} {step.text_zh} / {step.text_en}\n{step.message}") for step in failed
    )


def _add_thresholds(suite: ET.Element, load: LoadFigures) -> None:
    for threshold in load.json.thresholds:
        case = ET.SubElement(
            suite, "testcase", classname=f"load.{load.json.profile}", name=threshold.name, time="0"
        )
        if not threshold.ok:
            told = f"{threshold.value:g}, must be {threshold.sense} {threshold.limit:g}"
            ET.SubElement(case, "failure", message=told)


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    times = [float(case.get("time", "0")) for case in suite.findall("testcase")]
    suite.set("time", f"{sum(times):.3f}")


def _plain(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
