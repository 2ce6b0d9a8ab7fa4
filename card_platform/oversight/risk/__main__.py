"""Screen a file: `python -m card_platform.oversight.risk EVENTS.ndjson --alerts OUT.ndjson`."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from card_platform.errors import EXIT_CALL_WRONG, PlatformCannotStart
from card_platform.oversight.risk.rules import read_rules
from card_platform.oversight.risk.screening import EventsAreFaulty, screen_file


def main() -> int:
    """Screen a file of events; alerts go to a file, a summary to standard error."""
    parser = argparse.ArgumentParser(description="Screen a history 筛查事件历史")
    parser.add_argument("events", type=Path, help="events.ndjson 事件文件")
    parser.add_argument("--alerts", type=Path, required=True, help="alerts to write 告警文件")
    parser.add_argument("--rules", type=Path, help="rules.toml 规则文件")
    asked = parser.parse_args()
    gc.disable()  # the fold makes nothing that holds itself, and is a tenth quicker
    try:
        rules = read_rules(asked.rules) if asked.rules else None
        screened = screen_file(asked.events, asked.alerts, rules)
    except (EventsAreFaulty, PlatformCannotStart, OSError) as fault:
        sys.stderr.write(f"{fault}\n")
        return EXIT_CALL_WRONG
    sys.stderr.write(
        f"{screened.events} events 事件, {len(screened.alerts)} alerts 告警, "
        f"{screened.lesser} lesser signals 次要信号\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
