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
from handbill.language.expressions.computed import computed_source
from handbill.language.expressions.facts import Path
from handbill.language.expressions.reads import substituted
from handbill.language.expressions.somewhere import somewhere
from handbill.language.expressions.witness import failing_customer
from handbill.language.scope import RecordRoot
from handbill.language.syntax.tree import offsets_of, position_of, text_of, token_span
from handbill.language.vocabulary.records import Member as Declared
from handbill.language.vocabulary.records import Record, shape_of
from handbill.plan.ir import Call, Const, Expression, Field, Local, Member, Operation
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)

MAX_HINT = 160
_TIGHTER = frozenset(
    ["add", "sub", "mul", "div", "floordiv", "mod", "tilde"],
)
"""Operators after which a filter needs parentheses."""
_CONDITIONS = ("if", "elif")
"""What stands before a condition in a template."""


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


def member_chain(root: RecordRoot, path: Path) -> list[tuple[Path, Declared]]:
    """Each field on the way to `path`, with its member; the last is the field itself."""
    chain: list[tuple[Path, Declared]] = []
    record: Record | None = root.record
    for end in range(2, len(path) + 1):
        member = record.fields.get(path[end - 1]) if record is not None else None
        if member is None:
            break
        chain.append((path[:end], member))
        shape = shape_of(member, root.references)
        record = shape.record if shape is not None else None
    return chain


def first_missing(context: Checking, root: RecordRoot, path: Path) -> tuple[Path, Declared] | None:
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
        hint=_hint(context, operand.node, operand.value.type, path, missing, root),
        notes=notes,
        witness=_witness(context, root, missing, operand.value),
    )


def _guarded(root: RecordRoot, path: Path, missing: Path) -> Path:
    """What a guard has to ask for: where more may be missing behind `missing`, all of the path."""
    behind = [member for prefix, member in member_chain(root, path) if len(prefix) > len(missing)]
    return missing if all(member.required for member in behind) else path


def _report_value(context: Checking, operand: Operand) -> None:
    """What is no field: an item that there need not be, or a member of an item."""
    value = operand.value
    notes = (note,) if (note := _why(value.expression)) else ()
    if (source := computed_source(context, operand.node)) is not None:
        notes = (*notes, f"computed at {source.file}:{source.whole.line}")
    context.report(
        "HB501",
        f"`{operand.text}` may be missing",
        operand.node,
        hint=_value_hint(context, operand),
        notes=notes,
        witness=missing_witness(context, value),
    )


def _why(expression: Expression | None) -> str | None:
    match expression:
        case Call(operation=Operation.FIRST):
            return "an empty list has no first item"
        case Call(operation=Operation.LAST):
            return "an empty list has no last item"
        case Call(operation=Operation.ITEM, arguments=(_, Const(value=int(place)))):
            return f"the list may have fewer than {place + 1} items"
        case Call(operation=Operation.MINIMUM | Operation.MAXIMUM | Operation.AVERAGE):
            return "an empty list has none"
        case Member(of=Local()):
            return "not every item has it"
        case Member(of=of):
            return _why(of)
        case _:
            return None


def _value_hint(context: Checking, operand: Operand) -> str | None:
    if operand.spelling is not None and context.within:
        return f"selectattr('{operand.spelling}', 'defined') before it"
    if isinstance(operand.value.type, ObjectType):
        if context.place == "template":
            return f"{{% if {operand.text} is defined %}}…{{% endif %}}"
        return f"{operand.text} is defined and …"
    return _hint(context, operand.node, operand.value.type, ("",), ("",))


def missing_witness(context: Checking, value: Checked) -> dict[str, object] | None:
    """A customer for whom the value is missing."""
    if value.expression is None:
        return None
    there = Call(Operation.IS_DEFINED, (value.expression,), BoolType())
    return failing_witness(context, Call(Operation.NOT, (there,), BoolType()))


def zero_witness(context: Checking, divisor: Checked) -> dict[str, object] | None:
    """A customer for whom a divisor is 0."""
    if divisor.expression is None:
        return None
    zero = Const(IntType(0, 0), 0)
    return failing_witness(context, Call(Operation.EQ, (divisor.expression, zero), BoolType()))


