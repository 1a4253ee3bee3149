"""Names and the dots after them: `customer.store.name`, `params.discount`, `offer.summary`.

A name either is a value (Checked) or, on the way to one, a namespace; a namespace used as a value is
an error that lists what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from jinja2 import nodes

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.build import constant, literal, replace_maximum
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking
from handbill.language.expressions.constants import constant_list
from handbill.language.expressions.dots import follow, listed_members, no_member
from handbill.language.expressions.facts import Path
from handbill.language.scope import (
    ComputedRoot,
    Constant,
    ConstantRoot,
    RecordRoot,
    Root,
    ValueRoot,
)
from handbill.language.syntax.tree import text_of
from handbill.language.vocabulary.records import Member, Record, shape_of
from handbill.plan.ir import Const, Field
from handbill.plan.types import BoolType, IntType, ListType, StringType
from handbill.plan.values import Value, const_value

NO_MEMBER = Member(BoolType())
"""Stands for a constant of which only the name matters."""

ELSEWHERE = {
    "event": "only what an event starts has an `event`",
    "events": "only what an event starts has `events`",
    "offer": "a campaign without an offer has none, and audiences come before the offer",
    "run": "the run's date is known where a campaign runs",
    "audiences": "named audiences are used in audience rules",
    "loop": "`loop` exists inside `for`",
    "plan": "`plan` and `change` are for the policies of handbill.yaml",
    "change": "`plan` and `change` are for the policies of handbill.yaml",
    "customer": "a policy is about campaigns and changes, never about one customer",
}


def chain_of(node: nodes.Expr) -> tuple[nodes.Name, tuple[nodes.Getattr, ...]] | None:
    """A name and the dots after it, or None where the dots follow something else."""
    dots: list[nodes.Getattr] = []
    while isinstance(node, nodes.Getattr):
        dots.append(node)
        node = node.node
    return (node, tuple(reversed(dots))) if isinstance(node, nodes.Name) else None


def check_name(context: Checking, node: nodes.Name, dots: tuple[nodes.Getattr, ...]) -> Checked:
    """The value that a dotted name stands for."""
    root = context.scope.roots.get(node.name)
    if root is None:
        return _unknown_root(context, node)
    match root:
        case RecordRoot():
            return _field(context, root, node, dots)
        case ConstantRoot():
            return _constant(context, root.values, node, dots)
        case ComputedRoot():
            return _computed(context, root, node, dots)
        case ValueRoot():
            return _plain(context, root.value, node, dots)
        case _:
            assert_never(root)


def _unknown_root(context: Checking, node: nodes.Name) -> Checked:
    name, roots = node.name, context.scope.roots
    if any(each.code == "HB505" and each.message.endswith(f"-{name}`") for each in context.found):
        return FAILED  # the rest of `customer.e-mail`
    if name in ELSEWHERE:
        return context.report(
            "HB504", f"`{name}` is not available here", node, notes=(ELSEWHERE[name],)
        )
    owner = _owner(roots, name)
    near = closest(name, [*roots, "audiences"])
    hint = (
        f"did you mean `{near}`?" if near else f"did you mean `{owner}.{name}`?" if owner else None
    )
    if owner is not None and name in _members(roots[owner]):
        hint = f"{owner}.{name}"
    if hint is None and context.place == "rule":
        hint = f"a text stands in quotes: '{name}'"
    known = ", ".join(sorted(roots))
    return context.report(
        "HB504",
        f"there is nothing named `{name}`",
        node,
        hint=hint,
        notes=(f"known here: {known}",),
    )


def _owner(roots: Mapping[str, Root], name: str) -> str | None:
    """The root that has a member `name`; a near miss counts when no root has it exactly."""
    for root in sorted(roots):
        if name in _members(roots[root]):
            return root
    return None


def _members(root: Root) -> Iterable[str]:
    match root:
        case RecordRoot():
            return (*root.record.fields, *root.computed)
        case ConstantRoot() if isinstance(root.values, Mapping):
            return tuple(root.values)
        case ComputedRoot():
            return tuple(root.members)
        case _:
            return ()


# ── fields of records ────────────────────────────────────────────────────────────────────────────


def _field(
    context: Checking, root: RecordRoot, node: nodes.Name, dots: tuple[nodes.Getattr, ...]
) -> Checked:
    if not dots:
        return _namespace(context, node, node.name, root.record.fields)
    first, *rest = dots
    member = root.record.fields.get(first.attr)
    if member is None:
        everything = {**root.record.fields, **dict.fromkeys(root.computed, NO_MEMBER)}
        known = Record(everything, root.record.complete)
        return no_member(context, first, node.name, known)
    path: Path = (node.name, first.attr)
    value = value_of(
        Field(path, member.type),
        member.type,
        optional=not member.required and path not in context.facts.defined,
        path=path,
        shape=shape_of(member, root.references),
    )
    return follow(context, value, rest, f"{node.name}.{first.attr}")


def _namespace(context: Checking, node: nodes.Node, name: str, members: Iterable[str]) -> Checked:
    names = tuple(members)
    hint = f"{name}.{names[0]}" if names else None
    return context.report(
        "HB507",
        f"`{name}` is not one value but several: say which",
        node,
        hint=hint,
        notes=(f"it has {listed_members(names)}",) if names else (),
    )


# ── constants and computed values ────────────────────────────────────────────────────────────────


def _constant(
    context: Checking, value: Constant, node: nodes.Name, dots: tuple[nodes.Getattr, ...]
) -> Checked:
    owner = node.name
    for dot in dots:
        if value is None:
            return Checked(missing=True)
        if not isinstance(value, Mapping):
            return context.report(
                "HB505", f"`{owner}` has no fields of its own", dot, name_only=True
            )
        if dot.attr not in value:
            return no_member(context, dot, owner, Record({str(each): NO_MEMBER for each in value}))
        value = value[dot.attr]
        owner = f"{owner}.{dot.attr}"
    if value is None:
        return Checked(missing=True)
    if isinstance(value, Mapping):
        return _namespace(context, dots[-1] if dots else node, owner, value)
    checked = constant_list(value) if isinstance(value, list | tuple) else literal(value)
    if checked is None:
        return context.report(
            "HB507", f"the value of `{owner}` cannot be used in an expression", node
        )
    return checked


def list_of(items: list[Checked]) -> Checked | None:
    """A constant list from constant items of one kind (texts and whole numbers widen)."""
    types = [item.type for item in items]
    first = types[0] if types else None
    if first is None or isinstance(first, ListType):
        return None
    if all(isinstance(type_, StringType) for type_ in types):
        item_type = StringType(max(t.maximum for t in types if isinstance(t, StringType)))
    elif all(isinstance(type_, IntType) for type_ in types):
        ints = [t for t in types if isinstance(t, IntType)]
        item_type = IntType(min(t.minimum for t in ints), max(t.maximum for t in ints))  # type: ignore[assignment]
    elif all(type_ == first for type_ in types):
        item_type = first  # type: ignore[assignment]
    else:
        return None
    values: list[Value] = [
        const_value(item.expression) for item in items if isinstance(item.expression, Const)
    ]
    if len(values) != len(items):
        return None
    type_ = replace_maximum(ListType(item_type, len(values)), len(values))
    return constant(tuple(values), type_)


def _computed(
    context: Checking, root: ComputedRoot, node: nodes.Name, dots: tuple[nodes.Getattr, ...]
) -> Checked:
    found: Checked | Mapping[str, object] = root.members
    owner = node.name
    for place, dot in enumerate(dots):
        if isinstance(found, Checked):
            return _plain(context, found, node, dots[place:], owner)
        if dot.attr not in found:
            return no_member(context, dot, owner, Record({str(each): NO_MEMBER for each in found}))
        inner = found[dot.attr]
        assert isinstance(inner, Checked | Mapping)
        found, owner = inner, f"{owner}.{dot.attr}"
    if isinstance(found, Checked):
        return _plain(context, found, node, ())
    return _namespace(context, dots[-1] if dots else node, owner, found)


def _plain(
    context: Checking,
    value: Checked,
    node: nodes.Name,
    dots: tuple[nodes.Getattr, ...],
    owner: str | None = None,
) -> Checked:
    if value.path is not None and value.optional:
        value = replace(value, optional=value.path not in context.facts.defined)
    return follow(context, value, dots, owner or text_of(node)) if dots else value
