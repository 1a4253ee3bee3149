"""What to say of each of Jinja's statements that a template cannot use here."""

from __future__ import annotations

from jinja2 import nodes

_ELSEWHERE = (
    "put what is shared into a file of its own",
    '{% include "piece.html" %}',
)
_REFUSED: dict[type[nodes.Node], tuple[str, str, str]] = {
    nodes.Macro: ("macro", *_ELSEWHERE),
    nodes.Import: ("import", *_ELSEWHERE),
    nodes.FromImport: ("from … import", *_ELSEWHERE),
    nodes.CallBlock: ("call", *_ELSEWHERE),
    nodes.FilterBlock: ("filter", "write the filter into each hole", "{{ … | upper }}"),
    nodes.With: ("with", "a name is given with `set`", "{% set name = … %}"),
    nodes.AssignBlock: ("set … endset", "`set` takes one expression", "{% set name = '…' %}"),
    nodes.Scope: (
        "autoescape",
        "escaping is always on and follows from where a hole stands",
        "remove it",
    ),
}


def explain_refused(node: nodes.Node) -> tuple[str, str | None]:
    """Message and hint for a statement that is not available."""
    word, reason, hint = _REFUSED.get(
        type(node), (type(node).__name__.lower(), "it has no meaning in a message", "remove it")
    )
    return f"`{word}` is not available in templates: {reason}", hint
