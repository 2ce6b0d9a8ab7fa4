"""What is wrong with a call, as one sentence in the language now spoken, with its mend.

Click finds what is wrong and says it in English only; its phrases are few. They stand here once,
for every verb. A phrase that is not among them is told as it is, in English: better than nothing.
"""

from __future__ import annotations

import re

import click
from click.exceptions import (
    BadParameter,
    MissingParameter,
    NoSuchCommand,
    NoSuchOption,
    UsageError,
)

from testbed.language import say

NUMBERS = {
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "float range": "数",
    "boolean": "是或否",
}
FILES = {"File": "文件", "Directory": "目录", "Path": "路径"}
_KINDS = {**NUMBERS, **FILES}
_WORDS = rf"({'|'.join(_KINDS)})"

_PHRASES = (
    (r"(.*) is not one of (.*)\.", r"{0} 不在可选之列：{1}。"),
    (rf"(.*) is not a valid {_WORDS}\.(?: Recognized values: .*)?", r"{0} 不是{1}。"),
    (r"(.*) is not in the range x([<>]=?)(.*)\.", r"{0} 超出范围，应{1} {2}。"),
    (r"(.*) is not in the range (.*)([<>]=?)x([<>]=?)(.*)\.", r"{0} 超出范围，应为 {1} 到 {4}。"),
    (r"(.*) does not match the formats? (.*)\.", r"{0} 不合格式 {1}。"),
    (rf"{_WORDS} (.*) does not exist\.", r"{0} {1} 不存在。"),
    (rf"{_WORDS} (.*) is a file\.", r"{1} 是文件，应为目录。"),
    (rf"{_WORDS} (.*) is a directory\.", r"{1} 是目录，应为文件。"),
    (rf"{_WORDS} (.*) is not readable\.", r"{0} {1} 无法读取。"),
    (rf"{_WORDS} (.*) is not writable\.", r"{0} {1} 无法写入。"),
    (r"(.*) is not (.*)\.", r"{0} 不是 {1}。"),
    (r"Got unexpected extra arguments? \((.*)\)", r"多出的参数 {0}。"),
    (r"Missing command\.", r"缺少命令。"),
    (r"Option (.*) requires an argument\.", r"选项 {0} 后面要有值。"),
    (r"Option (.*) requires (\d+) arguments\.", r"选项 {0} 后面要有 {1} 个值。"),
    (r"Option (.*) does not take a value\.", r"选项 {0} 后面不带值。"),
    (r"Takes (\d+) values but (\d+) (?:was|were) given\.", r"应有 {0} 个值，收到 {1} 个。"),
    (r"Argument (.*) takes (\d+) values\.", r"参数 {0} 应有 {1} 个值。"),
)
_SENSES = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}


def sentence(fault: UsageError) -> str:
    """What is wrong with a call and how to mend it, in the language now spoken."""
    path = fault.ctx.command_path if fault.ctx else "onecard"
    mend = say(f"请看 {path} --help。", f"See {path} --help.")
    return f"{_what_is_wrong(fault)} {mend}"


def in_chinese(english: str) -> str:
    """A sentence of click in Chinese; as it is where click says what is not known here."""
    for phrase, chinese in _PHRASES:
        if found := re.fullmatch(phrase, english, re.DOTALL):
            words = [_KINDS.get(word, _SENSES.get(word, word)) for word in found.groups()]
            return chinese.format(*words)
    return english


def _what_is_wrong(fault: UsageError) -> str:
    if isinstance(fault, NoSuchOption):
        name, near = fault.option_name, _near(fault.possibilities)
        return say(f"没有选项 {name}{near}。", f"There is no option {name}{near}.")
    if isinstance(fault, NoSuchCommand):
        name, near = fault.command_name, _near(fault.possibilities)
        return say(f"没有命令 {name}{near}。", f"There is no command {name}{near}.")
    name = fault.param.get_error_hint(fault.ctx) if isinstance(fault, BadParameter) and (
        fault.param and fault.ctx
    ) else ""  # fmt: skip
    if isinstance(fault, MissingParameter):
        return _missing(fault, name)
    if isinstance(fault, BadParameter):
        zh, en = in_chinese(fault.message), fault.message
        return say(f"参数 {name} 的值不对：{zh}", f"Invalid value for {name}: {en}")
    english = fault.format_message()
    return say(in_chinese(english), english if english.endswith(".") else f"{english}.")


def _missing(fault: MissingParameter, name: str) -> str:
    kind = fault.param.param_type_name if fault.param else "parameter"
    of = fault.param.type if fault.param else None
    choices = ", ".join(map(str, of.choices)) if isinstance(of, click.Choice) else ""
    zh = f"（可选：{choices}）" if choices else ""
    en = f": one of {choices}" if choices else ""
    return say(
        f"缺少{'选项' if kind == 'option' else '参数'} {name}{zh}。", f"Missing {kind} {name}{en}."
    )


def _near(possibilities: list[str] | None) -> str:
    if not possibilities:
        return ""
    names = ", ".join(possibilities)
    return say(f"（也许是 {names}）", f" (perhaps {names})")
