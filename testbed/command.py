"""The command `onecard`: verbs put together, faults turned into one sentence and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

import click

from testbed import bilingual, faults, language, wrong_calls
from testbed.language import say
from testbed.verbs import VERBS

INTERRUPTED = 130  # 128 + SIGINT, as shells say it


class Root(bilingual.BilingualGroup):
    """The command itself: knows its verbs by name and imports each when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Verbs in the order of a day's work."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb; its module declares it on import."""
        if cmd_name in VERBS:
            import_module(f"testbed.verbs.{cmd_name}")
        return super().get_command(ctx, cmd_name)

    def summaries(self) -> list[tuple[str, str]]:
        """Name and one line of each verb."""
        return [(name, say(*texts)) for name, texts in VERBS.items()]


def summary(verb: str) -> dict[str, str]:
    """What a verb does, for its declaration."""
    zh, en = VERBS[verb]
    return {"zh": zh, "en": en}


root = Root(
    "onecard",
    zh="社会保障卡“一卡通”测试平台：卡平台、虚拟卡与读卡器、场景、仿真、压力测试、报告。",
    en="The One-Card testbed: card platform, virtual cards and readers, scenarios, simulation, "
    "load tests, reports.",
    examples=("onecard doctor", "onecard run", "onecard run --lang zh"),
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a call and exit with the contract's code (see `faults`)."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str], command: click.Command = root, name: str = "onecard") -> int:
    """Run a call of `onecard`, or of another command that speaks as it does; its exit code."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        call = language.choose(arguments, os.environ)
        code = command.main(call, prog_name=name, standalone_mode=False)
    except BrokenPipeError:  # the reader of a pipe went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return faults.HELD
    except click.exceptions.NoArgsIsHelpError as fault:
        print(fault.ctx.get_help() if fault.ctx else "")
        return faults.CALL_IS_WRONG
    except (KeyboardInterrupt, click.Abort):
        sentence = say("已中断，子进程均已结束。", "Interrupted; every child process has ended.")
        code = INTERRUPTED
    except (language.UnknownLanguage, click.ClickException, faults.Fault) as fault:
        sentence, code = _explain(fault)
    else:
        return code if isinstance(code, int) else faults.HELD
    print(sentence, file=sys.stderr)
    return code


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM ends a run as Ctrl-C does: child processes first."""
    raise KeyboardInterrupt


def _explain(fault: Exception) -> tuple[str, int]:
    """The sentence for a person and the exit code."""
    if isinstance(fault, faults.Fault):
        return say(fault.zh, fault.en), fault.exit_code
    if isinstance(fault, click.UsageError):
        return wrong_calls.sentence(fault), faults.CALL_IS_WRONG
    if isinstance(fault, click.ClickException):
        return fault.format_message(), faults.CALL_IS_WRONG
    return (
        f"--lang 只接受 zh 或 en，收到“{fault}”。 --lang takes zh or en, it was given '{fault}'.",
        faults.CALL_IS_WRONG,
    )
