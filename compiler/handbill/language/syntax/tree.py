"""Where a node of the syntax tree stands: its tokens, its source text and its range.

A node's own position is that of one token (a dot, a filter's name, sometimes the token after it); the
whole extent follows from its children and the bracket pairs of the token table.
"""

from __future__ import annotations

from jinja2 import nodes

from handbill.diagnostics.diagnostic import SourceRange
from handbill.language.syntax.tokens import Position, TokenTable
from handbill.source.text import SourceText


def position_of(node: nodes.Node) -> Position:
    """The position that the parser gave to a node or, where it gave none, to its first child."""
    if isinstance(node.lineno, Position):
        return node.lineno
    for child in node.iter_child_nodes():
        return position_of(child)
    raise AssertionError(f"{node!r} was not parsed by handbill.language.syntax.parse")


def token_span(node: nodes.Node) -> tuple[int, int]:
    """Indices of the first and the last token of a node, brackets balanced."""
    table = position_of(node).table
    return _balanced(table, *_raw_span(node))


def offsets_of(node: nodes.Node) -> tuple[int, int]:
    """Start and end (exclusive) of a node in its source text; noted on the node, which may be one of a
    layout that every campaign has."""
    found: tuple[int, int] | None = node.__dict__.get(_OFFSETS)
    if found is None:
        table = position_of(node).table
        first, last = token_span(node)
        found = table.places[first].start, table.places[last].end
        node.__dict__[_OFFSETS] = found
    return found


_OFFSETS = "handbill_offsets"


def text_of(node: nodes.Node) -> str:
    """A node as the author wrote it."""
    start, end = offsets_of(node)
    return position_of(node).table.text[start:end]


def range_of(node: nodes.Node, source: SourceText) -> SourceRange:
    """A node's range in its file."""
    return source.range(*offsets_of(node))


def name_range_of(node: nodes.Node, source: SourceText) -> SourceRange:
    """The range of a node's own word: the name after a dot, of a filter, of a test."""
    position = position_of(node)
    index, table = position.index, position.table
    match node:
        case nodes.Getattr():
            index += 1
        case nodes.Test():
            index += 2 if table.text_of(index + 1, index + 1) == "not" else 1
        case nodes.Filter():
            pass
        case _:
            return range_of(node, source)
    return source.range(table.places[index].start, table.places[index].end)


def _raw_span(node: nodes.Node) -> tuple[int, int]:
    position = position_of(node)
    index, table = position.index, position.table
    match node:
        case nodes.Name() | nodes.Const() | nodes.TemplateData():
            return index, index
        case nodes.Getattr():
            return token_span(node.node)[0], index + 1
        case nodes.Getitem():
            return token_span(node.node)[0], table.partner.get(index, index + 1)
        case nodes.Call():
            return token_span(node.node)[0], table.partner.get(index, index)
        case nodes.Filter():
            first = token_span(node.node)[0] if node.node is not None else index
            return first, _end_of_call(table, index)
        case nodes.Test():
            name = index + 2 if table.text_of(index + 1, index + 1) == "not" else index + 1
            ends = [token_span(argument)[1] for argument in node.args]
            return token_span(node.node)[0], max(_end_of_call(table, name), *ends, name)
        case nodes.List() | nodes.Dict():
            return index, table.partner.get(index, index)
        case nodes.Neg() | nodes.Pos():
            return index, token_span(node.node)[1]
        case nodes.Not():
            first, last = token_span(node.node)
            return min(first, index), max(last, index)
        case _:
            spans = [token_span(child) for child in node.iter_child_nodes()]
            if not spans:
                return index, index
            return min(span[0] for span in spans), max(span[1] for span in spans)


def _end_of_call(table: TokenTable, name: int) -> int:
    return table.partner.get(name + 1, name) if table.kind(name + 1) == "lparen" else name


def _balanced(table: TokenTable, first: int, last: int) -> tuple[int, int]:
    """The smallest span around the given one in which every bracket has its partner."""
    at = first
    while at <= last:
        partner = table.partner.get(at, at)
        first, last = min(first, partner), max(last, partner)
        at += 1
    return first, last
