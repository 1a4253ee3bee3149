"""HB501: a value that may be missing is used as if it were there.

`required` is what every operator calls on its operands. The message names the field, where it was
declared, what to type, and a customer for whom the expression would fail.
"""

from __future__ import annotations

from dataclasses import replace

from jinja2 import nodes

from handbill.language.expressions.build import scale_of
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.facts import Assumption, Path
from handbill.language.expressions.witness import failing_customer
from handbill.language.scope import RecordRoot
from handbill.language.syntax.tree import offsets_of, position_of, text_of, token_span
from handbill.language.vocabulary.vocabulary import Member, Record
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)

MAX_HINT = 160
_TIGHTER = frozenset(
    ["add", "sub", "mul", "div", "floordiv", "mod", "tilde"],
)
"""Operators after which a filter needs parentheses."""


def required(context: Checking, operand: Operand) -> Checked | None:
    """The operand as a value that is surely there; None where nothing can be built on it."""
    value = operand.value
    if value.missing:
        _report_constant(context, operand)
        return None
    if value.failed:
        return None
    if value.optional:
        _report(context, operand)
        value = replace(value, optional=False)
    assert value.type is not None
    if scale_of(value.type) > DECIMAL_MAX_SCALE:
        context.report(
            "HB513",
            f"this has {scale_of(value.type)} digits after the point, at most "
            f"{DECIMAL_MAX_SCALE} can be used",
            operand.node,
            hint=f"({operand.text}) | round(2)",
        )
        return None
    return value


def member_chain(root: RecordRoot, path: Path) -> list[tuple[Path, Member]]:
    """Each field on the way to `path`, with its member; the last is the field itself."""
    chain: list[tuple[Path, Member]] = []
    record: Record | None = root.record
    for end in range(2, len(path) + 1):
        member = record.fields.get(path[end - 1]) if record is not None else None
        if member is None:
            break
        chain.append((path[:end], member))
        record = root.references.get(member.references) if member.references else None
    return chain


def first_missing(context: Checking, root: RecordRoot, path: Path) -> tuple[Path, Member] | None:
    """The first field on the way to `path` that is neither required nor known to be there."""
    for prefix, member in member_chain(root, path):
        if not member.required and prefix not in context.facts.defined:
            return prefix, member
    return None


def _report_constant(context: Checking, operand: Operand) -> None:
    if any(each.code == "HB501" and operand.text in each.message for each in context.found):
        return
    context.report(
        "HB501",
        f"`{operand.text}` is not set here",
        operand.node,
        hint=f"{operand.text} | default(…), or set it",
    )


def _report(context: Checking, operand: Operand) -> None:
    path, root = operand.value.path, None
    if path is not None:
        found = context.scope.roots.get(path[0])
        root = found if isinstance(found, RecordRoot) else None
    if path is None or root is None:
        _report_value(context, operand)
        return
    place = first_missing(context, root, path)
    missing, member = place if place is not None else (path, None)
    message = f"`{'.'.join(path)}` may be missing"
    if any(each.code == "HB501" and each.message == message for each in context.found):
        return
    notes: tuple[str, ...] = ()
    if missing != path:
        notes = (f"it is missing where `{'.'.join(missing)}` is",)
        if context.place == "template":
            notes = (*notes, f"the audience may ask for it: {'.'.join(missing)} is defined")
    if member is not None and member.range is not None:
        notes = (*notes, f"declared optional at {member.range.file}:{member.range.line}")
    context.report(
        "HB501",
        message,
        operand.node,
        hint=_hint(context, operand.node, operand.value.type, path, missing),
        notes=notes,
        witness=_witness(context, root, missing),
    )


def _report_value(context: Checking, operand: Operand) -> None:
    context.report(
        "HB501",
        f"`{operand.text}` may be missing",
        operand.node,
        hint=_hint(context, operand.node, operand.value.type, ("",), ("",)),
        notes=("an empty list has no first item",),
        witness=_empty_list(operand.value),
    )


