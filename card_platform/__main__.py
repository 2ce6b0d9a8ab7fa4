"""`python -m card_platform`: the platform alone, without the rest of the testbed."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import msgspec

from card_platform.errors import PlatformCannotStart
from card_platform.installation import check_audit_of
from card_platform.settings import Settings, of_regions
from card_platform.workers import serve_all


def _times(text: str) -> int:
    if (times := int(text)) < 0:
        raise ValueError
    return times


def _call() -> argparse.Namespace:
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
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="工作进程数，需要 PostgreSQL · processes, on PostgreSQL (1)",
    )
    parser.add_argument(
        "--limits-times",
        type=_times,
        default=1,
        metavar="N",
        help="限流为常值的倍数，0 为不限 · so many times the rate limits, 0 lifts them (1)",
    )
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
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
    return parser.parse_args()


def main() -> int:
    """Serve, or check the audit; the exit code."""
    call = _call()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    base = Settings(
        call.data,
        call.database,
        port=call.port,
        clock=call.clock,
        limits_times=call.limits_times,
        worker=call.worker,
    )
    try:
        settings = of_regions(base, call.regions.split(","))
        if call.check_audit:
            return _check_audit(settings)
        lifeline = sys.stdin.fileno() if call.end_with_stdin else None
        serve_all(base, call.regions.split(","), call.workers, lifeline)
    except PlatformCannotStart as fault:
        sys.stderr.write(f"{fault.zh}\n{fault.en}\n")
        return fault.exit_code
    return 0


def _check_audit(settings: list[Settings]) -> int:
    checks = [check_audit_of(each) for each in settings]
    for check in checks:
        sys.stdout.write(msgspec.json.encode(check).decode() + "\n")
    return 0 if all(check.whole for check in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
