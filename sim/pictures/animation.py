"""One station minute by minute, for trainers: people arrive, wait, are served, or give up.

An SVG that moves by itself (SMIL, no script), so that it stands within a report as well; the page
around it adds a pause and a line to drag. Its text is text: a browser finds Chinese letters itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from sim.observation import Observation
from sim.pictures.canvas import BLUE, GREEN, GREY, VERMILION, clock, told
from sim.pictures.crowd import QUEUE_PLACES, Crowd, Person, crowd_of

LASTS_S = 75.0
"""How long the animation lasts on the screen."""
MOVE_S = 0.45
"""How long a step takes on the screen."""
WIDTH, HALL_TOP = 760, 64
PITCH, RADIUS = 22, 7
QUEUE_ROWS = 8
SERVER_ROWS = 8
QUEUE_RIGHT, SERVERS_LEFT = 400, 470
CHART_HEIGHT = 70
TICKS = 6

_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:56rem;padding:0 1rem}}
svg{{width:100%;height:auto;border:1px solid #ddd}}button{{font:inherit;padding:.2rem .8rem}}
input{{width:70%;vertical-align:middle}}</style></head>
<body><h1>{title}</h1>
{svg}
<p><button id="pause">暂停 / pause</button>
<input id="at" type="range" min="0" max="{lasts}" step="0.1" value="0"
aria-label="时刻 / moment"></p>
<p>{zh}</p><p>{en}</p>
<script>
const svg=document.querySelector("svg"),at=document.getElementById("at"),
button=document.getElementById("pause");
button.onclick=()=>svg.animationsPaused()?svg.unpauseAnimations():svg.pauseAnimations();
at.oninput=()=>svg.setCurrentTime(+at.value);
setInterval(()=>{{if(document.activeElement!==at||!svg.animationsPaused())
at.value=svg.getCurrentTime()%{lasts};}},200);
</script></body></html>
"""


@dataclass(frozen=True, slots=True)
class _Key:
    share: float
    x: float
    y: float


def animate_station(observation: Observation, station: str, first_s_of_day: float = 0.0) -> str:
    """The page of one station of a traced run. Raises `StationCannotBeShown`."""
    crowd = crowd_of(observation, station)
    faster = (crowd.end_s - crowd.begin_s) / LASTS_S
    zh = "每个点是一人：蓝色在等候，绿色在接受服务，橙色未获服务而离开。显示排队最长前后的一段；"
    zh += f"屏幕上一秒约为实际 {told(faster)}。最多画 {QUEUE_PLACES} 人排队，其余叠在最后；"
    zh += "站在哪个窗口是示意。"
    en = "A dot is a person: blue waits, green is served, orange leaves unserved. What is shown is "
    en += f"the time around the longest queue; a second here is about {told(faster)} of life. "
    en += f"{QUEUE_PLACES} who wait are drawn, the others stand on the last place; which of the "
    en += "free windows somebody goes to is a guess."
    title = f"{escape(observation.network.name)} · {escape(station)}"
    svg = draw_crowd(crowd, first_s_of_day)
    return _PAGE.format(title=title, svg=svg, lasts=LASTS_S, zh=zh, en=en)


def draw_crowd(crowd: Crowd, first_s_of_day: float = 0.0) -> str:
    """The moving picture as one `<svg>` element."""
    columns = -(-max(crowd.servers, 1) // SERVER_ROWS)
    hall_height = SERVER_ROWS * PITCH + 20
    height = HALL_TOP + hall_height + CHART_HEIGHT + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="16">{escape(crowd.station)}</text>',
        f'<text x="{QUEUE_RIGHT - 130}" y="48" fill="{GREY}">等候 waiting</text>',
        f'<text x="{SERVERS_LEFT - 8}" y="48" fill="{GREY}">窗口 servers</text>',
    ]
    for server in range(crowd.servers):
        x, y = _server(server)
        size = PITCH - 4
        parts.append(
            f'<rect x="{x - size / 2:g}" y="{y - size / 2:g}" width="{size}" height="{size}" '
            f'rx="3" fill="#f2f2f2" stroke="{GREY}" stroke-width="0.7"/>'
        )
    way_out = SERVERS_LEFT + columns * PITCH + 30
    parts += [_dot(person, crowd, way_out) for person in crowd.people]
    parts += _chart(crowd, HALL_TOP + hall_height + 10, first_s_of_day)
    return "".join([*parts, "</svg>"])


def _dot(person: Person, crowd: Crowd, way_out: float) -> str:
    keys = _keys(person, crowd, way_out)
    last, moved = keys[-1], [f"{key.x:g} {key.y:g}" for key in keys]
    times = [f"{key.share:.4f}" for key in keys]
    if last.share < 1:
        moved, times = [*moved, moved[-1]], [*times, "1"]
    if keys[0].share > 0:
        moved, times = [moved[0], *moved], ["0", *times]
    timing = f'dur="{LASTS_S:g}s" repeatCount="indefinite"'
    begins = _share(person.start_s, crowd)
    colour = GREEN if person.is_served else VERMILION
    fill = BLUE if begins > 0 else colour
    changes = ""
    if 0 < begins < 1:
        changes = (
            f'<animate attributeName="fill" calcMode="discrete" values="{BLUE};{colour}" '
            f'keyTimes="0;{begins:.4f}" {timing}/>'
        )
    return (
        f'<circle r="{RADIUS}" fill="{fill}" transform="translate({moved[0]})">{changes}'
        f'<animateTransform attributeName="transform" type="translate" '
        f'values="{";".join(moved)}" keyTimes="{";".join(times)}" {timing}/></circle>'
    )