def _empty_list(value: Checked) -> dict[str, object] | None:
    match value.expression:
        case Call(Operation.FIRST, (Field(("customer", name)),)):
            return {name: []}
        case _:
            return None


def zero_witness(context: Checking, divisor: Checked) -> dict[str, object] | None:
    """A customer for whom a divisor is 0."""
    root = context.scope.roots.get("customer")
    if not isinstance(root, RecordRoot) or divisor.expression is None:
        return None
    zero = Const(IntType(0, 0), 0)
    is_zero = Call(Operation.EQ, (divisor.expression, zero), BoolType())
    assumptions = (*context.known_conditions, Assumption(is_zero, True))
    found = failing_customer(root.record, None, assumptions, ())
    return dict(found) if found is not None else None


def _witness(context: Checking, root: RecordRoot, missing: Path) -> dict[str, object] | None:
    if missing[0] != "customer":
        return None
    read = [
        tuple(text_of(node).split("."))
        for node in context.whole.find_all(nodes.Getattr)
        if text_of(node).startswith("customer.")
    ]
    own = text_of(context.whole)
    if own.startswith("customer.") and own.replace(".", "").isidentifier():
        read.append(tuple(own.split(".")))
    found = failing_customer(root.record, missing, context.known_conditions, read)
    return dict(found) if found is not None else None


# ── what to type instead ─────────────────────────────────────────────────────────────────────────


def _hint(context: Checking, node: nodes.Expr, type: Type | None, path: Path, missing: Path) -> str:
    default = _default(type, path[-1], context.scope.locale)
    if default is None or missing != path:
        return _guard(context, node, ".".join(missing) if missing != path else text_of(node))
    table = position_of(node).table
    first, last = token_span(node)
    start, end = offsets_of(node)
    better = f"{table.text[start:end]} | default({default})"
    before = table.kind(first - 1)
    tight = before in _TIGHTER and first > token_span(context.whole)[0]
    if tight or table.kind(last + 1) in ("lbracket", "dot"):
        better = f"({better})"
    return _whole_with(context, start, end, better)


def _guard(context: Checking, node: nodes.Expr, field: str) -> str:
    whole = _whole_with(context, *offsets_of(node), text_of(node), braces=False)
    if context.place == "template":
        return f"{{% if {field} is defined %}}{{{{ {whole} }}}}{{% endif %}}"
    joiner = f"({whole})" if isinstance(context.whole, nodes.Or | nodes.CondExpr) else whole
    return f"{field} is defined and {joiner}"


def _whole_with(context: Checking, start: int, end: int, better: str, braces: bool = True) -> str:
    """The whole expression with one part replaced, in its braces if it stands in a hole."""
    table = position_of(context.whole).table
    first, _ = token_span(context.whole)
    whole_start, whole_end = offsets_of(context.whole)
    text = table.text[whole_start:start] + better + table.text[end:whole_end]
    if "\n" in text or len(text) > MAX_HINT:
        return better
    if braces and table.kind(first - 1) == "variable_begin":
        return f"{{{{ {text} }}}}"
    return text


_FALLBACKS = {"en": "neighbor", "es": "vecino", "fr": "voisin", "pt": "vizinho"}
"""What a shop calls a customer without a name."""


def _default(type: Type | None, name: str, locale: str) -> str | None:
    match type:
        case BoolType():
            return "false"
        case IntType() | DecimalType():
            return str(_near_zero(type))
        case StringType(maximum=maximum):
            is_name = name in ("first_name", "display_name")
            friendly = _FALLBACKS.get(locale.partition("-")[0], "") if is_name else ""
            return f"'{friendly}'" if len(friendly) <= maximum else "''"
        case EnumType(values=values) if values:
            return f"'{values[0]}'"
        case ListType():
            return "[]"
        case DateType() | DatetimeType() | EnumType() | None:
            return None


def _near_zero(type: IntType | DecimalType) -> int:
    scale: int = 10 ** scale_of(type)
    low = -(-type.minimum // scale)
    return min(max(0, low), type.maximum // scale)
