"""`plural`: the words that go with a number, by the categories of the locale's language.

`{{ n | plural(one='# point', other='# points') }}`: `#` is the number as the locale writes it, `##` a
plain #. Each category that the language has and the number can reach must be given, so that no message
ever says "1 points"; one that the language does not have is a mistake, for it would never be used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jinja2 import nodes

from handbill.language.expressions.build import bounds, call, joined, longest, scale_of
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.missing import required
from handbill.language.filters.localized import NotWritten, number_text
from handbill.language.filters.plural_rules import (
    CATEGORIES,
    OTHER,
    SHOWN,
    categories_of,
    category,
    condition_of,
    reached,
)
from handbill.language.filters.signature import Arguments, Signature, refuse_kind, text_argument
from handbill.language.syntax.tree import text_of
from handbill.language.vocabulary.words import is_number
from handbill.plan.ir import Const, Operation
from handbill.plan.types import StringType

Node = nodes.Filter | nodes.Test


def check_plural(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    value = required(context, operand)
    if value is not None and not is_number(value.type):
        refuse_kind(context, "plural", operand, value, "a number", None)
        value = None
    texts = {name: text_argument(context, given, f"the text for `{name}`")
             for name, given in arguments.named.items()}  # fmt: skip
    if value is None or any(text is None for text in texts.values()):
        return FAILED
    words = {name: text for name, text in texts.items() if text is not None}
    try:
        if not _is_complete(node, context, value, words):
            return FAILED
        return _chosen(value, context.scope.locale, words)
    except NotWritten as reason:
        return context.report("HB508", f"`plural` cannot write this here: {reason}", node)


# ── which texts there must be ────────────────────────────────────────────────────────────────────


def _is_complete(node: Node, context: Checking, value: Checked, words: Mapping[str, str]) -> bool:
    locale = context.scope.locale
    known, needed = categories_of(locale), _reached(value, locale)
    foreign = [name for name in words if name not in known]
    if foreign:
        name = foreign[0]
        message = f"{locale} has no plural category `{name}`, so this text would never be used"
        hint = f"remove `{name}=…`"
        if name == "zero" and node.node is not None:
            number = text_of(node.node)
            text = text_of(next(each.value for each in node.kwargs if each.key == name))
            hint = f"{text} if {number} == 0 else {number} | plural(…)"
        where = next(each.value for each in node.kwargs if each.key == name)
        context.report("HB642", message, where, hint=hint, notes=(_listed(needed, locale),))
        return False
    lacking = [
        name for name in CATEGORIES if (name in needed or name == OTHER) and name not in words
    ]
    if lacking:
        names = " and ".join(f"`{name}`" for name in lacking)
        message = f"`plural` lacks {names}, which {locale} needs"
        wanted = [name for name in CATEGORIES if name in words or name in lacking]
        hint = ", ".join(f"{name}='…'" for name in wanted)
        notes = (_listed(needed, locale),)
        context.report("HB641", message, node, hint=f"plural({hint})", notes=notes, name_only=True)
        return False
    return True


def _reached(value: Checked, locale: str) -> Mapping[str, tuple[str, ...]]:
    assert value.type is not None
    found = bounds(value)
    return reached(locale, found.low, found.high, scale_of(value.type))


def _listed(needed: Mapping[str, Sequence[str]], locale: str) -> str:
    """`en-US: one (1), other (0, 2, 3)`."""
    shown = (
        f"{name} ({', '.join(numbers)}{', …' * (len(numbers) == SHOWN)})"
        for name, numbers in needed.items()
    )
    return f"{locale}: {', '.join(shown)}"


# ── the texts ────────────────────────────────────────────────────────────────────────────────────


def _chosen(value: Checked, locale: str, words: Mapping[str, str]) -> Checked:
    """The text of the category that the number has."""
    assert value.type is not None
    scale = scale_of(value.type)
    texts = {name: _written(text, value, locale) for name, text in words.items()}
    if value.constant is not None:
        assert isinstance(value.constant.value, int)
        return texts[category(locale, value.constant.value, scale)]
    result = texts[OTHER]
    for name in reversed([each for each in _reached(value, locale) if each != OTHER]):
        condition = condition_of(locale, name, value, scale)
        if isinstance(condition, bool):
            result = texts[name] if condition else result
        else:
            result = _either(condition, texts[name], result)
    return result


def _either(condition: Checked, then: Checked, otherwise: Checked) -> Checked:
    assert condition.expression and then.expression and otherwise.expression
    assert then.type is not None and otherwise.type is not None
    type_ = StringType(max(longest(then.type), longest(otherwise.type)))
    parts = (condition.expression, then.expression, otherwise.expression)
    return call(Operation.IF, parts, type_)


def _written(text: str, value: Checked, locale: str) -> Checked:
    """The text with the number for each `#`; `##` is a # that stays."""
    number = number_text(value, locale)
    pieces: list[Checked] = []
    for part in text.split("##"):
        if pieces:
            pieces.append(_text("#"))
        for place, plain in enumerate(part.split("#")):
            pieces += [number] if place else []
            pieces.append(_text(plain))
    return joined(pieces)


def _text(text: str) -> Checked:
    return value_of(Const(StringType(len(text)), text), StringType(len(text)))


PLURAL_FILTERS: tuple[Signature, ...] = (
    Signature(
        "plural",
        "filter",
        "number",
        "text",
        "the text of the number's plural category in the locale; # is the number",
        "customer.points | plural(one='# point', other='# points')",
        (Operation.IF, Operation.MOD, Operation.CONCAT, Operation.GROUPED_TEXT),
        check_plural,
        templates_only=True,
        named=CATEGORIES,
    ),
)
