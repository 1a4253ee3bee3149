"""The dots after a value: an object's members, and the columns of the row that a key refers to.

`customer.store.name` stays one field, since the import view joins the row; in an object each dot is a
Member, and in a row of a relation a key and what it leads to are one member (`product.name`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from jinja2 import nodes

from handbill.diagnostics.suggest import meant
from handbill.language.expressions.build import constant
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking
from handbill.language.syntax.tree import position_of, token_span
from handbill.language.vocabulary.records import REFERENCES_BETWEEN, Record, shape_of
from handbill.language.vocabulary.records import Member as Declared
from handbill.language.vocabulary.words import describe
from handbill.plan.import_view import MAX_REFERENCES
from handbill.plan.ir import Const, Expression, Field, Member
from handbill.plan.types import ListType, ObjectType
from handbill.plan.values import const_of, const_value

MAX_LISTED = 8
EACH_ITEM = "each item"
"""What messages call an item of a list that has no name."""


def follow(context: Checking, value: Checked, dots: Sequence[nodes.Getattr], owner: str) -> Checked:
    """The value that the dots lead to; `owner` is how the value before them is written."""
    for dot in dots:
        if value.failed:
            return value
        value = one_dot(context, value, dot, dot.attr, owner)
        owner = f"{owner}.{dot.attr}"
    return value


def one_dot(context: Checking, value: Checked, node: nodes.Expr, name: str, owner: str) -> Checked:
    """The member `name` of a value; `node` is where a mistake is shown."""
    shape = value.shape
    if shape is None or isinstance(value.type, ListType):
        return _has_none(context, value, node, name, owner)
    declared = shape.record.fields.get(name)
    if declared is None:
        return no_member(context, node, owner, shape.record, name)
    if isinstance(value.expression, Const) and isinstance(value.type, ObjectType):
        return _constant_member(value.expression, value.type, name, declared, shape.datasets)
    expression = _member(value, name, declared)
    if expression is None:
        return _too_far(context, value, node, f"{owner}.{name}")
    path = (*value.path, name) if value.path is not None else None
    found = value_of(
        expression,
        declared.type,
        optional=value.optional or not declared.required,
        path=path,
        shape=shape_of(declared, shape.datasets),
    )
    return known(context, found)


def known(context: Checking, value: Checked) -> Checked:
    """The value, surely there where a guard says so."""
    if not value.optional or value.subject not in context.facts.defined:
        return value
    return value_of(
        value.expression,  # type: ignore[arg-type]
        value.type,  # type: ignore[arg-type]
        interval=value.interval,
        path=value.path,
        shape=value.shape,
        items=value.items,
    ).knowing(value.when_true, value.when_false)


def _member(value: Checked, name: str, declared: Declared) -> Expression | None:
    """None where it would take too many rows of other tables to find it."""
    before = value.expression
    assert before is not None
    if isinstance(value.type, ObjectType):
        return Member(before, name, declared.type)
    match before:
        case Field(path=path):
            # Every name after the root's is a reference that leads on.
            references = len(path) - 1 + (declared.references is not None)
            return None if references > MAX_REFERENCES else Field((*path, name), declared.type)
        case Member(of=of, name=key) if isinstance(of.type, ObjectType):
            dotted = f"{key}.{name}"
            if any(member.name == dotted for member in of.type.members):
                return Member(of, dotted, declared.type)
    return None


def _too_far(context: Checking, value: Checked, node: nodes.Expr, path: str) -> Checked:
    if isinstance(value.expression, Field):
        note = f"a path leads over at most {MAX_REFERENCES} tables"
    else:
        note = f"a row's path leads over at most {REFERENCES_BETWEEN} tables, over none twice"
    message = f"`{path}` leads over too many tables"
    return context.report(
        "HB531", message, node, hint="copy the column into a nearer table", notes=(note,)
    )


def _constant_member(
    const: Const, type_: ObjectType, name: str, declared: Declared, datasets: Mapping[str, Record]
) -> Checked:
    values = const_value(const)
    assert isinstance(values, tuple)
    found = values[type_.place(name)]
    if found is None:
        return Checked(missing=True)
    shape = shape_of(declared, datasets)
    if shape is not None:
        return value_of(const_of(found, declared.type), declared.type, shape=shape)
    return constant(found, declared.type) or FAILED


def _has_none(
    context: Checking, value: Checked, node: nodes.Expr, name: str, owner: str
) -> Checked:
    kind = describe(value.type) if value.type is not None else "a single value"
    message = f"`{owner}` is {kind}: it has no fields of its own"
    hint = None
    if isinstance(value.type, ListType) and value.shape is not None:
        hint = f"{owner} | map(attribute='{name}'), or a loop over its items"
    return context.report("HB505", message, node, hint=hint, name_only=True)


def no_member(
    context: Checking, node: nodes.Expr, owner: str, record: Record, name: str | None = None
) -> Checked:
    """There is no such member; silent where the record's schema was reported."""
    if not record.complete:
        return FAILED
    wanted = name if name is not None else _written(node)
    names = tuple(record.fields)
    near = meant(wanted, names)
    if not near and "-" in wanted:
        wanted = wanted.partition("-")[0]
        near = meant(wanted, names)
    of_items = owner == EACH_ITEM
    shown = " or ".join(f"`{each}`" if of_items else f"`{owner}.{each}`" for each in near)
    hint = f"did you mean {shown}?" if near else None
    notes = () if near else (f"it has {listed_members(names)}",) if names else ("it is empty",)
    message = f"`{owner}` has no field `{wanted}`"
    if of_items:
        message = f"the items have no member `{wanted}`"
    return context.report("HB505", message, node, hint=hint, notes=notes, name_only=True)


def _written(node: nodes.Expr) -> str:
    """The name behind a dot; of `customer.e-mail` all of it, for nobody means a difference."""
    if not isinstance(node, nodes.Getattr):
        return ""
    table, last = position_of(node).table, token_span(node)[1]
    text = table.text[table.places[last].start :]
    together = re.match(r"[\w]+(-[A-Za-z]\w*)+", text)
    return together[0] if together else node.attr


def listed_members(names: tuple[str, ...]) -> str:
    """The first few names, for a note."""
    shown = ", ".join(names[:MAX_LISTED])
    return shown if len(names) <= MAX_LISTED else f"{shown}, …"
