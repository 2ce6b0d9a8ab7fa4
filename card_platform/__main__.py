"""`python -m card_platform`: the platform alone, without the rest of the testbed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from card_platform.errors import PlatformCannotStart
from card_platform.installation import check_audit_of
from card_platform.server import run
from card_platform.settings import Settings, of_regions


def _call() -> tuple[list[Settings], int | None, bool]:
    parser = argparse.ArgumentParser(
        prog="python -m card_platform",
        description="社会保障卡一卡通平台 · The one-card platform",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("onecard-data"),
        help="数据目录：数据库、令牌、密钥种子 · data folder: database, tokens, key seed",
    )
    parser.add_argument(
        "--database",
        metavar="URL",
        help="postgresql://... | sqlite:///...；默认为数据目录中的 SQLite · default: SQLite",
    )
    parser.add_argument("--port", type=int, default=0, help="端口，0 为自动 · port, 0: a free one")
    parser.add_argument(
        "--regions",
        default="CQ",
        metavar="CQ,SC",
        help="地区配置，多个用逗号分隔 · region packs, several with commas (CQ)",
    )
    parser.add_argument(
        "--clock",
        choices=["real", "virtual"],
        default="real",
        help="时钟，virtual 可由培训者拨快 · clock; a trainer may move a virtual one forward",
    )
    parser.add_argument(
        "--end-with-stdin",
        action="store_true",
        help="标准输入关闭时结束 · end when standard input is closed",
    )
    parser.add_argument(
        "--check-audit",
        action="store_true",
        help="校验审计链后结束 · check the audit's chain and end; exit code 1 if broken",
    )
    call = parser.parse_args()
    lifeline = sys.stdin.fileno() if call.end_with_stdin else None
    settings = Settings(call.data, call.database, port=call.port, clock=call.clock)
    return of_regions(settings, call.regions.split(",")), lifeline, call.check_audit


def main() -> int:
    """Serve, or check the audit; the exit code."""
    try:
        settings, lifeline, is_check = _call()
        if not is_check:
            return run(settings, lifeline)
        checks = [check_audit_of(each) for each in settings]
    except PlatformCannotStart as fault:
        sys.stderr.write(f"{fault.zh}\n{fault.en}\n")
        return fault.exit_code
    for check in checks:
        sys.stdout.write(msgspec.json.encode(check).decode() + "\n")
    return 0 if all(check.whole for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
