"""Cards by the batch: how many a second become card states, and what memory that takes.

Rules: what is run is the command a card maker runs (`onecard cards personalise`), in a process of
its own; rate and peak are those it tells. The memory limit is on growth: ten times the images may
take `GROWTH_LIMIT_MIB` more at most. What one card takes, held ready to answer, is counted by the
allocator of this process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tracemalloc
from pathlib import Path
from statistics import median
from typing import Any, Final

from testbed.benchmarks.figure import AT_LEAST, AT_MOST, Figure, FigureIsRefused, beside_limit
from testbed.benchmarks.samples import samples
from virtual_cards.personalisation import PersonalisedCard, load_card

NAME: Final = "personalise-batch"
LIMIT_PER_S: Final = 1_000
FEW_IMAGES: Final = 1_000
MANY_IMAGES: Final = 10_000
GROWTH_LIMIT_MIB: Final = 32
CARD_LIMIT_KIB: Final = 64
_ROUNDS: Final = 3
_HELD_CARDS: Final = 200
_RUN_S_MAX: Final = 120


def measure() -> list[Figure]:
    """Rate, growth of the peak from few to many images, and what one held card takes."""
    with tempfile.TemporaryDirectory(prefix="onecard-bench-") as folder:
        few = _personalise(Path(folder), FEW_IMAGES)
        many = [_personalise(Path(folder), MANY_IMAGES) for _ in range(_ROUNDS)]
    rate = median(float(run["cards_per_s"]) for run in many)
    growth_mib = max(float(run["peak_rss_mb"]) for run in many) - float(few["peak_rss_mb"])
    return [
        beside_limit(NAME, "cards/s", rate, AT_LEAST, LIMIT_PER_S),
        beside_limit(f"{NAME}-growth", "MiB", growth_mib, AT_MOST, GROWTH_LIMIT_MIB),
        beside_limit("card-in-memory", "KiB", _one_card_kib(), AT_MOST, CARD_LIMIT_KIB),
    ]


def _personalise(folder: Path, images: int) -> dict[str, Any]:
    """The summary of a batch of so many made-up cards."""
    batch = folder / f"batch-{images}.jsonl"
    if not batch.exists():
        _onecard("make", "--count", str(images), "-o", str(batch))
    summary = _onecard("personalise", str(batch), "-o", str(folder / "states.jsonl"))
    if summary["cards"] != images:
        raise FigureIsRefused(
            f"{images} 个映像只得到 {summary['cards']} 张卡。",
            f"{images} images gave {summary['cards']} cards.",
        )
    return summary


def _onecard(*words: str) -> dict[str, Any]:
    # not bin/onecard: this program, whatever else is installed
    call = [sys.executable, "-c", "from testbed.command import main; main()", "cards", *words]
    done = subprocess.run(
        [*call, "--json", "-"], capture_output=True, text=True, timeout=_RUN_S_MAX, check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip()[-200:]
        raise FigureIsRefused(f"命令失败：{said}", f"the command failed: {said}")
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def _one_card_kib() -> float:
    image = samples().card_image
    load_card(image)  # what all cards share
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    held: list[PersonalisedCard] = [load_card(image) for _ in range(_HELD_CARDS)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / len(held) / 1024
