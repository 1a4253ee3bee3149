"""What a filter or a test is: its signature, where it may stand, what it becomes.

The tables of filters, tests and operators are made of these; the language reference too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from jinja2 import nodes

from handbill.language.expressions.checked import Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.missing import required
from handbill.language.vocabulary.words import describe
from handbill.plan.ir import Operation, Step
from handbill.plan.types import IntType


class Arguments(tuple[Operand, ...]):
    """What stands in a filter's brackets: the arguments in order, and those with a name."""

    named: Mapping[str, Operand] = {}


Handler: TypeAlias = Callable[[nodes.Filter | nodes.Test, Checking, Operand, Arguments], Checked]


@dataclass(frozen=True, slots=True)
class Signature:
    """One entry of the language.

    `takes` and `gives` are types in words; `arguments` are shown as they are written, `?` marks one
    that may be left out; `named` are those with a name, none of them needed. `operations` and `steps`
    are those of the plan that it lowers to. `binds`: it looks at each item of a list.
    """

    name: str
    kind: Literal["filter", "test", "operator"]
    takes: str
    gives: str
    meaning: str
    example: str
    operations: tuple[Operation, ...]
    check: Handler | None = None
    arguments: tuple[str, ...] = ()
    templates_only: bool = False
    named: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    binds: bool = False

    @property
    def fewest(self) -> int:
        return sum(1 for argument in self.arguments if not argument.endswith("?"))

    @property
    def usage(self) -> str:
        """`x | truncate(n)`."""
        inner = ", ".join(
            [
                *(argument.removesuffix("?") for argument in self.arguments),
                *(f"{name}=…" for name in self.named),
            ]
        )
        return f"{self.name}({inner})" if inner else self.name


def whole_argument(
    context: Checking, operand: Operand, low: int, high: int, what: str
) -> int | None:
    """A constant whole number within bounds, for arguments that decide a type."""
    value = required(context, operand)
    if value is None:
        return None
    known = value.constant
    if known is None or not isinstance(value.type, IntType) or isinstance(known.value, bool):
        context.report(
            "HB508", f"{what} is a whole number, written out", operand.node, hint=f"{low} … {high}"
        )
        return None
    number = known.value
    assert isinstance(number, int)
    if not low <= number <= high:
        context.report("HB508", f"{what} is from {low} to {high}", operand.node)
        return None
    return number


def text_argument(context: Checking, operand: Operand, what: str) -> str | None:
    """A constant text."""
    value = required(context, operand)
    if value is None:
        return None
    if value.constant is None or not isinstance(value.constant.value, str):
        context.report("HB508", f"{what} is a text, written out in quotes", operand.node)
        return None
    return value.constant.value


def flag_argument(context: Checking, operand: Operand, what: str) -> bool | None:
    """A constant yes or no."""
    value = required(context, operand)
    if value is None:
        return None
    if value.constant is None or not isinstance(value.constant.value, bool):
        context.report("HB508", f"{what} is true or false, written out", operand.node)
        return None
    return value.constant.value


def refuse_kind(
    context: Checking, name: str, operand: Operand, value: Checked, wants: str, hint: str | None
) -> Checked:
    """The operand is not of the kind that the filter takes."""
    assert value.type is not None
    return context.report(
        "HB507",
        f"`{name}` needs {wants}, and `{operand.text}` is {describe(value.type)}",
        operand.node,
        hint=hint,
    )
