"""What planning found, in one line of each language."""

from __future__ import annotations

from sim.observation import CROWDED, ENDLESS
from sim.planning.alternatives import Sensitivity, Sweep
from sim.planning.questions import as_text
from sim.planning.sizing import Sizing
from sim.planning.sizing.trials import FOREGONE
from sim.planning.staffing import Staffing
from testbed.planning.found import Found, WhatIf

NAMED_MAX = 4
"""So many figures or parameters are named in a sentence; the table has all."""


def answer_of(found: Found) -> tuple[str, str]:
    """The answer with what it is worth: Chinese, English; a sweep whose settings could all be
    played gives none.
    """
    match found:
        case Sizing():
            return _of_plan(found)
        case Sweep():
            return _of_sweep(found)
        case WhatIf():
            return _of_comparison(found)
        case Sensitivity():
            return _of_sensitivity(found)
        case Staffing():
            return _of_roster(found)


def _of_plan(found: Sizing) -> tuple[str, str]:
    if found.answer is None:
        return (
            f"范围内没有设置能以 95% 的置信度满足 {found.target}。",
            f"No setting within the bounds meets {found.target} with 95 % confidence.",
        )
    setting, cost = as_text(found.answer), found.cost
    zh = f"最少 {setting}" + ("" if cost is None else f"，成本 {cost:g}")
    en = f"Least: {setting}" + ("" if cost is None else f", cost {cost:g}")
    zh += f"：以 95% 的置信度满足 {found.target}；"
    en += f". It meets {found.target} with 95 % confidence; "
    less_zh, less_en = _step_less(found)
    zh, en = zh + less_zh, en + less_en
    if found.method == "descent":
        zh += " 组合过多，这是逐步下降得到的，不保证总成本最低。"
        en += " There are too many combinations: this one was found by descent and need not be the "
        en += "cheapest."
    if not found.monotone:
        zh += " 注意：此处并非越多越好，更少的设置也可能成立。"
        en += " Beware: more is not always better here; other settings below may hold, too."
    return zh, en


def stopped_words(reason: str) -> tuple[str, str]:
    """Why runs were broken off: Chinese, English."""
    return {
        CROWDED: ("人越积越多，已中止", "broken off: ever more waited"),
        FOREGONE: ("已不可能满足目标，已中止", "broken off: can no longer meet the target"),
        "impossible": ("不可能的设置", "cannot be"),
        ENDLESS: ("结束不了，已中止", "broken off: it would not end"),
    }.get(reason, ("已中止", "broken off"))


def _of_sweep(found: Sweep) -> tuple[str, str]:
    """Why some settings have no figures: each reason with the settings it holds for."""
    zh = en = ""
    for reason in dict.fromkeys(point.found.stopped for point in found.points):
        if not reason:
            continue
        given_up = [each.setting for each in found.points if each.found.stopped == reason]
        names = "; ".join(map(as_text, given_up[:NAMED_MAX]))
        more = len(given_up) - NAMED_MAX
        names_zh = names + (f" 等 {len(given_up)} 种设置" if more > 0 else "")
        names_en = names + (f" and {more} more" if more > 0 else "")
        why_zh, why_en = why_no_figures(reason)
        zh += f"{names_zh}：{why_zh}。"
        en += f"{' ' if en else ''}{names_en}: {why_en}."
    return zh, en


def why_no_figures(reason: str) -> tuple[str, str]:
    """What is told in place of figures, where runs were broken off: Chinese, English."""
    if reason == CROWDED:
        return (
            "同时滞留的人必然超过一次运行的上限，已提前中止；这样的一天没有完结，因而没有指标",
            "surely more people would be inside at once than a run may hold, so it was broken off; "
            "a day that does not end has no figures",
        )
    return stopped_words(reason)


