"""Jinja's statements to drafts: typed, with constants folded and includes and blocks put in place.

A condition that is constant keeps one branch only; the others are not even checked, so a shared template
may guard what a tenant does not have. Everything refused is refused by its kind of node, so that a
construct nobody thought of cannot slip through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.decisions import Decision
from handbill.language.scope import ValueRoot
from handbill.language.syntax.tree import offsets_of, position_of, range_of
from handbill.language.templates.bindings import Locals, State, Way, join, named_value
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
)
from handbill.language.templates.layers import (
    BlockBody,
    LayerReader,
    Layers,
    TemplateLoader,
    tag_place,
)
from handbill.language.templates.loops import draft_loop
from handbill.language.templates.refused_statements import explain_refused
from handbill.language.templates.values import Values
from handbill.plan.ir import Const, Expression
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

MAX_DEPTH = 60
"""Statements within statements, includes and blocks counted in."""
MAX_STATEMENTS = 20_000
MAX_TEXT = 2_000_000
"""Characters of one message's templates, loops over constants written out."""


class TooLarge(Exception):
    """A template outgrew a limit; turned into a diagnostic by `template`."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place, self.message = place, message


@dataclass(frozen=True, slots=True)
class Here:
    """The file that is read, the blocks that count in it, and the block that we are in."""

    source: SourceText
    layers: Layers
    block: tuple[str, int] | None = None


class Drafted(NamedTuple):
    drafts: list[Draft]
    state: State


class Drafter:
    """Drafts one template with everything that it includes. Findings go to `found`."""

    def __init__(self, loader: TemplateLoader) -> None:
        self.found: list[Diagnostic] = []
        self.reader = LayerReader(loader, self.found)
        self.locals = Locals()
        self.depth = 0
        self.statements = 0
        self.characters = 0
        self.including: list[str] = []

    def template(self, layers: Layers, state: State) -> list[Draft]:
        """A template and its layouts: what the inner ones set first, then the outermost's text."""
        drafts: list[Draft] = []
        *inner, outermost = layers.layers
        for layer in inner:
            here = Here(layer.source, layers)
            for node in layer.body:
                if isinstance(node, nodes.Assign):
                    drafted = self.statement(node, here, state)
                    drafts += drafted.drafts
                    state = drafted.state
        drafts += self.body(outermost.body, Here(outermost.source, layers), state).drafts
        return drafts

    def body(self, body: Iterable[nodes.Node], here: Here, state: State) -> Drafted:
        drafts: list[Draft] = []
        self.depth += 1
        for node in body:
            drafted = self.statement(node, here, state)
            drafts += drafted.drafts
            state = drafted.state
        self.depth -= 1
        return Drafted(drafts, state)

    def statement(self, node: nodes.Node, here: Here, state: State) -> Drafted:
        self._spend(node, here)
        match node:
            case nodes.Output():
                return Drafted(self._output(node, here, state), state)
            case nodes.If():
                return self._if(node, here, state)
            case nodes.For():
                return Drafted(draft_loop(self, node, here, state), state)
            case nodes.Assign():
                return self._set(node, here, state)
            case nodes.Include():
                return Drafted(self._include(node, here, state), state)
            case nodes.Block():
                return Drafted(self._block(node, here, state), state)
            case nodes.Extends():
                return Drafted([], state)  # placed by `layers`
            case _:
                message, hint = explain_refused(node)
                self.report("HB551", message, tag_place(node, here.source), hint)
                return Drafted([], state)

    def report(
        self,
        code: str,
        message: str,
        place: Place,
        hint: str | None = None,
        notes: tuple[str, ...] = (),
        related: tuple[Related, ...] = (),
    ) -> None:
        self.found.append(
            Diagnostic(code, message, place.range, hint=hint, notes=notes, related=related)
        )

    def values(self, here: Here) -> Values:
        return Values(here.source, self.found)

    def refuse_name(self, target: nodes.Node, here: Here, state: State, again: bool) -> str | None:
        """The name that a `set` or `for` binds; None, with a finding, where it may not."""
        place = Place(here.source, *offsets_of(target))
        if not isinstance(target, nodes.Name):
            message = "one name stands here: several at once, or a field, cannot be set"
            self.report("HB556", message, place)
            return None
        name = str(target.name)
        if name == "loop":
            self.report("HB556", "`loop` is the loop's own name: choose another", place)
            return None
        if name in state.scope.roots and not (again and name in state.own):
            message = f"`{name}` already has a meaning here: choose another name"
            notes = ("a `set` in a loop, a block or an include does not change what is outside",)
            self.report("HB556", message, place, notes=notes if again else ())
            return None
        return name

    def _spend(self, node: nodes.Node, here: Here) -> None:
        self.statements += 1
        if self.depth > MAX_DEPTH:
            message = f"templates are nested too deeply here: at most {MAX_DEPTH} levels"
            raise TooLarge(tag_place(node, here.source), message)
        if self.statements > MAX_STATEMENTS or self.characters > MAX_TEXT:
            message = "this template grows too large: its includes and loops repeat too much"
            raise TooLarge(tag_place(node, here.source), message)

    # ── text and holes ───────────────────────────────────────────────────────────────────────────

    def _output(self, node: nodes.Output, here: Here, state: State) -> list[Draft]:
        if _is_print(node):
            place = tag_place(node, here.source)
            self.report("HB551", "`print` is not available: write a hole", place, "{{ … }}")
            return []
        drafts: list[Draft] = []
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                drafts.append(self._text(part, here))
            elif _is_super(part):
                drafts += self._super(part, here, state)
            else:
                drafts += self._hole(part, here, state)
        return drafts

    def _text(self, part: nodes.TemplateData, here: Here) -> DraftText:
        start = position_of(part).start
        self.characters += len(part.data)
        return DraftText(part.data, Place(here.source, start, start + len(part.data)))

    def _hole(self, part: nodes.Expr, here: Here, state: State) -> list[Draft]:
        value = self.values(here).text(part, state)
        if value is None or value.expression is None:
            return []
        return [DraftPut(value.expression, Place(here.source, *offsets_of(part)))]

    # ── if and set ───────────────────────────────────────────────────────────────────────────────

    def _if(self, node: nodes.If, here: Here, state: State) -> Drafted:
        place = tag_place(node.test, here.source)
        ways: list[Way] = []
        conditions: list[tuple[Expression, Place]] = []
        current, otherwise = state, node.else_
        for each in (node, *node.elif_):
            checked = self.values(here).condition(each.test, current)
            if checked is not None and checked.constant is not None:
                if not checked.constant.value:
                    continue
                otherwise = each.body
                break
            known = checked or Checked(Const(BoolType(), False))
            if checked is not None:
                self._decided(node, each, checked, here, current)
            drafted = self.body(each.body, here, current.assuming(known, True))
            ways.append(Way(drafted.drafts, drafted.state))
            conditions.append((known.expression or _NEVER, tag_place(each.test, here.source)))
            current = current.assuming(known, False)
        drafted = self.body(otherwise, here, current)
        ways.append(Way(drafted.drafts, drafted.state))
        return Drafted(*self._joined(state, ways, conditions, place))

    def _decided(
        self, node: nodes.If, each: nodes.If, checked: Checked, here: Here, state: State
    ) -> None:
        assert checked.expression is not None
        state.scope.decided(
            Decision(
                checked.expression,
                (*state.scope.assumptions, *state.way.assumptions),
                range_of(each.test, here.source),
                state.way.meanings,
                last=each is (node.elif_ or [node])[-1],
                otherwise=bool(node.else_),
            )
        )

    def _joined(
        self,
        state: State,
        ways: Sequence[Way],
        conditions: Sequence[tuple[Expression, Place]],
        place: Place,
    ) -> tuple[list[Draft], State]:
        after = join(state, ways, self.locals, place)
        if isinstance(after, str):
            message = f"`{after}` is set to values of different kinds in the branches of this `if`"
            self.report("HB556", message, place)
            after = state
        *chosen, last = (tuple(way.drafts) for way in ways)
        if not chosen:
            return list(last), after
        branches = tuple(
            DraftBranch(condition, body, where)
            for (condition, where), body in zip(conditions, chosen, strict=True)
        )
        return [DraftIf(branches, last, place)], after

    def _set(self, node: nodes.Assign, here: Here, state: State) -> Drafted:
        name = self.refuse_name(node.target, here, state, again=True)
        value = self.values(here).value(node.node, state)
        if name is None:
            return Drafted([], state)
        if value is None or value.expression is None or value.type is None:
            return Drafted([], state.binding(name, ValueRoot(Checked())))
        if value.constant is not None:
            return Drafted([], state.binding(name, ValueRoot(value)))
        local = self.locals.fresh(name)
        bound = ValueRoot(named_value(local, value))
        after = state.binding(name, bound).meaning(local, value.expression)
        place = Place(here.source, *offsets_of(node.node))
        return Drafted([DraftSet(local, value.expression, place)], after)

    # ── other files and blocks ───────────────────────────────────────────────────────────────────

    def _include(self, node: nodes.Include, here: Here, state: State) -> list[Draft]:
        place = tag_place(node, here.source)
        if node.ignore_missing:
            message = "`ignore missing` is not available: a template is there or it is not"
            self.report("HB551", message, place)
        if not node.with_context:
            message = "`without context` is not available: an include sees the same names"
            self.report("HB551", message, place)
        loaded = self.reader.load(node, node.template, here.source)
        if loaded is None:
            return []
        if loaded.file in self.including:
            way = " → ".join([*self.including, loaded.file])
            self.report("HB553", "this include never ends", place, notes=(way,))
            return []
        return self.file(loaded, state)

    def file(self, source: SourceText, state: State) -> list[Draft]:
        """An included template, with layouts and blocks of its own."""
        layers = self.reader.read(source, {})
        if layers is None:
            return []
        self.including.append(source.file)
        self.depth += 1
        drafts = self.template(layers, state.inner())
        self.depth -= 1
        self.including.pop()
        return drafts

    def _block(self, node: nodes.Block, here: Here, state: State) -> list[Draft]:
        bodies = here.layers.blocks[node.name]
        if bodies[0].required:
            message = f"this layout needs the block `{node.name}`, and nothing fills it"
            hint = f"{{% block {node.name} %}}…{{% endblock %}}"
            self.report("HB554", message, tag_place(node, here.source), hint)
            return []
        return self._block_body(bodies[0], (node.name, 0), here, state)

    def _super(self, part: nodes.Expr, here: Here, state: State) -> list[Draft]:
        place = Place(here.source, *offsets_of(part))
        if here.block is None:
            self.report("HB554", "`super()` means the outer block, and this is in none", place)
            return []
        name, index = here.block
        bodies = here.layers.blocks[name]
        if index + 1 >= len(bodies) or bodies[index + 1].required:
            self.report("HB554", f"no layout has anything in the block `{name}`", place)
            return []
        return self._block_body(bodies[index + 1], (name, index + 1), here, state)

    def _block_body(
        self, body: BlockBody, block: tuple[str, int], here: Here, state: State
    ) -> list[Draft]:
        inside = Here(body.source, here.layers, block)
        return self.body(body.body, inside, state.inner()).drafts


_NEVER = Const(BoolType(), False)


def _is_print(node: nodes.Output) -> bool:
    """Whether this is `{% print a %}`, which Jinja reads as a hole."""
    position = position_of(node)
    return position.table.kind(position.index - 1) == "block_begin"


def _is_super(node: nodes.Expr) -> bool:
    match node:
        case nodes.Call(node=nodes.Name(name="super"), args=[], kwargs=[]):
            return node.dyn_args is None and node.dyn_kwargs is None
        case _:
            return False
