"""Where inputs come from and what they are counted in, in Chinese.

Models tell source and unit in English; their phrases are few. Addresses, names of authors and
numbers of standards stay as they are, and so does what is not known here.
"""

from __future__ import annotations

import re

BY_CALLER = "set by the caller"

_SOURCES = (
    (
        "15 working days, Beijing Daxing; 25 in Zhongshan before instant issuance: of this mostly "
        "delivery",
        "北京大兴 15 个工作日，中山即时制卡前 25 个：其中多为寄送",
    ),
    (
        "6 to 12 cards an hour at a counter, 5 to 10 min each, from instant issuance in Zhongshan "
        "(<15 min, m.kcqsx.com 2020-04-16) and Qinghai (10 min, news.yktworld.com 2020-06-28)",
        "每个窗口每小时 6 至 12 张，每张 5 至 10 分钟；据中山（不到 15 分钟，m.kcqsx.com "
        "2020-04-16）与青海（10 分钟，news.yktworld.com 2020-06-28）的即时制卡",
    ),
    (
        "12333 in 2021: about 105 million calls, 84.2 % connected (cardozapub.com, a weak page), "
        "by cardholders, over 250 working days",
        "12333 2021 年约 1.05 亿通来电，接通 84.2%（cardozapub.com，来源较弱），"
        "按持卡人数与 250 个工作日分摊",
    ),
    (
        "people of 60 and more: 22 % at the end of 2024 (en.people.cn 2025-07-25); that so many of "
        "the visitors want help is an assumption",
        "60 岁及以上人口 2024 年末占 22%（en.people.cn 2025-07-25）；"
        "来访者中需要协助的占这么多为假设",
    ),
    (
        "6.018 bn city bus rides in Jan-Feb 2024 (People's Daily 2024-04-02), by cardholders",
        "2024 年 1-2 月城市公交 60.18 亿人次（人民日报 2024-04-02），按持卡人数分摊",
    ),
    (
        "24 stations, 19.29 bn entries of 2024 over 366 days and 6,324 stations, China News "
        "2025-01-22",
        "24 站；2024 年进站 192.9 亿人次，按 366 天、6,324 站分摊，中新网 2025-01-22",
    ),
    (
        "32.24 bn rides of 2024 over 366 days and 54 cities, China News 2025-01-22",
        "2024 年 322.4 亿人次，按 366 天、54 城分摊，中新网 2025-01-22",
    ),
    (
        "x 0.598 entries a ride (19.29 bn / 32.24 bn, urban rail 2024, China News 2025-01-22)",
        "× 每人次进站 0.598（192.9 亿 / 322.4 亿，2024 年城市轨道交通，中新网 2025-01-22）",
    ),
    (
        "1.034 bn electronic cards over 1.386 bn holders, MOHRSS press conference, end Sep 2024 "
        "(a weak page)",
        "13.86 亿持卡人中电子社保卡 10.34 亿张，人社部新闻发布会，2024 年 9 月底（来源较弱）",
    ),
    (
        "70.8 million cross-province settlements in Q1 2025 (China Daily 2025-06-10), by "
        "cardholders",
        "2025 年第一季度跨省结算 7080 万人次（中国日报 2025-06-10），按持卡人数分摊",
    ),
    (
        "3.6 million online registrations in Q1 2025 (China Daily 2025-06-10), by cardholders",
        "2025 年第一季度网上备案 360 万人次（中国日报 2025-06-10），按持卡人数分摊",
    ),
    (
        "desktop printers do 100 to 250 plain cards/h (a weak page), with a chip 40 to 120",
        "桌面制卡机每小时 100 至 250 张普通卡（来源较弱），带芯片 40 至 120 张",
    ),
    (
        "a county's share of a line; lines of a city and a province: assumption",
        "县取一条线的份额；市、省的线数为假设",
    ),
    (
        "in-patient response of the national platform about 0.8 s (2022, a page without address, "
        "weak)",
        "国家平台住院响应约 0.8 秒（2022，页面无地址，来源较弱）",
    ),
    (
        "Cai Yi 2023(1), ISSN 1004-9746, p. 49: Beijing Changping line, measured",
        "Cai Yi 2023(1)，ISSN 1004-9746，第 49 页：北京昌平线实测",
    ),
    (
        "about 2 s a passenger with a smart card, Shockley et al. 2016, LA Metro",
        "刷卡每人约 2 秒，Shockley 等 2016，洛杉矶 LA Metro",
    ),
    (
        "10.03 million rides in Chengdu, 2025-12-31 (a video's transcript, weak)",
        "成都 1003 万人次，2025-12-31（视频文字稿，来源较弱）",
    ),
    ("12.86 million rides on 2023-11-17", "2023-11-17 客运 1286 万人次"),
    ("21.48 million enquiries in 5 years", "5 年咨询 2148 万次"),
    ("card and code mixed", "刷卡与扫码混用"),
    ("1.386 bn holders over about 2,900 counties", "13.86 亿持卡人，分到约 2,900 个县"),
    ("1.386 bn holders over about 330 cities", "13.86 亿持卡人，分到约 330 个市"),
    (
        "62.36 million electronic cards over 91.62 million holders",
        "9162 万持卡人中电子社保卡 6236 万张",
    ),
    ("91.62 million holders", "9162 万持卡人"),
    (
        "press conference of the standing committee of the provincial people's congress",
        "省人大常委会新闻发布会",
    ),
    ("press conference", "新闻发布会"),
    ("since it began; the day it began is not told", "自开通以来；开通日期未公布"),
    ("Sichuan and Chongqing together", "川渝合计"),
    (
        "(a hotline's cut-over once took 11 h, 26 Jul 2024)",
        "（某热线切换曾用 11 小时，2024-07-26）",
    ),
    ("(range 0.12-0.15)", "（范围 0.12-0.15）"),
    ("3.3 % of the holders travel at a time", "同一时间 3.3% 的持卡人在外"),
    (
        "a fifth of a city of 4.2 million, all in one region",
        "420 万人口城市的五分之一，都在同一地区",
    ),
    ("70 % of the holders replace the card", "70% 的持卡人换卡"),
    ("a system is built for 40 % more than the busiest day", "系统按最忙一天再加 40% 建设"),
    ("a third of the counters' time", "窗口三分之一的时间"),
    ("a train every 3 min in each direction", "每个方向 3 分钟一班"),
    ("a train every 6 min in each direction", "每个方向 6 分钟一班"),
    ("each site by itself", "每个点位各自独立"),
    ("half a percent of the cards", "千分之五的卡"),
    ("one group for each district", "每个区县一组"),
    ("one group for each prefecture", "每个市州一组"),
    ("those at work for people from elsewhere", "为外地人员服务的"),
    ("with matching and both books", "含比对与双方记账"),
    ("`onecard calibrate` measures your own", "可用 `onecard calibrate` 实测自己的"),
    ("preset busy: x 1.28 (Shanghai 2023: ", "预设 busy：× 1.28（上海 2023："),
    ("x 1.28 (Shanghai metro 2023: ", "× 1.28（上海地铁 2023："),
    ("busiest weekday / average day)", "最忙工作日 / 平均日）"),
    ("325 lines over 54 cities", "54 城共 325 条线路"),
    ("6,324 stations over 54 cities", "54 城共 6,324 站"),
    ("915 million boardings of 8,700 buses in 2019", "2019 年 8,700 辆公交车 9.15 亿人次"),
    (
        "about 320 million recipients in the nation, by cardholders",
        "全国约 3.2 亿领取人，按持卡人数分摊",
    ),
    (
        "gives the mixed rate 21.1/min measured by Cai Yi 2023",
        "使混合速率等于 Cai Yi 2023 实测的每分钟 21.1 人",
    ),
    (
        "design value 1,800/h, quoted by Cai Yi 2023(1), p. 49",
        "设计值每小时 1,800 人，引自 Cai Yi 2023(1) 第 49 页",
    ),
    ("joint service points of Sichuan and Chongqing", "川渝联合服务点"),
    ("of 6,056 joint service points", "6,056 个联合服务点中的"),
    ("no metro", "无地铁"),
    ("Nanjing", "南京"),
    ("derived", "推算"),
    ("assumption", "假设"),
    (BY_CALLER, "由调用者设定"),
    ("measured: ", "实测："),
    (", service time", "，服务时间"),
    (", upper bound", "，上限"),
    (" of the load test ", "，压测 "),
    ("; ", "；"),
    (": ", "："),
    (", ", "，"),
    (" （", "（"),
)
"""Of the phrases the longer come first; the marks between them last."""