def _of_comparison(found: WhatIf) -> tuple[str, str]:
    of = found.comparison
    if not of.figures:
        sides = ((found.before, of.stopped_before), (found.after, of.stopped_after))
        told = [(which, *why_no_figures(why)) for which, why in sides if why]
        zh = "；".join(f"{which}：{words}" for which, words, _ in told)
        en = "; ".join(f"{which}: {words}" for which, _, words in told)
        if len(told) == 1:
            whole = found.after if of.stopped_before else found.before
            zh += f"。{whole} 可以运行"
            en += f". {whole} can be played"
        return f"{zh}；无法比较。", f"{en}; nothing can be compared."
    shown = sorted(
        (each for each in of.figures if each.difference.sign),
        key=lambda each: -abs(each.difference.mean) / max(abs(each.before.mean), 1e-9),
    )
    if not shown:
        return (
            f"{found.change}：运行 {of.replications} 次，没有一项指标显出差别。",
            f"{found.change}: no figure is shown to differ after {of.replications} runs.",
        )
    zh = en = ""
    for each in shown[:NAMED_MAX]:
        ends = f"{each.before.mean:.4g} → {each.after.mean:.4g}"
        zh += f"{each.figure.text} {'增加' if each.difference.sign > 0 else '减少'}（{ends}）；"
        en += f"{each.figure.text} is {'more' if each.difference.sign > 0 else 'less'} ({ends}); "
    many, total = len(shown), len(of.figures)
    return (
        f"{found.change}：{zh}{total} 项指标中 {many} 项以 95% 的置信度显出差别。",
        f"{found.change}: {en}{many} of {total} figures are shown to differ, each with 95 % "
        "confidence.",
    )


def _of_sensitivity(found: Sensitivity) -> tuple[str, str]:
    figure = found.figure.text
    shown = [swing for swing in found.swings if swing.effect is not None and swing.effect.sign]
    stopped = sum(swing.effect is None for swing in found.swings)
    still = len(found.swings) - len(shown) - stopped
    if found.stopped and not shown:
        why_zh, why_en = why_no_figures(found.stopped)
        return (
            f"不作变动时，{why_zh}；也就说不出哪个参数最影响 {figure}。",
            f"As it is, {why_en}; which parameter moves {figure} cannot be said.",
        )
    if shown:
        named = ", ".join(swing.name for swing in shown[:NAMED_MAX])
        zh, en = f"最影响 {figure} 的依次是 {named}", f"{figure} is moved most by {named}"
    else:
        zh = f"没有一个参数显出对 {figure} 的影响"
        en = f"No parameter is shown to move {figure}"
    zh += f"；{still} 个参数未见影响" if still else ""
    en += f"; {still} are not shown to move it" if still else ""
    zh += f"；{stopped} 个变动后无法运行" if stopped else ""
    en += f"; {stopped} cannot be played when moved" if stopped else ""
    return f"{zh}。", f"{en}."


def _of_roster(found: Staffing) -> tuple[str, str]:
    why_zh, why_en = why_no_figures(found.stopped) if found.stopped else ("", "")
    if not found.hours:
        return (
            f"{found.station} 的窗口数不限也无济于事：{why_zh}。没有排班可试。",
            f"Not even unlimited servers at {found.station} would do: {why_en}. "
            "There is no roster to try.",
        )
    if found.stopped:
        return (
            f"没有找到满足 {found.target} 的排班；上表是最后一次尝试：{why_zh}。",
            f"No roster was found that meets {found.target}; the table is the last one tried: "
            f"{why_en}.",
        )
    if not found.ok:
        return (
            f"没有找到满足 {found.target} 的排班；上表是最后一次尝试。",
            f"No roster was found that meets {found.target}; the table is the last one tried.",
        )
    return (
        f"共 {found.server_hours:g} 人时：每个时段都以 95% 的置信度成立；"
        "任何一个时段再少一人，就不能再这样说。",
        f"{found.server_hours:g} server hours in all: every period holds with 95 % "
        "confidence; with one fewer in any of them that cannot be said.",
    )


def _step_less(found: Sizing) -> tuple[str, str]:
    """What is known of those that have one step less of one number."""
    lower = found.one_step_less()
    if not lower:
        return "已是范围的下限。", "it is the lower bound itself."
    undecided = [trial for trial in lower if trial.verdict == "undecided"]
    if not undecided:
        return "再少一档不能。", "one step less does not."
    names = "; ".join(as_text(trial.setting) for trial in undecided)
    runs = max(trial.replications for trial in undecided)
    return (
        f"{names} 运行 {runs} 次后仍未定：加大 --replications-max 也许能证明它已足够。",
        f"{names} is undecided after {runs} runs: a larger --replications-max may show that it is "
        "enough.",
    )
