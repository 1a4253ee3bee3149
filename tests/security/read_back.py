"""What a page says, read by a real HTML parser, and what it must say whatever the customer is called.

The page is rendered once for somebody harmless, called `qzq`. Read back, the page of anybody else must
be the same tree of the same elements with the same attributes, and where `qzq` stood the other's name:
as it is in texts and attributes, percent-encoded in addresses.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import html5lib
from html5lib.serializer import HTMLSerializer

from handbill.plan.operations import upper

HARMLESS = "qzq"
ADDRESSES = frozenset({"href", "src", "background"})
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
LINE_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HOLE = re.compile(f"(/?){HARMLESS}")

Node = tuple[Any, ...]
"""(name, attributes, children) of an element, ("#text", text), ("#comment", text or nodes)."""


def read_page(html: str) -> list[Node]:
    """The whole tree of a page; what only Outlook reads is read as well."""
    document = html5lib.parse(html, treebuilder="dom")
    return _children(document)


def read_again(html: str) -> list[Node]:
    """The tree of the page as a program writes it that has read it."""
    tree = html5lib.parse(html, treebuilder="dom")
    writer = HTMLSerializer(omit_optional_tags=False, quote_attr_values="always")
    return read_page(writer.render(html5lib.getTreeWalker("dom")(tree)))


def _children(parent: Any) -> list[Node]:
    """Adjacent texts are one."""
    nodes: list[Node] = []
    for child in parent.childNodes:
        node = _node(child)
        if node[0] == "#text" and nodes and nodes[-1][0] == "#text":
            nodes[-1] = ("#text", nodes[-1][1] + node[1])
        else:
            nodes.append(node)
    return nodes


def _node(node: Any) -> Node:
    match node.nodeType:
        case node.TEXT_NODE:
            return ("#text", node.data)
        case node.COMMENT_NODE:
            return ("#comment", _comment(node.data))
        case node.DOCUMENT_TYPE_NODE:
            return ("#doctype", node.name)
        case _:
            attributes = tuple(sorted((name, value) for name, value in node.attributes.items()))
            return (node.tagName, attributes, _children(node))


def _comment(data: str) -> str | list[Node]:
    if not data.startswith("[if"):
        return data
    inside = data.partition(">")[2].rpartition("<!")[0]
    fragment = html5lib.parseFragment(inside, treebuilder="dom", container="div")
    return _children(fragment)


def with_name(page: list[Node], name: str) -> list[Node]:
    """The harmless customer's page with another name in the place of theirs."""
    named = (_named(node, name) for node in page)
    return [node for node in named if node != ("#text", "")]


def _named(node: Node, name: str) -> Node:
    match node:
        case ("#text", text):
            return ("#text", text_with(text, shown(name), name))
        case ("#comment", list(nodes)):
            return ("#comment", with_name(nodes, name))
        case ("#comment" | "#doctype", _):
            return node
        case (tag, attributes, children):
            named = tuple(
                (
                    key,
                    address_with(value, name)
                    if key in ADDRESSES
                    else value.replace(HARMLESS, shown(name)),
                )
                for key, value in attributes
            )
            return (tag, named, with_name(children, name))
        case _:
            raise AssertionError(node)


def text_with(text: str, written: str, name: str) -> str:
    """`written` in the place of the harmless name, but in links the name percent-encoded."""
    pieces = re.split(r"(https://[^\s()]+)", text)
    return "".join(
        address_with(piece, name)
        if piece.startswith("https://")
        else piece.replace(HARMLESS, written).replace(HARMLESS.upper(), upper(written))
        for piece in pieces
    )


def address_with(address: str, name: str) -> str:
    """An address with the name percent-encoded, never all of a path segment as dots or nothing."""
    path, sign, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    encoded = quote(name, safe="")
    alone = encoded if name.strip(".") else "_" * max(len(name), 1)
    path = _HOLE.sub(lambda hole: hole[1] + (alone if hole[1] else encoded), path)
    return path + sign + rest.replace(HARMLESS, encoded)


def shown(name: str) -> str:
    """A value as HTML shows it."""
    return TURNING.sub("", CONTROLS.sub(" ", name))


def on_one_line(name: str) -> str:
    """A value as a text or a header shows it."""
    return TURNING.sub("", LINE_CONTROLS.sub(" ", name))


def whitespace_folded(page: list[Node]) -> list[Node]:
    """For a page that was written anew: how its white space is written says nothing."""
    return [_folded(node) for node in page]


def _folded(node: Node) -> Node:
    if node[0] == "#text":
        return ("#text", re.sub("\r\n?", "\n", node[1]))
    if node[0] in ("#comment", "#doctype"):
        return (node[0], "")
    attributes = tuple((key, re.sub("\r\n?", "\n", value)) for key, value in node[1])
    return (node[0], attributes, whitespace_folded(node[2]))
