"""One self-contained HTML page of a run: header, scenarios with card exchanges, simulations, load
tests.

Rules: style, script and pictures are within the page; nothing is fetched. All text of the stream is
escaped; only pictures, checked by `pictures.fit_into_page`, go in as they are. Without script both
languages show.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.pictures import draw_load, fit_into_page, is_wide
from reports.story import RunStory, tell
from scenarios.outcomes import ApduExchanged, read

PAGE = "report.html"
TEMPLATES = Path(__file__).parent / "templates"
STATUS_WORD_DIGITS = 4
ENGLISH_KEYWORDS = {
    "假如": "Given", "假设": "Given", "假定": "Given", "当": "When", "那么": "Then",
    "而且": "And", "并且": "And", "同时": "And", "但是": "But",
}  # fmt: skip
"""Gherkin's own words in both languages."""


def build_report(stream: Path, out_dir: Path) -> Path:
    """Write the report of a stream of outcomes into a folder (made when missing); the path of the
    page.

    Raises `OSError` when the stream cannot be read or the page not be written, and
    `msgspec.ValidationError` (with the line in a note) for a stream that is not one.
    """
    story = tell(read(stream))
    out_dir.mkdir(parents=True, exist_ok=True)
    page = out_dir / PAGE
    page.write_text(render(story, stream, out_dir), encoding="utf-8")
    return page


def render(story: RunStory, stream: Path, out_dir: Path) -> str:
    """The page as text; `stream` and `out_dir` are named in the command of the footer."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        hex=spaced_hex,
        seconds=seconds,
        moment=moment,
        number=number,
        data=data,
        status=status_word,
        wide=is_wide,
        english=lambda keyword: ENGLISH_KEYWORDS.get(keyword.strip(), keyword),
    )
    elsewhere = "" if out_dir.resolve() == stream.parent.resolve() else f" --out {out_dir}"
    simulation_plots = [
        Markup(fit_into_page(each.plot.svg, f"sim{place}")) if each.plot.svg else ""  # noqa: S704
        for place, each in enumerate(story.simulations)
    ]
    more_pictures = [
        [
            Markup(fit_into_page(picture.svg, f"sim{place}p{at}"))  # noqa: S704 - our own picture
            for at, picture in enumerate(each.pictures)
        ]
        for place, each in enumerate(story.simulations)
    ]
    curves = [
        [
            Markup(fit_into_page(picture.svg, f"plan{place}p{at}"))  # noqa: S704 - our own picture
            for at, picture in enumerate(each.told.pictures)
        ]
        for place, each in enumerate(story.plannings)
    ]
    load_plots = [
        Markup(fit_into_page(draw_load(each), f"load{place}"))  # noqa: S704 - our own picture
        for place, each in enumerate(story.loads)
    ]
    return environment.get_template("report.html").render(
        story=story,
        simulation_plots=simulation_plots,
        more_pictures=more_pictures,
        curves=curves,
        load_plots=load_plots,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704
        script=Markup((TEMPLATES / "report.js").read_text(encoding="utf-8")),  # noqa: S704
        stream=stream.name,
        command=f"onecard report build --from {stream.parent}{elsewhere}",
    )


def spaced_hex(digits: str) -> str:
    """Bytes in pairs, so that lines may break between them."""
    return " ".join(re.findall("..?", digits.replace(" ", "").upper()))


def data(exchange: ApduExchanged) -> str:
    """The response without its status word."""
    return spaced_hex(exchange.response.replace(" ", "")[:-STATUS_WORD_DIGITS])


def status_word(exchange: ApduExchanged) -> str:
    """The status word of the response: its last two bytes."""
    return exchange.response.replace(" ", "")[-STATUS_WORD_DIGITS:].upper()


def seconds(duration_s: float) -> str:
    """A duration with the unit that suits it."""
    if duration_s < 0.001:  # noqa: PLR2004 - the unit changes here
        return f"{duration_s * 1e6:.0f}\u00a0µs"
    if duration_s < 1:
        return f"{duration_s * 1e3:.1f}\u00a0ms"
    return f"{duration_s:.2f}\u00a0s"


def moment(at: str) -> str:
    """An RFC 3339 moment for people: to the second, with its offset."""
    return datetime.fromisoformat(at).strftime("%Y-%m-%d %H:%M:%S %z")


def number(value: float) -> str:
    """A figure with thin grouping and no more digits than it needs."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.3g}"  # noqa: PLR2004
