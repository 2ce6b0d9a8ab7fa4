"""The page of a run: whole, escaped, self-contained; and how it says what went wrong."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from reports import build_report
from reports.page import number, seconds, spaced_hex
from reports.pictures import PictureIsNotPlain, fit_into_page
from reports.story import tell
from scenarios.outcomes import ApduExchanged, RunStarted, append
from tests.reports.sample_run import RIDE, outcomes, write_sample


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    return build_report(write_sample(folder), folder / "out").read_text(encoding="utf-8")


class Tags(HTMLParser):
    """Collects ids and references, and checks that tags close in order."""

    VOID = ("meta", "link", "col", "br", "hr", "img", "input", "path", "use")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.ids += [named["id"]] if "id" in named else []
        self.references += [named[n] for n in ("src", "href", "xlink:href") if n in named]
        self.scripts += tag == "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def tags(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def test_every_tag_is_closed_and_every_id_is_there_once(tags: Tags) -> None:
    assert tags.open == []
    assert len(tags.ids) == len(set(tags.ids))


def test_nothing_outside_is_referred_to(page: str, tags: Tags) -> None:
    assert [r for r in tags.references if not r.startswith(("#", "data:"))] == []
    assert not re.search(r"(?:src|href)\s*=\s*[\"']?https?:", page)
    assert not re.search(r"@import|url\((?!#)", page)


def test_references_within_pictures_lead_somewhere(tags: Tags) -> None:
    inside = {r[1:] for r in tags.references if r.startswith("#")}
    assert inside
    assert inside <= set(tags.ids)


def test_a_plan_shows_its_curve_each_setting_once_and_what_was_broken_off(page: str) -> None:
    told = page[page.index("Planning</span>") : page.index("Load test</span>")]
    for words in ("Least: gates=7", "28.9 … 34.1", "broken off", "undecided", 'id="plan0p0-'):
        assert words in told
    assert told.count("<b>gates=6</b>") == 1
    assert "assumption" in told


def test_text_of_the_run_is_escaped(page: str, tags: Tags) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert tags.scripts == 1  # its own


def test_both_languages_the_warning_and_the_failure_are_there(page: str) -> None:
    for text in (
        "持卡人用社保卡乘坐轨道交通2号线",
        "A holder rides Line 2 with the social security card",
        "没有 pcscd：改用进程内读卡器",
        "the in-process reader was used, not a real PC/SC stack",
        "expected a balance of 4700 fen, found 5000 fen",
        "onecard run",
        "Linux 6.1 x86_64",
        "2026-11-21 21:30:00 +0800",
    ):
        assert text in page


def test_exchanges_are_decoded_under_the_step_during_which_they_were_made(page: str) -> None:
    tap = page.index("她在较场口站刷卡进站")
    after = page.index("闸机放行，平台记录一次进站")
    assert tap < page.index("00 A4 04 00 08 A0 00 00 06 32 01 01 05") < after
    assert tap < page.index("98 A1 B2 C3 56 98 8A 13</span>") < after
    assert tap < page.index("找不到文件") < after
    assert "6 card exchanges" in page


@pytest.mark.parametrize("told", ["live", "after"])
def test_exchanges_find_their_step_whether_told_live_or_after_it(told: str) -> None:
    events = [e for e in outcomes() if getattr(e, "scenario", "") == RIDE]
    exchanges = [e for e in events if isinstance(e, ApduExchanged)]
    others = [e for e in events if not isinstance(e, ApduExchanged)]
    place = 2 if told == "live" else 3  # started, given, [live] when [after], then, finished
    story = tell([*others[:place], *exchanges, *others[place:]])
    counts = [len(step.exchanges) for step in story.scenarios[0].steps]
    assert counts == [0, 6, 0]
    assert tell([*others[:-1], *exchanges, others[-1]]).scenarios[0].steps[2].exchanges


def test_the_simulation_shows_its_answer_its_figures_and_its_assumptions(page: str) -> None:
    assert "With 6 gates the longest queue is" in page
    assert "Beijing Changping line, measured" in page
    assert 'class="badge assumed"' in page
    assert page.count("<svg ") == 5  # the day, the waits, the moving station; a plan; the load test
    assert "gates around its longest queue" in page


def test_the_load_test_shows_which_threshold_did_not_hold(page: str) -> None:
    row = page[page.index("<code>failures_share</code>") :].partition("</tr>")[0]
    assert "未通过" in row
    row = page[page.index("<code>rate_done_per_s</code>") :].partition("</tr>")[0]
    assert "≥ 190" in row
    assert "tap-replayed" in page


def test_the_footer_names_the_command_that_makes_it(page: str) -> None:
    assert "onecard report build --from" in page.split("<footer>")[1]


def test_a_run_that_stopped_half_way_says_so(tmp_path: Path) -> None:
    stream = tmp_path / "outcomes.jsonl"
    for outcome in outcomes()[:9]:
        append(stream, outcome)
    page = build_report(stream, tmp_path).read_text(encoding="utf-8")
    assert "This run did not finish" in page
    assert "the last step did not finish" in page
    assert "5 card exchanges" in page or "4 card exchanges" in page
    assert tell(outcomes()[:9]).result == "failed"


def test_a_stream_with_nothing_but_its_start_makes_a_page(tmp_path: Path) -> None:
    stream = tmp_path / "outcomes.jsonl"
    started = outcomes()[0]
    assert isinstance(started, RunStarted)
    append(stream, started)
    assert build_report(stream, tmp_path / "a" / "b").name == "report.html"


def test_a_line_that_is_no_event_is_an_error_with_its_line(tmp_path: Path) -> None:
    stream = tmp_path / "outcomes.jsonl"
    append(stream, outcomes()[0])
    with stream.open("a") as file:
        file.write('{"event": "moon_rose", "at": "x"}\n')
    with pytest.raises(msgspec.ValidationError) as caught:
        build_report(stream, tmp_path)
    assert "line 2" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    "svg",
    [
        "<p>no picture</p>",
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="alert(1)"></svg>',
        '<svg><image href="http://example.org/a.png"/></svg>',
        '<svg><a xlink:href="javascript:alert(1)"/></svg>',
        "<svg><style>@import 'x'</style></svg>",
    ],
)
def test_a_picture_with_scripts_or_outside_references_is_refused(svg: str) -> None:
    with pytest.raises(PictureIsNotPlain):
        fit_into_page(svg, "p")


def test_two_pictures_on_one_page_share_no_id() -> None:
    svg = (
        '<?xml version="1.0"?><svg width="9pt" viewBox="0 0 1 1"><g id="a"/><use href="#a"/></svg>'
    )
    fitted = fit_into_page(svg, "p1")
    assert fitted == ('<svg viewBox="0 0 1 1" role="img"><g id="p1-a"/><use href="#p1-a"/></svg>')


def test_figures_for_people() -> None:
    assert (seconds(0.000041), seconds(0.0123), seconds(24.7)) == (
        "41\u00a0µs",
        "12.3\u00a0ms",
        "24.70\u00a0s",
    )
    assert (number(2000), number(19.46), number(0.0012345)) == ("2,000", "19.5", "0.00123")
    assert spaced_hex("00a4040") == "00 A4 04 0"
