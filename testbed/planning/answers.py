"""What planning found, in one line of each language."""

from __future__ import annotations

from sim.observation import CROWDED, ENDLESS
from sim.planning.questions import as_text
from sim.planning.sizing import Sizing


def answer_of(found: Sizing) -> tuple[str, str]:
    """The answer with what it is worth: Chinese, English."""
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
        "impossible": ("不可能的设置", "cannot be"),
        ENDLESS: ("结束不了，已中止", "broken off: it would not end"),
    }.get(reason, ("已中止", "broken off"))


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
