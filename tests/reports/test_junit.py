"""JUnit XML from the same stream."""

import xml.etree.ElementTree as ET
from pathlib import Path

from reports import write_junit
from tests.reports.sample_run import write_sample


def test_scenarios_and_thresholds_are_cases_with_their_failures(tmp_path: Path) -> None:
    file = write_junit(write_sample(tmp_path), tmp_path / "out" / "junit.xml")
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"轨道交通 / Metro", "挂失 / Loss", "load station-rush"}
    lost = suites["挂失 / Loss"]
    assert (lost.get("tests"), lost.get("failures")) == ("1", "1")
    failure = lost.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "余额应为 4700 分，实为 5000 分"
    assert "someone taps it at Liziba" in (failure.text or "")
    load = suites["load station-rush"]
    assert (load.get("tests"), load.get("failures")) == ("4", "1")
    assert suites["轨道交通 / Metro"].get("failures") == "0"
