"""The words in which faults of networks and of parameters are told, in both languages.

Faults are found in English; their phrases are few, and numbers and names stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


_OF_PLANNING = (
    (r"(.+), position (\d+)", r"\1 第 \2 个字符"),
    (
        r"NAME=LOW\.\.HIGH or NAME=LOW\.\.HIGH:STEP, as (\S+)",
        r" 名称=下限..上限 或 名称=下限..上限:步长，如 \1",
    ),
    (
        r"NAME=LOW\.\.HIGH or NAME=LOW\.\.HIGH:STEP, as (\S+); .*, at most (\S+) values",
        r" 名称=下限..上限 或 名称=下限..上限:步长，如 \1；下限不大于上限，步长大于 0，至多 \2 值",
    ),
    (r"the NAME of a number before =", r" = 前写明变动哪个数"),
    (r"NAME=VALUE, as (\S+)", r" 名称=值，如 \1"),
    (r"a number, as (\S+)", r"数，如 \1"),
    (r"a number above 0", "大于 0 的数"),
    (r"a number", "数"),
    (r"a limit in seconds", "以秒为单位的界限"),
    (r"a station or a class: (.*) \(perhaps (.*)\)", r"站点或类别：\1（也许是 \2）"),
    (r"a station or a class: (.*)", r"站点或类别：\1"),
    (r"a class: (.*) \(perhaps (.*)\)", r"类别：\1（也许是 \2）"),
    (r"a class: (.*)", r"类别：\1"),
    (r"a closing quotation mark", "右引号"),
    (r"<=, >=, < or >", " <=、>=、< 或 >"),
    (r"and, or the end", " and 或到此为止"),
    (r"the end of the name", "名称到此为止"),
    (r"the end", "到此为止"),
    (r"(mean, .*) or max", r" \1 或 max"),
    (r"a figure of (.*) that an hour has: not (.*)", r" \1 每个时段都有的指标：不含 \2"),
    (
        r"seconds, at most the horizon of (\S+), at most a year of hours",
        r"秒数，不超过 horizon_s（\1），至多一年的小时数",
    ),
    (r"at least 1 server", "至少 1 个窗口"),
    (r"antithetic or warm-up", "成对运行或预热"),
    (r"plain runs of the whole day", "全天的普通运行"),
    (r"no request that was answered", "没有得到应答的请求"),
    (r"at least one", "至少一个"),
    (r"no (p\d.*)", r"没有 \1"),
    (r"all of (.*)", r"全部：\1"),
    (r"milliseconds >= 0, ascending from p50 to max", "不小于 0 的毫秒数，从 p50 到 max 升序"),
    (r"no such place in (.*) with this setting", r"此设置下 \1 中没有这一处"),
    (r"0 or more", " 0 或更多"),
    (r"one without the other", "只给了其中一个"),
    (r"--calibration and --service", " --calibration 与 --service 一并给出"),
    (r"--figure STATION.QUANTITY: .*", " --figure 站点.量：这么多站点的常用指标写不下"),
    (r"(\d+) stations", r"\1 个站点"),
    (r"a share between 0 and 1", " 0 与 1 之间的比例"),
    (r"a share from 0 to 1, as (\S+) or (\S+)", r" 0 到 1 的比例，如 \1 或 \2"),
    (r"once", "只用一次"),
)
"""Of targets, ranges and what else a planner's call has."""

_CHINESE = (
    *_OF_PLANNING,
    (r"finite numbers, (.*)", r"有限的数，\1"),
    (r"seconds > 0", "大于 0 的秒数"),
    (r"seconds >= 0", "不小于 0 的秒数"),
    (
        r"seconds >= 0, less than the horizon of (\S+), or auto",
        r"不小于 0、小于 horizon_s（\1）的秒数，或 auto",
    ),
    (r"at most (\S+) until the horizon", r"到 horizon_s 为止不超过 \1"),
    (r"(\S+) customers", r"\1 人"),
    (r"(\S+) stations, by the scale and the settings", r"\1 个站点（由规模与设置得出）"),
    (r"(\S+) breakdowns", r"\1 次故障"),
    (r"(\S+) visits of a customer on average", r"平均每人到访 \1 次"),
    (r"at least (\S+), even: pairs", r"至少 \1 次，且为偶数（成对）"),
    (r"at least (\S+)", r"至少 \1"),
    (r"no --precision", "没有 --precision"),
    (r"--precision: how narrow its interval", "同时给出 --precision（区间要多窄）"),
    (r"a share of the mean above 0, as (\S+)", r"大于 0 的均值比例，如 \1"),
    (r"seconds >= 0, ascending", "不小于 0、升序的秒数"),
    (r"seconds ascending from 0", "从 0 起升序的秒数"),
    (r"finite values >= 0", "不小于 0 的有限值"),
    (r"each name once", "每个名称只用一次"),
    (r"a name, and not exit: that leads out", "名称；exit 表示离开，不可作名称"),
    (r">= (\S+)", r"不小于 \1 的数"),
    (r"at most (\S+)", r"不超过 \1"),
    (r"at most (\S+) different priorities", r"不超过 \1 种优先级"),
    (r"at most (\S+) servers that break down each by itself", r"不超过 \1 个各自故障的窗口"),
    (r"(\S+) to (\S+) servers", r" \1 到 \2 个窗口"),
    (r"(\S+) to (\S+) customers", r" \1 到 \2 人"),
    (r"(\S+) to (\S+)", r" \1 到 \2"),
    (r"1 server or more: with none nobody is ever served", "至少 1 个窗口（否则无人得到服务）"),
    (r"1 server or more in the end, for those .*", "最后至少有 1 个窗口（里面的人总要服务完）"),
    (r"0 servers from second (\S+) on", r"从第 \1 秒起 0 个窗口"),
    (r"some time between two breakdowns", "两次故障之间有一段时间"),
    (r"probabilities >= 0 with sum <= 1", "不小于 0、合计不超过 1 的概率"),
    (r"each station once", "每个站点只写一次"),
    (r"one route of a class after a station", "一类客户在一站之后只有一条路线"),
    (r"a way that leads out", "有一条路通向离开"),
    (r"its routes only lead round in circles", "路线只在圈内打转"),
    (r"two routes", "两条路线"),
    (r"(.*) twice", r"\1 用了两次"),
    (r"(\d+) sources", r"\1 个来源"),
    (r"(\d+) servers", r"\1 个窗口"),
    (r"not ascending", "不是升序"),
    (r"a whole shape from (\S+) to (\S+), (.*)", r" shape 为 \1 到 \2 的整数，\3"),
    (r"one of (.*), or a file (\S+)", r"其中之一：\1，或文件 \2"),
    (r"one of (.*)", r"其中之一：\1"),
    (r"none: a file has no presets", "空：文件没有预设"),
    (r"a whole number from (\S+) to (.*)", r" \1 到 \2 的整数"),
    (r"a number above 0, at most (\S+)", r"大于 0、不超过 \1 的数"),
    (r"a number from (\S+) to (\S+) (.*)", r" \1 到 \2 的数（\3）"),
    (r"a whole number of (.*)", r"整数（\1）"),
    (r"at least one time, all >= 0, ascending", "至少一个时间，均不小于 0"),
)


def in_both_languages(english: str) -> Words:
    """A phrase of a fault with its Chinese; what is only numbers and names stays."""
    for pattern, chinese in _CHINESE:
        if re.fullmatch(pattern, english):
            return Words(re.sub(pattern, chinese, english), english)
    return Words(f" {english}" if re.match(r"[\w<>]", english) else english, english)
