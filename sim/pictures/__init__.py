"""Pictures of a run: SVG to stand within a page, and an animation as a page of its own.

Rules: text is drawn as paths, so that Chinese shows on a machine without Chinese fonts; without one
here, the labels are English alone; colours of Okabe and Ito (2008), which colour-blind people tell
apart; no outside reference; the same run gives the same bytes.

Reading order: `canvas` (fonts, colours, axes), `day` (arrivals, queue, servers over time), `waits`
(waiting times), `capacity_curve` (what one more server brings), `layers` and `station_map` (who
goes where), `crowd` and `animation` (one station, minute by minute), `album` (all of a run).
"""

from sim.pictures.album import Picture, pictures_of
from sim.pictures.animation import animate_station
from sim.pictures.canvas import chinese_font
from sim.pictures.capacity_curve import CurvePoint, draw_capacity_curve
from sim.pictures.day import draw_day, draw_morning
from sim.pictures.station_map import draw_station_map
from sim.pictures.waits import draw_waits

__all__ = [
    "CurvePoint",
    "Picture",
    "animate_station",
    "chinese_font",
    "draw_capacity_curve",
    "draw_day",
    "draw_morning",
    "draw_station_map",
    "draw_waits",
    "pictures_of",
]