def failing_witness(context: Checking, failure: Expression) -> dict[str, object] | None:
    """A customer who gets here and for whom `failure` holds, at some item where we are at one."""
    root = context.scope.roots.get("customer")
    if not isinstance(root, RecordRoot):
        return None
    meanings = context.meanings
    conditions = [
        replace(each, condition=substituted(each.condition, meanings))
        for each in context.known_conditions
    ]
    within = [replace(each, items=substituted(each.items, meanings)) for each in context.within]
    assumptions = somewhere(substituted(failure, meanings), conditions, within)
    if assumptions is None:
        return None
    found = failing_customer(root.record, None, assumptions, ())
    return dict(found) if found is not None else None


def _witness(
    context: Checking, root: RecordRoot, missing: Path, value: Checked
) -> dict[str, object] | None:
    if missing[0] != "customer":
        return None
    if context.within or not _is_column(value, missing):
        return missing_witness(context, value)
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


def _is_column(value: Checked, missing: Path) -> bool:
    """Whether what is missing is a column of the customers, not a member of an object in one."""
    return isinstance(value.expression, Field) or len(missing) == 2


# ── what to type instead ─────────────────────────────────────────────────────────────────────────


def _hint(
    context: Checking,
    node: nodes.Expr,
    type: Type | None,
    path: Path,
    missing: Path,
    root: RecordRoot | None = None,
) -> str:
    default = _default(type, path[-1], context.scope.locale)
    if default is None or missing != path:
        asked = _guarded(root, path, missing) if root is not None else missing
        field = ".".join(asked) if missing != path else text_of(node)
        return _guard(context, node, type, field)
    return _whole_with(context, *offsets_of(node), _filtered(context, node, f"default({default})"))


def _guard(context: Checking, node: nodes.Expr, type: Type | None, field: str) -> str:
    """A condition before the expression: as a statement around a hole, else within the rule."""
    table, first = position_of(context.whole).table, token_span(context.whole)[0]
    if context.place == "template" and table.kind(first - 1) == "variable_begin":
        start, end, better = _as_text(context, node, type)
        whole = _whole_with(context, start, end, better, braces=False)
        return f"{{% if {field} is defined %}}{{{{ {whole} }}}}{{% endif %}}"
    if context.place == "template" and table.text_of(first - 1, first - 1) not in _CONDITIONS:
        return f"{{% if {field} is defined %}}…{{% endif %}} around it"
    whole = _whole_with(context, *offsets_of(node), text_of(node), braces=False)
    joiner = f"({whole})" if isinstance(context.whole, nodes.Or | nodes.CondExpr) else whole
    return f"{field} is defined and {joiner}"


def _as_text(context: Checking, node: nodes.Expr, type: Type | None) -> tuple[int, int, str]:
    """What a hole can write in place of the value, and of which part of the text: a date that
    nothing else is made of has to be written out."""
    if isinstance(type, DateType | DatetimeType):
        everything = [context.whole, *context.whole.find_all(nodes.Expr)]
        for later in reversed(everything):  # from the inside out
            if isinstance(later, nodes.Filter) and later.name == "plus_days" and later.node is node:
                node = later
        written = context.whole.nodes if isinstance(context.whole, nodes.Concat) else ()
        if node is context.whole or any(node is each for each in written):
            start, end = offsets_of(node)
            return start, end, _filtered(context, node, "date")
    return (*offsets_of(node), text_of(node))


def _filtered(context: Checking, node: nodes.Expr, filter: str) -> str:
    """The node with one more filter, in brackets where another operator stands beside it."""
    table = position_of(node).table
    first, last = token_span(node)
    better = f"{text_of(node)} | {filter}"
    tight = table.kind(first - 1) in _TIGHTER and first > token_span(context.whole)[0]
    if tight or table.kind(last + 1) in ("lbracket", "dot"):
        return f"({better})"
    return better


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
        case DateType() | DatetimeType() | EnumType() | ObjectType() | None:
            return None


def _near_zero(type: IntType | DecimalType) -> int:
    scale: int = 10 ** scale_of(type)
    low = -(-type.minimum // scale)
    return min(max(0, low), type.maximum // scale)
