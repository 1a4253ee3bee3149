"""libyaml's errors in words that help."""

from __future__ import annotations

import pytest

from handbill.source.yaml import load_document
from handbill.source.yaml_syntax import quote, quoted_line


@pytest.mark.parametrize(
    ("text", "code", "line", "hint"),
    [
        ("a: 1\n\tb: 2", "HB221", 2, "use spaces (two for each level)"),
        ("a: @home", "HB223", 1, 'a: "@home"'),
        ("a: `x`", "HB223", 1, 'a: "`x`"'),
        ("a: *", "HB223", 1, 'a: "*"'),
        ("subject: Today: half price", "HB223", 1, 'subject: "Today: half price"'),
        ("a: 1\n  b: 2", "HB209", 2, "indent it like the line above"),
        ("a: 'x\nb: 1", "HB222", 1, "add the same quote at the end"),
        ("a: 'x\n---\n", "HB222", 1, "add the same quote at the end"),
        ("a: 'it's'", "HB222", 1, "inside single quotes write '' for an apostrophe, or use double quotes around"),
        ('a: "x" y', "HB222", 1, 'write the other kind of quote around it, or "" and \\" inside'),
        ('a:\n  b: "x\n  c: y.mjml\nd:\n  e: "z"', "HB222", 2, 'b: "x"'),
        ("a: 'x\nb: y\nc: 'z'", "HB222", 1, "a: 'x'"),
        ('a: "x \\"y\nb: "z"', "HB222", 1, 'a: "x \\"y"'),
        ('a: "x"\nb: "z" q', "HB222", 2, 'write the other kind of quote around it, or "" and \\" inside'),
        ('a: "x\n  y" z"', "HB222", 2, 'write the other kind of quote around it, or "" and \\" inside'),
        ('a: {b: "x}\nc: "y"', "HB222", 1, "add the same quote at the end of the text"),
        ('a: "\\d"', "HB222", 1, "use single quotes, where a backslash is only a backslash"),
        ("a: {b: 1", "HB224", 1, "add } or a comma"),
        ("a: {fr-CA: 'L'été', en-CA: x}", "HB222", 1, "fr-CA: \"L'été\""),
        ('a: {b: "so "good""}', "HB222", 1, "b: 'so \"good\"'"),
        ("a: {b: Hi: you, c: x}", "HB223", 1, 'b: "Hi: you"'),
        ("a: {b: “Hi: you”}", "HB223", 1, 'b: "Hi: you"'),
        ("a:\n\u00a0\u00a0b: 1", "HB202", 2, "delete it and press the space bar"),
        ("a:\n  b: 1\n\u2003 c: 2\n  d:", "HB202", 3, "delete it and press the space bar"),
        ("a: 1\nb:\u00a02\nc: 3", "HB202", 2, "delete it and press the space bar"),
        ("\u3000a: 1", "HB202", 1, "delete it and press the space bar"),
        ("a: [1, 2", "HB224", 1, "add ] or a comma"),
        ("a: ]", "HB209", 1, 'a: "]"'),
        ("a: 1\nword\nb: 2", "HB209", 2, "write NAME: VALUE; indent a line that continues the one above"),
        ("- a\nb: 1", "HB209", 2, "start it with `- `, or indent it to belong to the entry above"),
        ("a:\n  b: 1\n\tc: 2", "HB221", 3, "use spaces (two for each level)"),
        ("a: > 50% off", "HB223", 1, 'a: "> 50% off"'),
        ("a: [1, , 2]", "HB209", 1, "delete it, or write the entry that is missing before it"),
        ('a: "\\ud800"', "HB222", 1, "use single quotes, where a backslash is only a backslash"),
        ("a:\n  b: 1\n c: 2", "HB209", 3, "line it up with the fields that it belongs to"),
        ("a: - b", "HB209", 1, "start it on the next line, indented"),
        ("a: 1\n b", "HB209", 1, None),
        ("a: {{ x }} there", "HB220", 1, 'a: "{{ x }} there"'),
        ("  a: 1\n b: 2", "HB209", 2, "line it up with the fields that it belongs to"),
    ],
)  # fmt: skip
def test_explained(text: str, code: str, line: int, hint: str | None) -> None:
    document, found = load_document("a.yaml", text.encode())
    if hint is None:
        assert document is not None
        return
    assert document is None
    (one,) = found
    assert one.range
    assert (one.code, one.range.line, one.hint) == (code, line, hint)


def test_a_forgotten_quote_is_shown_where_it_was_opened() -> None:
    _, (found,) = load_document("a.yaml", b'a:\n  b: "x\n  c: y\nd: "z"')
    assert found.message == "this quote is not closed on its line"
    assert (found.range.line, found.range.column) == (2, 6) if found.range else False


def test_a_text_that_starts_with_a_hash_is_quoted_in_the_hint() -> None:
    _, (found,) = load_document("a.yaml", b"subject: #1 in winter")
    assert found.hint == 'after a space, # starts a comment; if it is text: subject: "#1 in winter"'
    _, (found,) = load_document("a.yaml", b"subject: # to be written")
    assert found.hint and found.hint.startswith("write a value, delete the line")


def test_quoting_a_line() -> None:
    assert quoted_line(["  - subject: Hi: you  "], 0) == '- subject: "Hi: you"'
    assert quoted_line(["subject: 'x'"], 0) is None
    assert quoted_line(["word"], 0) is None
    assert quoted_line([], 3) is None
    assert quote('say "hi"') == "'say \"hi\"'"
    assert quote('it\'s \\ "x"') == "'it''s \\ \"x\"'"
