"""Click commands whose help is written in Chinese and English side by side.

Declaring a verb takes both texts; which one is shown is decided when help is asked, not at import.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from testbed.language import chosen, say

_LANG_HELP = ("界面语言（默认随系统区域设置）", "language of messages (default: by locale)")
_HELP_HELP = ("显示本说明并退出", "show this message and exit")


class BilingualOption(click.Option):
    """An option with its help in both languages."""

    def __init__(self, *args: Any, zh: str, en: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = (zh, en)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Name and help, in the language now spoken."""
        self.help = say(*self.texts)
        record = super().get_help_record(ctx)
        if record is None or chosen() != "zh":
            return record
        return record[0], record[1].replace("[default: ", "[默认：").replace("required]", "必填]")


class BilingualCommand(click.Command):
    """A verb with description and examples in both languages."""

    def __init__(
        self, *args: Any, zh: str, en: str, examples: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.texts = (zh, en)
        self.examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words of a call; what is wrong with them knows whose they are."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx
            raise

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's signature
        """First sentence of the description."""
        return say(*self.texts).splitlines()[0]

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole help page."""
        self.help = say(*self.texts)
        super().format_help(ctx, formatter)
        if self.examples:
            with formatter.section(say("示例", "Examples")):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=say("用法：", "Usage: "))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Words of the usage line; Chinese readers see 选项 for OPTIONS."""
        pieces = super().collect_usage_pieces(ctx)
        return ["[选项]" if p == "[OPTIONS]" and chosen() == "zh" else p for p in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of options, `--lang` among them."""
        records = [r for p in self.get_params(ctx) if (r := p.get_help_record(ctx)) is not None]
        records = [r for r in records if "--help" not in r[0]]
        records += [("--lang [zh|en]", say(*_LANG_HELP)), ("-h, --help", say(*_HELP_HELP))]
        with formatter.section(say("选项", "Options")):
            formatter.write_dl(records)


class BilingualGroup(BilingualCommand, click.Group):
    """A verb with verbs of its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then the verbs in the order they were declared."""
        super().format_options(ctx, formatter)
        with formatter.section(say("命令", "Commands")):
            formatter.write_dl(self.summaries())

    def summaries(self) -> list[tuple[str, str]]:
        """Name and one line of each verb, in the order they were declared."""
        return [(name, verb.get_short_help_str()) for name, verb in self.commands.items()]

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Verbs in the order of a day's work, as declared."""
        return list(self.commands)


def verb(
    group: click.Group, name: str, *, zh: str, en: str, examples: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], click.Command]:
    """Declare a verb of a group."""
    return group.command(name, cls=BilingualCommand, zh=zh, en=en, examples=examples)


def group(parent: click.Group, name: str, *, zh: str, en: str) -> click.Group:
    """Declare a group of verbs."""
    made = BilingualGroup(name, zh=zh, en=en)
    parent.add_command(made)
    return made


def option(*names: str, zh: str, en: str, **settings: Any) -> Callable[[Any], Any]:
    """Declare an option of a verb."""
    return click.option(*names, cls=BilingualOption, zh=zh, en=en, **settings)
