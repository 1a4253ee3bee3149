"""`for` in a template: written out over constants, a For operation over a customer's list.

Every loop is bounded: a list field by its maxItems, a longer one by a slice. Loops in loops multiply, and the
product is at most MAX_ROUNDS.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from handbill.language.expressions.checked import Checked
from handbill.language.scope import Root, ValueRoot
from handbill.language.syntax.tree import offsets_of, text_of
from handbill.language.templates.bindings import (
    State,
    constant_loop_values,
    item_value,
    loop_values,
)
from handbill.language.templates.draft import Draft, DraftFor, Place
from handbill.language.templates.layers import tag_place
from handbill.language.templates.values import constant_items, folded_items
from handbill.language.vocabulary.words import describe
from handbill.plan.types import ListType

if TYPE_CHECKING:
    from handbill.language.templates.drafting import Drafter, Here

MAX_ROUNDS = 1_000
MAX_LOOPS = 8
"""Loops within loops."""


def draft_loop(drafter: Drafter, node: nodes.For, here: Here, state: State) -> list[Draft]:
    place = tag_place(node.target, here.source)
    name = drafter.refuse_name(node.target, here, state, again=False)
    if node.recursive:
        drafter.report("HB555", "a loop cannot call itself (`recursive`)", place)
    if node.test is not None:
        text = text_of(node.test)
        message = "`for … if` is not available: put the condition inside the loop"
        where = Place(here.source, *offsets_of(node.test))
        drafter.report("HB555", message, where, f"{{% if {text} %}}…{{% endif %}}")
    items = constant_items(node.iter, state)
    value = drafter.values(here).value(node.iter, state) if items is None else None
    if items is None and value is not None:
        items = folded_items(value)
    if items is None and (value is None or not isinstance(value.type, ListType)):
        if value is not None and value.type is not None:
            _refuse_items(drafter, node, here, value)
        inner = _item_state(state, name, ValueRoot(Checked()))
        drafter.body(node.body, here, inner)
        return drafter.body(node.else_, here, state.inner()).drafts
    count = len(items) if items is not None else _maximum(value)
    if not _within_limits(drafter, node, here, state, count):
        return []
    if items is not None:
        return _written_out(drafter, node, here, state, name, items)
    assert value is not None
    return _repeated(drafter, node, here, state, name, value, place)


def _maximum(value: Checked | None) -> int:
    assert value is not None and isinstance(value.type, ListType)
    return value.type.maximum


def _within_limits(drafter: Drafter, node: nodes.For, here: Here, state: State, count: int) -> bool:
    place = Place(here.source, *offsets_of(node.iter))
    rounds = state.rounds * max(count, 1)
    if rounds > MAX_ROUNDS:
        most = MAX_ROUNDS // state.rounds
        message = f"this loop can run {rounds:,} times: at most {MAX_ROUNDS:,} are possible"
        notes = ("loops within loops multiply",) if state.rounds > 1 else ()
        hint = f"{text_of(node.iter)}[:{min(most, 20)}]"
        drafter.report("HB555", message, place, hint, notes)
        return False
    if state.loops >= MAX_LOOPS:
        drafter.report("HB555", f"at most {MAX_LOOPS} loops stand within one another", place)
        return False
    return True


def _refuse_items(drafter: Drafter, node: nodes.For, here: Here, value: Checked) -> None:
    assert value.type is not None
    text = text_of(node.iter)
    message = f"`{text}` is {describe(value.type)}, and a loop needs a list"
    drafter.report("HB555", message, Place(here.source, *offsets_of(node.iter)))


def _item_state(state: State, name: str | None, item: Root, loop: Root | None = None) -> State:
    scope = state.scope
    if name is not None:
        scope = scope.binding(name, item)
    scope = scope.binding("loop", loop or ValueRoot(Checked()))
    return replace(state, scope=scope, own=frozenset(), loops=state.loops + 1)


def _written_out(
    drafter: Drafter,
    node: nodes.For,
    here: Here,
    state: State,
    name: str | None,
    items: list[Root],
) -> list[Draft]:
    if not items:
        return drafter.body(node.else_, here, state.inner()).drafts
    drafts: list[Draft] = []
    for place, item in enumerate(items):
        inner = _item_state(state, name, item, constant_loop_values(place, len(items)))
        drafts += drafter.body(node.body, here, inner).drafts
    return drafts


def _repeated(
    drafter: Drafter,
    node: nodes.For,
    here: Here,
    state: State,
    name: str | None,
    value: Checked,
    place: Place,
) -> list[Draft]:
    assert isinstance(value.type, ListType) and value.expression is not None
    maximum = value.type.maximum
    local = drafter.locals.fresh(name or "item")
    item = ValueRoot(item_value(local, value))
    inner = _item_state(state, name, item, loop_values(local, maximum)).at_each(local, value)
    inner = replace(inner, rounds=state.rounds * maximum)
    body = drafter.body(node.body, here, inner).drafts
    otherwise = drafter.body(node.else_, here, state.inner()).drafts
    return [DraftFor(local, value.expression, maximum, tuple(body), tuple(otherwise), place)]
