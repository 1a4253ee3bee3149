"""The expressions of a template: conditions, things to loop over, values to write into a hole.

Every hole writes a text: numbers are written in full, what has no obvious text is refused with the filter
that gives it one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.language.expression import check_condition, check_expression, check_text
from handbill.language.expressions.build import literal
from handbill.language.expressions.checked import Checked, value_of
from handbill.language.expressions.checking import Operand
from handbill.language.expressions.missing import required
from handbill.language.expressions.names import chain_of
from handbill.language.scope import Constant, ConstantRoot, Root, ValueRoot
from handbill.language.syntax.tree import range_of
from handbill.language.templates.bindings import State
from handbill.plan.ir import Const
from handbill.plan.types import ListType, ObjectType, Type
from handbill.source.text import SourceText


class Values:
    """Checks expressions of one file; findings go to `found`."""

    def __init__(self, source: SourceText, found: list[Diagnostic]) -> None:
        self.source, self.found = source, found

    def condition(self, node: nodes.Node, state: State) -> Checked | None:
        """A bool, constant where it is known; None after an error."""
        expression = self._ready(node, state)
        if expression is None:
            return None
        return self._kept(check_condition(expression, self.source, state.scope, way=state.way))

    def text(self, node: nodes.Node, state: State) -> Checked | None:
        """A value as the text that a hole writes; None after an error."""
        plain = _text_named(node, state)
        if plain is not None:
            return plain
        expression = self._ready(node, state)
        if expression is None:
            return None
        return self._kept(check_text(expression, self.source, state.scope, way=state.way))

    def value(self, node: nodes.Node, state: State) -> Checked | None:
        """Any value that is surely there; None after an error."""
        expression = self._ready(node, state)
        if expression is None:
            return None
        checked = check_expression(expression, self.source, state.scope, way=state.way)
        self.found.extend(checked.diagnostics)
        context = state.way.checking(self.source, state.scope, "template", expression)
        surely = required(context, Operand(expression, checked))
        self.found.extend(context.found)
        return surely

    def _kept(self, checked: Checked) -> Checked | None:
        self.found.extend(checked.diagnostics)
        return None if checked.expression is None else checked

    def _ready(self, node: nodes.Node, state: State) -> nodes.Expr | None:
        """The node, unless it uses a name that only some branches have set."""
        assert isinstance(node, nodes.Expr)
        if not state.partly:
            return node
        names = [node] if isinstance(node, nodes.Name) else list(node.find_all(nodes.Name))
        for name in names:
            if name.name in state.partly and name.name not in state.scope.roots:
                message = (
                    f"`{name.name}` is set by some branches only, so it may have no value here"
                )
                hint = f"{{% set {name.name} = … %}} before the `if`, or in every branch of it"
                where = range_of(name, self.source)
                related = (
                    Related("this `if` sets it in some branches", state.partly[name.name].range),
                )
                self.found.append(Diagnostic("HB556", message, where, hint=hint, related=related))
                return None
        return node


def _text_named(node: nodes.Node, state: State) -> Checked | None:
    """What checking a hole comes to that names a text of the configuration (`brand.site`): most of a
    layout's do. None for any other."""
    chain = chain_of(node) if isinstance(node, nodes.Name | nodes.Getattr) else None
    root = state.scope.roots.get(chain[0].name) if chain is not None else None
    if chain is None or not isinstance(root, ConstantRoot):
        return None
    value = root.values
    for dot in chain[1]:
        value = value.get(dot.attr) if isinstance(value, Mapping) else None
    return _text(value) if type(value) is str else None


@lru_cache(maxsize=1024)
def _text(value: str) -> Checked | None:
    return literal(value)


def constant_items(node: nodes.Node, state: State) -> list[Root] | None:
    """The items of a list that is written in the configuration, which may be maps; else None."""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        count = _first_n(node.arg)
        items = constant_items(node.node, state) if count is not None else None
        return items[:count] if items is not None else None
    chain = chain_of(node) if isinstance(node, nodes.Expr) else None
    if chain is None:
        return None
    name, dots = chain
    root = state.scope.roots.get(name.name)
    if not isinstance(root, ConstantRoot):
        return None
    value: Constant = root.values
    for dot in dots:
        value = value.get(dot.attr) if isinstance(value, dict) else None
    return [ConstantRoot(item) for item in value] if isinstance(value, list | tuple) else None


def _first_n(slice: nodes.Slice) -> int | None:
    """n of `[:n]`."""
    if slice.start is not None or slice.step is not None or not isinstance(slice.stop, nodes.Const):
        return None
    count = slice.stop.value
    return count if isinstance(count, int) and count >= 0 else None


def folded_items(value: Checked) -> list[Root] | None:
    """The items of a list that is constant."""
    if value.constant is None or not isinstance(value.type, ListType):
        return None
    items = value.constant.value
    assert isinstance(items, tuple)
    item_type = value.type.item
    if isinstance(item_type, ObjectType):
        shape = value.shape
        return [
            ValueRoot(value_of(Const(item_type, item), item_type, shape=shape))  # type: ignore[arg-type]
            for item in items
        ]
    return [_item(item, item_type) for item in items]


def _item(item: Any, type: Type) -> Root:
    plain = literal(item) if type.__struct_config__.tag in ("string", "int", "bool") else None
    return ValueRoot(plain if plain is not None else value_of(Const(type, item), type))
