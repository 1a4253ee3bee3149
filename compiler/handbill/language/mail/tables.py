"""`<tbody>` around the rows of a table that has control flow between them.

A browser opens one by itself at the first row: inside the first branch or round, so that the table would
be another one in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.language.mail.tree import Element, Node, Tree, Turn

_PARTS = frozenset({"tbody", "thead", "tfoot", "caption", "colgroup", "col"})


def first_row(children: Sequence[Node]) -> int | None:
    """Where a `<tbody>` has to begin among a table's children; None where none is needed."""
    if not any(isinstance(child, Turn) for child in children):
        return None
    for index, child in enumerate(children):
        if isinstance(child, Turn) or (isinstance(child, Element) and child.name not in _PARTS):
            rest = (each for each in children[index:] if isinstance(each, Element))
            return None if any(each.name in _PARTS for each in rest) else index
    return None


def with_table_bodies(text: str, tree: Tree) -> str:
    """The HTML of which `tree` was read, with every `<tbody>` that is needed."""
    cuts = sorted(_cuts(tree.roots), reverse=True)
    for offset, tag in cuts:
        text = f"{text[:offset]}{tag}{text[offset:]}"
    return text


def _cuts(nodes: Sequence[Node]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, Element):
            if node.name == "table":
                index = first_row(node.children)
                if index is not None:
                    yield node.children[index].start, "<tbody>"
                    yield node.close, "</tbody>"
            yield from _cuts(node.children)
