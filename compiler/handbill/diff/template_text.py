"""A message's operations as one readable text: constants as they are, holes in the language's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from handbill.diff.expression_text import expression_text, printed, unwritten
from handbill.diff.text_places import POSTFIX
from handbill.plan.ir import For, If, Op, Put, Set, Text


def template_text(ops: Iterable[Op]) -> str:
    return "".join(_pieces(ops))


def _pieces(ops: Iterable[Op]) -> Iterator[str]:
    for op in ops:
        match op:
            case Text(text=text):
                yield text
            case Put(expression=expression):
                yield f"{{{{ {expression_text(unwritten(expression))} }}}}"
            case If(branches=branches, otherwise=otherwise):
                for place, branch in enumerate(branches):
                    word = "elif" if place else "if"
                    yield f"{{% {word} {expression_text(branch.condition)} %}}"
                    yield from _pieces(branch.body)
                yield from _otherwise(otherwise)
                yield "{% endif %}"
            case For(name=name, items=items, limit=limit, body=body, otherwise=otherwise):
                yield f"{{% for {name} in {printed(items).within(POSTFIX)}[:{limit}] %}}"
                yield from _pieces(body)
                yield from _otherwise(otherwise)
                yield "{% endfor %}"
            case Set(name=name, expression=expression):
                yield f"{{% set {name} = {expression_text(expression)} %}}"
            case _:
                assert_never(op)


def _otherwise(ops: tuple[Op, ...]) -> Iterator[str]:
    if ops:
        yield "{% else %}"
        yield from _pieces(ops)
