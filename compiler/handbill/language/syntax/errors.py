"""Jinja's syntax errors in the words of someone who has never heard of Jinja."""

from __future__ import annotations

import re

from jinja2 import TemplateSyntaxError

from handbill.language.syntax.tokens import Position, SyntaxRefusal, unclosed_hole

_WORDS = {
    "AND": "and",
    "OR": "or",
    "NOT": "not",
    "IN": "in",
    "IS": "is",
    "IF": "if",
    "ELSE": "else",
    "then": None,
    "THEN": None,
    "equals": "==",
    "LIKE": "| contains('…')",
    "like": "| contains('…')",
    "BETWEEN": ">= … and … <=",
    "between": ">= … and … <=",
}
_TAGS = {
    "elseif": "elif",
    "elsif": "elif",
    "else if": "elif",
    "end": "endif",
    "foreach": "for",
    "fi": "endif",
    "done": "endfor",
    "unless": "if not",
    "switch": "if",
}


def explain(error: TemplateSyntaxError, text: str) -> SyntaxRefusal:
    """A refusal at the token at which Jinja's parser gave up."""
    message = error.message or ""
    position = error.lineno
    if not isinstance(position, Position):
        return SyntaxRefusal("HB500", "this ends before it is complete", 0, len(text))
    start, end = position.start, position.end
    opened = unclosed_hole(text, max(0, end - 1))
    if opened is not None:
        sign = text[opened : opened + 2]
        closer = "}}" if sign == "{{" else "%}"
        message = f"this `{sign}` is never closed"
        return SyntaxRefusal("HB500", message, opened, opened + 2, f"write `{closer}` at its end")
    word = position.table.text[start:end]
    kind = position.table.kind(position.index)
    if "nknown tag" in message:
        return _unknown_tag(message, word, start, end)
    if "nexpected end" in message or "end of template" in message.split("got")[-1]:
        return _unexpected_end(message, end)
    if word == "if" and position.table.text_of(position.index - 1, position.index - 1) == "else":
        return SyntaxRefusal("HB500", "`else if` is one word here", start, end, "{% elif … %}")
    if kind == "variable_end" and position.table.kind(position.index - 1) == "variable_begin":
        return SyntaxRefusal("HB500", "there is no expression here", start, end)
    if position.table.text_of(position.index - 1, position.index - 1) == "if":
        # Jinja takes the word after a test for its argument: `x is defined if y`.
        message = "this `if` is read as part of the test before it"
        return SyntaxRefusal("HB500", message, start, end, "put what stands before it in ( )")
    if kind == "assign":
        return SyntaxRefusal("HB500", "`=` does not compare", start, end, "write `==`")
    if kind == "pipe" and position.table.kind(position.index - 1) == "pipe":
        return SyntaxRefusal("HB500", "`||` has no meaning here", start - 1, end, "write `or`")
    if word in _WORDS:
        better = _WORDS[word]
        hint = f"write `{better}`" if better else "write `A if CONDITION else B`"
        return SyntaxRefusal("HB500", f"`{word}` has no meaning here", start, end, hint)
    return _unexpected(message, word, start, end)


def _unknown_tag(message: str, word: str, start: int, end: int) -> SyntaxRefusal:
    looking = re.search(r"looking for (?:the following tags: )?(.+?)\.", message)
    wanted = looking.group(1).replace("'", "`") if looking else None
    if word in _TAGS:
        return SyntaxRefusal(
            "HB500", f"there is no tag `{word}`", start, end, f"{{% {_TAGS[word]} %}}"
        )
    if word.startswith("end") or word in ("else", "elif"):
        hint = f"here I expect {wanted}" if wanted else f"remove it, or open it with {word[3:]}"
        return SyntaxRefusal("HB500", f"`{word}` does not belong here", start, end, hint)
    return SyntaxRefusal("HB500", f"there is no tag `{word}`", start, end)


def _unexpected_end(message: str, end: int) -> SyntaxRefusal:
    block = re.search(r"innermost block that needs to be closed is '(\w+)'", message)
    if block:
        name = block.group(1)
        hint = f"close it with {{% end{name} %}}"
        return SyntaxRefusal(
            "HB500",
            f"{'an' if name == 'if' else 'a'} `{name}` is never closed",
            max(0, end - 1),
            end,
            hint,
        )
    return SyntaxRefusal("HB500", "this ends before it is complete", max(0, end - 1), end)


def _unexpected(message: str, word: str, start: int, end: int) -> SyntaxRefusal:
    if "chain multiple tests" in message:
        return SyntaxRefusal("HB500", "one `is` at a time", start, end, "join them with `and`")
    if "contain hyphens" in message:
        return SyntaxRefusal("HB500", "a block's name has no hyphen", start, end, "use `_`")
    if "can't assign" in message:
        return SyntaxRefusal("HB503", "only a plain name can be set", start, end)
    expected = re.match(r"expected token '(.+)', got", message)
    shown = word if len(word) <= 40 else word[:40] + "…"
    hint = None
    if expected and expected.group(1) in (")", "]", "name", ",", "in", "end of print statement"):
        hint = f"I expected {_expected(expected.group(1))} before it"
    return SyntaxRefusal("HB500", f"`{shown}` does not fit here", start, end, hint)


def _expected(token: str) -> str:
    return {"name": "a name", "end of print statement": "`}}` or an operator"}.get(
        token, f"`{token}`"
    )
