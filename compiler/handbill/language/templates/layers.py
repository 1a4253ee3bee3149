"""The templates that one template is made of: what it extends, and who fills which block.

`layers` go from the template itself to the outermost layout. For each block name the bodies are listed
with the winning one first: the campaign's own replacement, then the template's, then the layouts'.
Jinja's parser accepts duplicate blocks, two `extends` and `extends` inside `if`; here they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.syntax.parse import parse_template
from handbill.language.syntax.tree import offsets_of, position_of
from handbill.language.templates.asset_paths import AssetLoader
from handbill.language.templates.draft import Place
from handbill.source.text import SourceText

MAX_LAYERS = 16


class TemplateLoader(AssetLoader, Protocol):
    """Finds the templates that a template names."""

    def load(self, name: str, from_file: str) -> SourceText | None:
        """The template that `name` means in the file `from_file`; None when there is none."""
        ...

    def suggest(self, name: str, from_file: str) -> str | None:
        """The name of an existing template that `name` may have been meant to be."""
        ...


@dataclass(frozen=True, slots=True)
class BlockBody:
    """One way to fill a block. `required` bodies only say that somebody else must."""

    source: SourceText
    body: tuple[nodes.Node, ...]
    place: Place | None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    source: SourceText
    body: tuple[nodes.Node, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    layers: tuple[Layer, ...]
    blocks: Mapping[str, tuple[BlockBody, ...]]


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """One file: its tree (None after a syntax error), and the blocks and `extends` in it, in order."""

    tree: nodes.Template | None
    diagnostics: tuple[Diagnostic, ...]
    blocks: tuple[nodes.Block, ...] = ()
    extends: tuple[nodes.Extends, ...] = ()


def is_mjml(source: SourceText) -> bool:
    """Whether a template is MJML: its file's name says so."""
    return source.file.endswith(".mjml")


@lru_cache(maxsize=512)
def parsed_template(source: SourceText) -> ParsedTemplate:
    """`parse_template`, remembered: a layout is read once, not once per campaign. Do not change it."""
    tree, diagnostics = parse_template(source)
    if tree is None:
        return ParsedTemplate(None, diagnostics)
    blocks = sorted(tree.find_all(nodes.Block), key=lambda block: position_of(block).start)
    extends = sorted(tree.find_all(nodes.Extends), key=lambda each: position_of(each).start)
    return ParsedTemplate(tree, diagnostics, tuple(blocks), tuple(extends))


