"""The closed tables of filters and tests, and how one is found, checked and refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from jinja2 import nodes

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.logic import check_defined
from handbill.language.filters.dates import DATE_FILTERS
from handbill.language.filters.instants import INSTANT_FILTERS
from handbill.language.filters.lists import LIST_FILTERS
from handbill.language.filters.numbers import NUMBER_FILTERS, NUMBER_TESTS, is_empty_list
from handbill.language.filters.pipelines import PIPELINE_FILTERS
from handbill.language.filters.plurals import PLURAL_FILTERS
from handbill.language.filters.signature import Arguments, Signature
from handbill.language.filters.texts import TEXT_FILTERS
from handbill.language.syntax.tree import text_of
from handbill.plan.ir import Operation

Check = Callable[[nodes.Expr, Checking], Checked]

FILTERS: Mapping[str, Signature] = {
    each.name: each
    for each in (
        *NUMBER_FILTERS,
        *TEXT_FILTERS,
        *DATE_FILTERS,
        *INSTANT_FILTERS,
        *LIST_FILTERS,
        *PIPELINE_FILTERS,
        *PLURAL_FILTERS,
    )
}
TESTS: Mapping[str, Signature] = {
    each.name: each
    for each in (
        Signature(
            "defined",
            "test",
            "anything that may be missing",
            "yes or no",
            "whether it is there",
            "customer.store is defined",
            (Operation.IS_DEFINED,),
        ),
        *NUMBER_TESTS,
    )
}

FOREIGN_FILTERS: Mapping[str, str] = {
    "d": "default(…)",
    "size": "count",
    "select": "selectattr(…)",
    "reject": "rejectattr(…)",
    "where": "selectattr(…)",
    "filter": "selectattr(…)",
    "average": "avg",
    "mean": "avg",
    "minimum": "min",
    "maximum": "max",
    "uniq": "unique",
    "distinct": "unique",
    "sort_by": "sort(attribute=…)",
    "pluck": "map(attribute=…)",
    "since": "within('60 days')",
    "capitalize": "title",
    "upcase": "upper",
    "downcase": "lower",
    "uppercase": "upper",
    "lowercase": "lower",
    "strip": "trim",
    "int": "round",
    "float": "round(2)",
    "format": "~",
    "format_date": "date",
    "strftime": "date",
    "dateformat": "date",
    "currency": "money",
    "pluralize": "plural(one=…, other=…)",
    "ngettext": "plural(one=…, other=…)",
    "format_number": "number",
    "number_format": "number",
    "includes": "contains(…)",
    "starts_with": "startswith(…)",
    "ends_with": "endswith(…)",
    "add_days": "plus_days(…)",
    "days_since": "days_between(run.date)",
    "string": "~ ''",
}
NEVER: Mapping[str, str] = {
    "safe": "every hole is escaped for where it stands: remove `| safe`",
    "e": "every hole is escaped for where it stands: remove it",
    "escape": "every hole is escaped for where it stands: remove it",
    "forceescape": "every hole is escaped for where it stands: remove it",
    "random": "a message is the same whenever it is made again: use variants",
    "urlencode": "links are built by Handbill: remove it",
    "list": "it is a list already: remove it",
}
FOREIGN_TESTS: Mapping[str, str] = {
    "none": "is not defined",
    "null": "is not defined",
    "undefined": "is not defined",
    "missing": "is not defined",
    "empty": "== ''",
    "set": "is defined",
    "present": "is defined",
    "true": "",
    "false": "",
    "equalto": "==",
    "eq": "==",
    "in": "in",
}


def check_filter(node: nodes.Filter, context: Checking, check: Check) -> Checked:
    """`x | name(arguments)`."""
    if node.node is None:
        return context.report("HB503", "a filter needs a value before it", node)
    operand = Operand(node.node, check(node.node, context))
    signature = FILTERS.get(node.name)
    if signature is None:
        return _unknown_filter(node, context)
    if signature.templates_only and context.place == "rule":
        return context.report(
            "HB517",
            f"`{node.name}` writes text for readers: it works in messages, not in rules",
            node,
            hint=operand.text,
            name_only=True,
        )
    arguments = _arguments(node, context, check, signature)
    if arguments is None or signature.check is None:
        return FAILED
    return signature.check(node, context, operand, arguments)


def check_test(node: nodes.Test, context: Checking, check: Check) -> Checked:
    """`x is name`."""
    operand = Operand(node.node, check(node.node, context))
    signature = TESTS.get(node.name)
    if signature is None:
        return _unknown_test(node, context)
    arguments = _arguments(node, context, check, signature)
    if arguments is None:
        return FAILED
    if signature.check is None:
        return check_defined(operand.value)
    return signature.check(node, context, operand, arguments)


def _arguments(
    node: nodes.Filter | nodes.Test, context: Checking, check: Check, signature: Signature
) -> Arguments | None:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        context.report("HB503", "arguments are written out one by one", node)
        return None
    if not _names_are_known(node, context, signature):
        return None
    given, most = len(node.args), len(signature.arguments)
    if node.name == "default" and given == 2:
        context.report(
            "HB508",
            "`default` replaces what is missing, and an empty text is not missing",
            node.args[1],
            hint=f"{text_of(node.node)} | default({text_of(node.args[0])})"
            if node.node is not None
            else None,
        )
        return None
    if given and most == 0 and signature.named:
        _ask_for_names(node, context, signature)
        return None
    if not signature.fewest <= given <= most:
        context.report(
            "HB508",
            f"`{node.name}` takes {_counted(signature.fewest, most)}, and here are {given}",
            node,
            hint=signature.usage,
            name_only=True,
        )
        return None
    if signature.binds:
        context = replace(context, depth=context.depth + 1)
    arguments = Arguments(
        Operand(each, _argument(each, context, check, node.name == "default")) for each in node.args
    )
    arguments.named = {
        str(each.key): Operand(each.value, _argument(each.value, context, check))
        for each in node.kwargs
    }
    return arguments


def _ask_for_names(
    node: nodes.Filter | nodes.Test, context: Checking, signature: Signature
) -> None:
    """Every argument of it has a name, and these have none."""
    name, names = node.name, signature.named
    if {"one", "other"} <= set(names):
        names = ("one", "other") if len(node.args) > 1 else ("other",)
    shown = ", ".join(
        f"{each}={text_of(given)}" for each, given in zip(names, node.args, strict=False)
    )
    context.report(
        "HB508",
        f"each text of `{name}` has a name: which one is for which number is not told by its place",
        node.args[0],
        hint=f"{name}({shown})",
    )


def _names_are_known(
    node: nodes.Filter | nodes.Test, context: Checking, signature: Signature
) -> bool:
    for place, each in enumerate(node.kwargs):
        again = any(other.key == each.key for other in node.kwargs[:place])
        if each.key in signature.named and not again:
            continue
        message = f"`{node.name}` has no argument `{each.key}`"
        if again:
            message = f"`{each.key}` is given twice"
        elif not signature.named:
            message = f"`{node.name}` takes no named arguments"
        context.report("HB508", message, each.value, hint=signature.usage)
        return False
    return True


def _argument(node: nodes.Expr, context: Checking, check: Check, fills: bool = False) -> Checked:
    """`fills`: a `default`, which may be an empty list."""
    if not is_empty_list(node):
        return check(node, context)
    if not fills:
        context.report("HB507", "an empty list has no kind of value", node, hint="name its items")
    return FAILED


def _counted(fewest: int, most: int) -> str:
    if most == 0:
        return "no arguments"
    if fewest == most:
        return f"{most} argument{'s' if most > 1 else ''}"
    return f"{fewest} to {most} arguments"


def _unknown_filter(node: nodes.Filter, context: Checking) -> Checked:
    name = node.name
    if name in NEVER:
        return context.report(
            "HB506", f"there is no filter `{name}`", node, hint=NEVER[name], name_only=True
        )
    near = FOREIGN_FILTERS.get(name) or closest(name, FILTERS)
    return context.report(
        "HB506",
        f"there is no filter `{name}`",
        node,
        hint=f"did you mean `{near}`?" if near else None,
        notes=() if near else (f"filters: {', '.join(sorted(FILTERS))}",),
        name_only=True,
    )


def _unknown_test(node: nodes.Test, context: Checking) -> Checked:
    name, subject = node.name, text_of(node.node)
    if name in FOREIGN_TESTS:
        better = FOREIGN_TESTS[name]
        hint = f"{subject} {better}".strip() if name != "false" else f"not {subject}"
        return context.report(
            "HB506", f"there is no test `{name}`", node, hint=hint, name_only=True
        )
    near = closest(name, TESTS)
    return context.report(
        "HB506",
        f"there is no test `{name}`",
        node,
        hint=f"did you mean `is {near}`?" if near else f"tests: {', '.join(sorted(TESTS))}",
        name_only=True,
    )