_UNITS = {
    "attempts": "次尝试",
    "boardings/bus/day": "人次/车/日",
    "calls": "通",
    "cards": "张",
    "cards/h": "张/小时",
    "cashiers": "收银台",
    "counters": "窗口",
    "customers": "人",
    "customers waiting": "人在等候",
    "customers/s": "人/秒",
    "day, from 1": "第几天，从 1 起",
    "days": "天",
    "depots": "车场",
    "desks": "席位",
    "exponent": "指数",
    "file of times, s": "时间文件，秒",
    "files": "份文件",
    "filings/day": "次备案/日",
    "from second, customers/s": "自第几秒起，人/秒",
    "from second, servers": "自第几秒起，窗口",
    "from second, until second": "自第几秒，至第几秒",
    "gates": "闸机",
    "groups": "组",
    "h": "小时",
    "halls": "大厅",
    "hour of the day": "时刻",
    "lines": "条线",
    "kinds": "类",
    "libraries": "家图书馆",
    "looks per worried caller": "次查询/每位担忧的来电者",
    "machines": "台",
    "min": "分钟",
    "ms": "毫秒",
    "ms/card": "毫秒/张",
    "ms/line": "毫秒/笔",
    "ms/record": "毫秒/条",
    "of the day before": "前一天的比例",
    "passengers/day": "乘客/日",
    "passengers/min/gate": "乘客/分钟/闸机",
    "people": "人",
    "people/day": "人/日",
    "people/day/hall": "人/日/大厅",
    "printers": "台制卡机",
    "queries per recipient": "次查询/领取人",
    "rank, lower is first": "次序，小者在前",
    "rides/person/day": "次乘车/人/日",
    "s": "秒",
    "seats": "座席",
    "second, customers": "第几秒，人",
    "servers": "窗口",
    "services": "项服务",
    "settlements/day": "次结算/日",
    "share in use": "使用比例",
    "share of bookings": "占预约",
    "share of buses": "占公交车",
    "share of cards": "占卡",
    "share of counters": "占窗口",
    "share of customers": "占顾客",
    "share of holders": "占持卡人",
    "share of holders told": "占被告知的持卡人",
    "share of metro trips": "占地铁出行",
    "share of passengers": "占乘客",
    "share of people": "占人数",
    "share of recipients": "占领取人",
    "share of taps": "占刷卡",
    "share of the day": "占全天",
    "share of those who come": "占来者",
    "share of those who want help": "占需要协助者",
    "share of visitors": "占来访者",
    "sites": "点位",
    "stages": "阶段",
    "standard deviation / mean": "标准差 / 均值",
    "stations": "站",
    "times": "倍",
    "trips/day": "次出行/日",
    "weeks": "周",
    "years of 52 weeks": "年（52 周）",
}


def source_in_chinese(english: str) -> str:
    """A source, or the mark of an assumption, in Chinese."""
    if found := re.fullmatch(r"(.+), line (\d+)", english):
        return f"{found[1]} 第 {found[2]} 行"
    told = english
    for phrase, chinese in _SOURCES:
        told = told.replace(phrase, chinese)
    return told


def unit_in_chinese(english: str) -> str:
    """A unit in Chinese; one that is not known here stays."""
    return _UNITS.get(english, english)


def input_row(
    name: str,
    value: str,
    *,
    unit: str,
    source: str,
    meaning: tuple[str, str] = ("", ""),
) -> dict[str, str]:
    """An input as tables and reports show it: unit and source in English, and in Chinese beside;
    its `meaning` in Chinese and English.
    """
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "unit_zh": unit_in_chinese(unit),
        "source": source,
        "source_zh": source_in_chinese(source),
        "meaning_zh": meaning[0],
        "meaning_en": meaning[1],
    }
