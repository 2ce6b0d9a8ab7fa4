"""The pytest plugin as another project uses it: the example of its guide runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from virtual_cards.readers import pcsc, pcscd

pytest_plugins = ["pytester"]

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "pytest-plugin.md"


def example() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_example_of_the_guide_passes_in_process(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_example=example())
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=4)


@pytest.mark.pcsc
@pytest.mark.skipif(
    bool(pcscd.missing_parts()) or not pcsc.is_available(),
    reason="needs pcscd, vpcd and pyscard: run make set-up as root",
)
def test_the_example_of_the_guide_passes_through_pcsc(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_example=example())
    answer = pytester.runpytest_subprocess("-q", "--onecard-reader", "pcsc")
    answer.assert_outcomes(passed=4)


def test_a_wrong_fault_plan_is_told_with_every_fault(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from virtual_cards.readers import Fault

        @pytest.mark.fault_plan(Fault(kind="tear", header="zz", occurrence=0))
        def test_it(card_reader):
            pass
        """
    )
    answer = pytester.runpytest_subprocess("-q")
    answer.assert_outcomes(errors=1)
    answer.stdout.fnmatch_lines(["*faults?0?.header: found 'zz', expected bytes in hexadecimal*"])
    answer.stdout.fnmatch_lines(["*faults?0?.occurrence: found 0, expected 1 or more*"])