def _keys(person: Person, crowd: Crowd, way_out: float) -> list[_Key]:
    """Where the dot is at which share of the time; between two of them it moves straight."""
    step = MOVE_S / LASTS_S
    keys = [_Key(_share(person.arrival_s, crowd) - step, -2 * RADIUS, _queue(0)[1])]
    for moment in person.moments:
        at = _share(moment.at_s, crowd)
        if moment.place == "queue":
            goal = _queue(moment.number)
        elif moment.place == "server":
            goal = _server(moment.number)
        elif moment.place == "out":
            goal = (WIDTH + 2.0 * RADIUS, HALL_TOP + PITCH * SERVER_ROWS / 2)
        else:
            goal = (-2.0 * RADIUS, HALL_TOP + PITCH * (SERVER_ROWS + 0.5))
        arrives = moment.at_s == person.arrival_s
        begin = at - step if arrives else at
        if keys[-1].share > begin:  # still on the way: it is there already
            keys[-1] = _Key(begin, keys[-1].x, keys[-1].y)
        elif keys[-1].share < begin:
            keys.append(_Key(begin, keys[-1].x, keys[-1].y))
        keys.append(_Key(at if arrives else at + step, *goal))
        if moment.place == "out":
            before = _Key(at + step / 2, way_out, keys[-2].y)
            keys.insert(-1, before)
    return _within(keys)


def _within(keys: list[_Key]) -> list[_Key]:
    """The keys between 0 and 1, cut at both ends."""
    inside: list[_Key] = []
    for before, after in zip([keys[0], *keys], keys, strict=False):
        for edge in (0.0, 1.0):
            if before.share < edge < after.share:
                part = (edge - before.share) / (after.share - before.share)
                x = before.x + part * (after.x - before.x)
                y = before.y + part * (after.y - before.y)
                inside.append(_Key(edge, round(x, 1), round(y, 1)))
        if 0 <= after.share <= 1:
            inside.append(after)
    return inside or [_Key(0.0, -2.0 * RADIUS, 0.0)]


def _chart(crowd: Crowd, top: float, first_s_of_day: float) -> list[str]:
    """The queue over the stretch, with a line that marks the moment."""
    most = max(waiting for _, waiting in crowd.queue) or 1
    left, right, bottom = 46.0, WIDTH - 16.0, top + CHART_HEIGHT

    def x_of(at_s: float) -> float:
        return left + (right - left) * min(max(_share(at_s, crowd), 0), 1)

    points, level = [f"{left:.1f},{bottom:.1f}"], crowd.queue[0][1]
    for at_s, waiting in crowd.queue:
        x = x_of(at_s)
        for height in (level, waiting):
            points.append(f"{x:.1f},{bottom - CHART_HEIGHT * height / most:.1f}")
        level = waiting
    points += [
        f"{right:.1f},{bottom - CHART_HEIGHT * level / most:.1f}",
        f"{right:.1f},{bottom:.1f}",
    ]
    parts = [
        f'<polygon points="{" ".join(points)}" fill="{VERMILION}" fill-opacity="0.25" '
        f'stroke="{VERMILION}" stroke-width="1"/>',
        f'<text x="{left - 6}" y="{top + 10}" text-anchor="end" fill="{GREY}">{most}</text>',
        f'<text x="{left - 6}" y="{bottom}" text-anchor="end" fill="{GREY}">0</text>',
    ]
    for tick in range(TICKS + 1):
        at_s = crowd.begin_s + (crowd.end_s - crowd.begin_s) * tick / TICKS
        anchor = "start" if tick == 0 else "end" if tick == TICKS else "middle"
        parts.append(
            f'<text x="{x_of(at_s):.1f}" y="{bottom + 16}" text-anchor="{anchor}" fill="{GREY}">'
            f"{_clock(first_s_of_day + at_s)}</text>"
        )
    parts.append(
        f'<line y1="{top}" y2="{bottom}" stroke="{GREY}" stroke-width="1.5">'
        + "".join(
            f'<animate attributeName="{side}" from="{left}" to="{right}" dur="{LASTS_S:g}s" '
            'repeatCount="indefinite"/>'
            for side in ("x1", "x2")
        )
        + "</line>"
    )
    return parts


def _clock(at_s: float) -> str:
    minutes = int(at_s // 60) * 60
    return f"{clock(minutes / 3600)}:{int(at_s) % 60:02d}"


def _share(at_s: float, crowd: Crowd) -> float:
    return (at_s - crowd.begin_s) / (crowd.end_s - crowd.begin_s)


def _queue(number: int) -> tuple[float, float]:
    """The first stands next to the servers; the columns go back from there."""
    column, row = divmod(min(number, QUEUE_PLACES - 1), QUEUE_ROWS)
    row = row if column % 2 == 0 else QUEUE_ROWS - 1 - row
    return QUEUE_RIGHT - column * PITCH, HALL_TOP + PITCH * (row + 0.5)


def _server(number: int) -> tuple[float, float]:
    column, row = divmod(number, SERVER_ROWS)
    return SERVERS_LEFT + (column + 0.5) * PITCH, HALL_TOP + PITCH * (row + 0.5)
