"""Source text to Jinja's syntax tree, with every failure as a diagnostic.

Nothing is evaluated and nothing raised: sizes and nesting are bounded before the recursive parser
runs, and the tree's depth after it, so that every later pass may recurse.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.syntax.errors import explain
from handbill.language.syntax.tokens import ENVIRONMENT, SyntaxRefusal, position_of_text
from handbill.source.text import SourceText

MAX_EXPRESSION_BYTES = 16 * 1024
MAX_TEMPLATE_BYTES = 256 * 1024
MAX_DEPTH = 100
"""Levels of the syntax tree; chains of `and`, of `or` and of `~` count once."""

Tree = TypeVar("Tree", nodes.Expr, nodes.Template)


def parse_expression(source: SourceText) -> tuple[nodes.Expr | None, tuple[Diagnostic, ...]]:
    """One bare expression. The `lineno` of its nodes is a `tokens.Position`."""
    try:
        return _expression_tree(source.text), ()
    except SyntaxRefusal as refusal:
        return None, (_diagnostic(refusal, source),)


def parse_template(source: SourceText) -> tuple[nodes.Template | None, tuple[Diagnostic, ...]]:
    """A whole template. The `lineno` of its nodes is a `tokens.Position`."""
    try:
        return _template_tree(source.text), ()
    except SyntaxRefusal as refusal:
        return None, (_diagnostic(refusal, source),)


def _diagnostic(refusal: SyntaxRefusal, source: SourceText) -> Diagnostic:
    return Diagnostic(
        refusal.code,
        refusal.message,
        source.range(refusal.start, min(refusal.end, len(source.text))),
        hint=refusal.hint,
    )


# Trees are shared by whoever has the same text (the tenants that use one blueprint), and so never
# changed: positions are offsets into the text, and know no file.


@lru_cache(maxsize=8_192)
def _expression_tree(text: str) -> nodes.Expr:
    _refuse_size(text, MAX_EXPRESSION_BYTES, "an expression", "16 KB")
    _refuse_braces(text)
    return _bounded(_parse_expression(text))


@lru_cache(maxsize=512)
def _template_tree(text: str) -> nodes.Template:
    _refuse_size(text, MAX_TEMPLATE_BYTES, "a template", "256 KB")
    return _bounded(_parse_template(text))


def _parse_expression(text: str) -> nodes.Expr:
    if not text.strip():
        raise SyntaxRefusal("HB500", "there is no expression here", 0, len(text))
    try:
        parser = Parser(ENVIRONMENT, text, state="variable")
        node = parser.parse_expression()
        if parser.stream.current.type != "eof":
            parser.stream.expect("end")
        return node
    except TemplateSyntaxError as error:
        raise explain(error, text) from None
    except RecursionError:
        raise _too_deep(text) from None


def _parse_template(text: str) -> nodes.Template:
    if "{" not in text and "\r" not in text:
        return _plain_template(text)
    try:
        return Parser(ENVIRONMENT, text).parse()
    except TemplateSyntaxError as error:
        raise explain(error, text) from None
    except RecursionError:
        raise _too_deep(text) from None


def _plain_template(text: str) -> nodes.Template:
    """What the parser makes of a text without any tag."""
    body: list[nodes.Node] = []
    if text:
        position = position_of_text(text)
        data = nodes.TemplateData(text, lineno=position)
        body.append(nodes.Output([data], lineno=position))
    template = nodes.Template(body, lineno=1)
    template.set_environment(ENVIRONMENT)
    return template


def _refuse_size(text: str, limit: int, what: str, words: str) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        message = f"{what} has at most {words}; this one has {size:,} bytes"
        raise SyntaxRefusal("HB502", message, 0, len(text))


def _refuse_braces(text: str) -> None:
    inner = text.strip()
    if inner.startswith("{{"):
        hint = inner.removeprefix("{{").removesuffix("}}").strip()
        start = text.index("{{")
        message = "an expression stands here without braces"
        raise SyntaxRefusal("HB500", message, start, start + 2, hint)


def _too_deep(text: str) -> SyntaxRefusal:
    message = "this is nested too deeply"
    return SyntaxRefusal("HB502", message, 0, len(text), "split it into named audiences or parts")


def _bounded(tree: Tree) -> Tree:
    """The tree, if no path in it is longer than MAX_DEPTH."""
    pending: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise _too_deep("")
        for child in node.iter_child_nodes():
            chained = isinstance(node, nodes.And | nodes.Or) and type(child) is type(node)
            pending.append((child, depth if chained else depth + 1))
    return tree
