"""What a planner's own network says in one line: where it is tight, and who was not served."""

from __future__ import annotations

from sim.models.model import Story
from sim.observation import Observation, StationSeen


def story_of_network(observation: Observation) -> Story:
    """The station where people wait longest, the busiest one, and who was turned away."""
    named = list(zip(observation.network.stations, observation.stations, strict=True))
    staffed = [each for each in named if not each[0].is_link] or named
    slow, seen = max(staffed, key=lambda each: each[1].waits.quantile_s(0.95))
    waits = seen.waits
    if waits.longest_s == 0:
        zh, en = "没有人等候", "Nobody waits"
    else:
        p95_s = waits.quantile_s(0.95)
        zh = f"“{slow.name}”等候最久：均值 {waits.mean_s:,.0f} 秒，95% 不超过 {p95_s:,.0f} 秒，"
        use = "" if slow.is_link else f"，利用率 {seen.utilisation:.0%}"
        zh += f"最多 {seen.queue_max:,} 人排队{use}"
        en = f"Waits are longest at {slow.name}: mean {waits.mean_s:,.0f} s, p95 {p95_s:,.0f} s, "
        use = "" if slow.is_link else f", {seen.utilisation:.0%} in use"
        en += f"up to {seen.queue_max:,} waiting{use}"
    busy, of_busy = max(named, key=lambda each: each[1].utilisation)
    if busy is not slow:
        zh += f"；最忙的是“{busy.name}”，利用率 {of_busy.utilisation:.0%}"
        en += f"; the busiest is {busy.name}, {of_busy.utilisation:.0%} in use"
    for station, each in named:
        lost_zh, lost_en = _lost(each)
        if lost_en:
            zh += f"；“{station.name}”{lost_zh}"
            en += f"; {station.name} {lost_en}"
    return Story(f"{zh}。", f"{en}.")


def _lost(seen: StationSeen) -> tuple[str, str]:
    if not seen.visits:
        return "", ""
    zh, en = [], []
    if seen.refused:
        zh.append(f"拒绝 {seen.refused / seen.visits:.1%}")
        en.append(f"refuses {seen.refused / seen.visits:.1%}")
    if seen.abandoned:
        zh.append(f"有 {seen.abandoned / seen.visits:.1%} 等不及离开")
        en.append(f"loses {seen.abandoned / seen.visits:.1%} to impatience")
    return "，".join(zh), " and ".join(en)