class LayerReader:
    """Reads a template and what it extends; findings go to `found`."""

    def __init__(self, loader: TemplateLoader, found: list[Diagnostic]) -> None:
        self.loader, self.found = loader, found

    def read(self, source: SourceText, overrides: Mapping[str, SourceText]) -> Layers | None:
        """None when the template, or one that it extends, cannot be read."""
        bodies: dict[str, list[BlockBody]] = {}
        for name, override in overrides.items():
            parsed = self._parse(override)
            if parsed.tree is not None:
                self._refuse_extends(parsed, override)
                bodies[name] = [BlockBody(override, tuple(parsed.tree.body), None)]
                self._collect(parsed, override, bodies)
        layers: list[Layer] = []
        current: SourceText | None = source
        while current is not None:
            parsed = self._parse(current)
            if parsed.tree is None:
                return None
            layers.append(Layer(current, tuple(parsed.tree.body)))
            self._collect(parsed, current, bodies)
            extends = self._extends(parsed, parsed.tree, current)
            if extends is None:
                break
            current = self._parent(extends, layers)
            if current is None:
                return None
        return Layers(tuple(layers), {name: tuple(found) for name, found in bodies.items()})

    def load(self, node: nodes.Node, template: nodes.Expr, source: SourceText) -> SourceText | None:
        """The template that a statement names, with a finding when there is none."""
        if not isinstance(template, nodes.Const) or not isinstance(template.value, str):
            self._report(
                "HB552",
                "the name of a template is a text in quotes, so that it is known when checking",
                Place(source, *offsets_of(template)),
                hint='"header.html"',
            )
            return None
        loaded = self.loader.load(template.value, source.file)
        if loaded is None:
            suggestion = self.loader.suggest(template.value, source.file)
            self._report(
                "HB550",
                f"there is no template `{template.value}`",
                Place(source, *offsets_of(template)),
                hint=f'"{suggestion}"' if suggestion else None,
            )
        elif is_mjml(loaded) and not is_mjml(source):
            message = f"`{template.value}` is MJML, which only a template named .mjml can hold"
            place = Place(source, *offsets_of(template))
            self._report("HB589", message, place, hint="name this file ….mjml as well")
        return loaded

    def _parse(self, source: SourceText) -> ParsedTemplate:
        parsed = parsed_template(source)
        self.found.extend(parsed.diagnostics)
        return parsed

    def _extends(
        self, parsed: ParsedTemplate, tree: nodes.Template, source: SourceText
    ) -> nodes.Extends | None:
        if not parsed.extends:
            return None
        for second in parsed.extends[1:]:
            message = "a template extends one other, and this is the second"
            self._report("HB554", message, tag_place(second, source))
        extends = parsed.extends[0]
        before = [node for node in tree.body if not _is_white(node)]
        if before[0] is not extends:
            message = "`extends` must be the first thing in a template"
            self._report("HB554", message, tag_place(extends, source))
        self._refuse_outside_blocks(tree, source)
        return extends

    def _refuse_outside_blocks(self, tree: nodes.Template, source: SourceText) -> None:
        for node in tree.body:
            if _is_white(node) or isinstance(node, nodes.Extends | nodes.Block | nodes.Assign):
                continue
            place = first_place(node, source)
            message = "this stands outside the blocks of a template that extends another"
            hint = "put it into a {% block … %} of the layout: nothing else is shown"
            self._report("HB554", message, place, hint=hint)
            return

    def _refuse_extends(self, parsed: ParsedTemplate, source: SourceText) -> None:
        for extends in parsed.extends[:1]:
            message = "a file that fills a block cannot extend another template"
            hint = "leave `extends` out: the message's template decides the layout"
            self._report("HB554", message, tag_place(extends, source), hint=hint)

    def _parent(self, extends: nodes.Extends, layers: list[Layer]) -> SourceText | None:
        source = layers[-1].source
        parent = self.load(extends, extends.template, source)
        if parent is None:
            return None
        if is_mjml(source) and not is_mjml(parent):
            message = "a template of MJML extends another one, and this layout is plain HTML"
            place = Place(source, *offsets_of(extends.template))
            self._report("HB589", message, place, hint='"platform/email/base.mjml"')
        if any(layer.source.file == parent.file for layer in layers) or len(layers) >= MAX_LAYERS:
            way = " → ".join([*(layer.source.file for layer in layers), parent.file])
            message = "these templates extend each other without end"
            self._report("HB553", message, tag_place(extends, source), notes=(way,))
            return None
        return parent

    def _collect(
        self, parsed: ParsedTemplate, source: SourceText, bodies: dict[str, list[BlockBody]]
    ) -> None:
        seen: dict[str, Place] = {}
        for block in parsed.blocks:
            place = tag_place(block, source)
            if block.name in seen:
                first = Related("the first one is here", seen[block.name].range)
                message = f"the block `{block.name}` is there twice"
                self.found.append(Diagnostic("HB554", message, place.range, related=(first,)))
                continue
            seen[block.name] = place
            body = BlockBody(source, tuple(block.body), place, bool(block.required))
            bodies.setdefault(block.name, []).append(body)

    def _report(
        self,
        code: str,
        message: str,
        place: Place,
        hint: str | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        self.found.append(Diagnostic(code, message, place.range, hint=hint, notes=notes))


def unknown_block(
    name: str, layers: Layers, overridden: Mapping[str, SourceText], at: SourceRange
) -> Diagnostic:
    """Says that a message fills a block which its template does not have."""
    known = [other for other in layers.blocks if other not in overridden]
    suggestion = closest(name, known)
    listed = ", ".join(f"`{other}`" for other in sorted(known)) or "none"
    return Diagnostic(
        "HB554",
        f"the template has no block `{name}`",
        at,
        hint=suggestion,
        notes=(f"its blocks: {listed}",),
    )


def _is_white(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(part, nodes.TemplateData) and not part.data.strip() for part in node.nodes
    )


def first_place(node: nodes.Node, source: SourceText) -> Place:
    """Where a statement starts: its tag, or its first text or hole that is not white space."""
    if not isinstance(node, nodes.Output):
        return tag_place(node, source)
    for part in node.nodes:
        start, end = offsets_of(part)
        text = source.text[start:end]
        if not (isinstance(part, nodes.TemplateData) and not text.strip()):
            lead = len(text) - len(text.lstrip())
            line = text.strip().split("\n")[0]
            return Place(source, start + lead, start + lead + len(line))
    return tag_place(node, source)


def tag_place(node: nodes.Node, source: SourceText) -> Place:
    """The `{% … %}` that a statement starts with."""
    found: tuple[int, int] | None = node.__dict__.get(_TAG)
    if found is None:
        found = node.__dict__[_TAG] = _tag_offsets(node)
    return Place(source, *found)


_TAG = "handbill_tag"
"""Noted on the node: it may be one of a layout that every campaign has."""


def _tag_offsets(node: nodes.Node) -> tuple[int, int]:
    position = position_of(node)
    table, first, last = position.table, position.index, position.index
    while first > 0 and table.kind(first) != "block_begin":
        first -= 1
    while table.kind(last) not in ("block_end", ""):
        last += 1
    last = last if table.kind(last) else position.index
    return table.places[first].start, table.places[last].end
