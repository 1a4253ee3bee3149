"""What libyaml's syntax errors mean to somebody who is not thinking about YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.source.characters import MAX_SHOWN, name_of
from handbill.source.layout import tenant_of

_FIELD = re.compile(r"(?P<head>\s*(?:- )?[A-Za-z0-9_.-]+:[ \t]+)(?P<text>\S.*?)\s*\Z")


def quoted_line(lines: Sequence[str], line: int) -> str | None:
    """The `key: text` of a line (0-based) with its text in quotes, as somebody would type it."""
    if not 0 <= line < len(lines):
        return None
    match = _FIELD.match(lines[line])
    if not match or (match["text"][0] in "|>\"'{[" and not match["text"].startswith("{{")):
        return None
    return f"{match['head'].strip()} {quote(match['text'])}"


def quote(text: str) -> str:
    """`text` as a YAML string in quotes; double quotes unless it holds some."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def commented_out(lines: Sequence[str], line: int, name: str) -> str | None:
    """What to type where `name: #1 in winter` was meant for text, and YAML sees a comment."""
    match = _FIELD.match(lines[line])
    if match is None or not re.match(r"#[^\s#]", match["text"]):
        return None
    return f"after a space, # starts a comment; if it is text: {name}: {quote(match['text'])}"


_CURLY = re.compile(r"[“„‟]([^“”„‟]*)[”“]\Z|‘([^‘]*)’\Z")


def in_curly_quotes(text: str) -> str | None:
    """What stands between typographic quotation marks, where they surround the whole text."""
    match = _CURLY.match(text.strip())
    return match[1] or match[2] if match else None


def quote_plainly(text: str) -> str:
    """`text` in straight quotes, which take the place of typographic ones around it."""
    return quote(in_curly_quotes(text) or text)


def explain_syntax(file: str, lines: Sequence[str], error: yaml.YAMLError) -> Diagnostic:
    """A diagnostic for an exception of the YAML parser."""
    mark = getattr(error, "problem_mark", None)
    context_mark = getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    code, message, hint, at_context = _explain(error, lines, line, column)
    opened = _left_open(lines, line, column) if message == _QUOTES_END else None
    if opened is not None:
        line, column = opened
        message, hint = "this quote is not closed on its line", _closed_line(lines, opened)
    elif at_context and context_mark:
        line, column = context_mark.line, context_mark.column
    line = min(line, len(lines) - 1)
    end = max(column + 1, len(lines[line]) if at_context else 0)
    place = SourceRange(file, line + 1, column + 1, line + 1, end + 1)
    return Diagnostic(code, message, place, hint=hint, tenant=tenant_of(file))


def _explain(
    error: yaml.YAMLError, lines: Sequence[str], line: int, column: int
) -> tuple[str, str, str | None, bool]:
    """(code, message, hint, whether it is shown where the construct began)."""
    problem = str(getattr(error, "problem", "") or "")
    context = str(getattr(error, "context", "") or "")
    row = lines[line] if line < len(lines) else ""
    char = row[column : column + 1]
    quoted = quoted_line(lines, line)
    if "tab character" in problem:
        return "HB221", "a tab cannot indent YAML", "use spaces (two for each level)", False
    match problem, context:
        case ("found character that cannot start any token", _) if char == "\t":
            return "HB221", "a tab cannot indent YAML", "use spaces (two for each level)", False
        case ("found character that cannot start any token", _):
            return "HB223", f"unquoted text cannot start with `{char}`", quoted, False
        case ("did not find expected alphabetic or numeric character", _):
            return "HB223", f"unquoted text cannot start with `{char or '*'}`", quoted, True
        case ("mapping values are not allowed in this context", _):
            return _second_colon(lines, line, column)
        case ("found unexpected end of stream", "while scanning a quoted scalar"):
            return "HB222", "this quote is never closed", "add the same quote at the end", True
        case ("found unexpected document indicator", _):
            return "HB222", "this quote is never closed", "add the same quote at the end", True
        case (_, "while parsing a quoted scalar"):
            hint = "use single quotes, where a backslash is only a backslash"
            return (
                "HB222",
                "a backslash in double quotes starts a code, and this is none",
                hint,
                False,
            )
        case ("could not find expected ':'", _) if space := _odd_space_after_colon(error, lines):
            message = f"the space after this `:` is not an ordinary one ({name_of(space)})"
            return "HB202", message, "delete it and press the space bar", True
        case ("could not find expected ':'", _):
            hint = "write NAME: VALUE; indent a line that continues the one above"
            return "HB209", "this line has no `:` after its first word", hint, True
        case (_, "while parsing a flow mapping") if _quote_left_open(error, lines, line):
            message = "a quote inside this `{` is not closed on its line"
            return "HB222", message, "add the same quote at the end of the text", True
        case (_, "while parsing a flow mapping"):
            return _text_in_braces(row, column) or (
                "HB224",
                "this `{` is not closed, or a comma is missing",
                "add } or a comma",
                True,
            )
        case (_, "while parsing a flow sequence"):
            return (
                "HB224",
                "this `[` is not closed, or a comma is missing",
                "add ] or a comma",
                True,
            )
        case (_, "while scanning a block scalar"):
            message = f"unquoted text cannot start with `{_char_at(error, lines)}`"
            return "HB223", message, _quoted_block(lines, line), True
        case ("did not find expected node content", _) if char == ",":
            hint = "delete it, or write the entry that is missing before it"
            return "HB209", "there is nothing before this comma", hint, False
        case ("did not find expected node content", _):
            return "HB209", f"`{char}` cannot stand here", quoted, False
        case ("did not find expected <document start>", _):
            return _expected_key(lines, line, column)
        case ("did not find expected key", "while parsing a block mapping"):
            return _expected_key(lines, line, column)
        case ("did not find expected '-' indicator", _):
            hint = "start it with `- `, or indent it to belong to the entry above"
            return "HB209", "this line stands in a list but does not start with `-`", hint, False
        case ("block sequence entries are not allowed in this context", _):
            return "HB209", "a list cannot start here", "start it on the next line, indented", False
        case _:
            what = problem or "unreadable"
            hint = "check the indentation and the quotes of this line and the one above"
            return "HB209", f"this is not valid YAML ({what})", hint, False


_ENTRY = re.compile(r"[{,]\s*(?P<key>[A-Za-z][\w.-]*):[ ]+")


def _text_in_braces(row: str, column: int) -> tuple[str, str, str | None, bool] | None:
    """An entry of `{…}` whose text has an apostrophe or a colon that YAML takes for its own."""
    entries = list(_ENTRY.finditer(row))
    entry = next((one for one in reversed(entries) if one.end() <= column), None)
    if entry is None or row[entry.end() : entry.end() + 1] in ("{", "["):
        return None
    stops = [one.start() for one in entries if one.start() > entry.start()]
    rest = row[entry.end() : stops[0] if stops else None]
    written = rest.partition("}")[0].rstrip(" ,") if not stops else rest.rstrip()
    mark = written[:1]
    if mark in ("'", '"') and written.count(mark) > 2:
        text = written[1:].removesuffix(mark)
        message = f"the text in quotes ends before this: there is another {mark} inside it"
        return "HB222", message, f"{entry['key']}: {quote(text)}", False
    if mark not in ("'", '"', "") and ": " in written:
        message = "inside {} an unquoted text ends at `: `"
        return "HB223", message, f"{entry['key']}: {quote_plainly(written)}", False
    return None


_ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_INDENT = re.compile(rf"[ ]*(?P<odd>[{_ODD_SPACES}])[ {_ODD_SPACES}]*(?:- |[A-Za-z_][\w.-]*:)")
_ODD_AFTER_COLON = re.compile(rf"\s*(?:- )?[A-Za-z_][\w.-]*:[ ]*(?P<odd>[{_ODD_SPACES}])")


def odd_indents(file: str, lines: Sequence[str]) -> tuple[Diagnostic, ...]:
    """Fields that are indented with spaces which YAML takes for letters: the cause of what else is
    wrong with the file."""
    found = []
    for number, row in enumerate(lines, 1):
        match = _ODD_INDENT.match(row)
        if match:
            place = SourceRange(file, number, match.start("odd") + 1, number, match.end("odd") + 1)
            message = f"this is no ordinary space, and cannot indent YAML ({name_of(match['odd'])})"
            hint = "delete it and press the space bar"
            found.append(Diagnostic("HB202", message, place, hint=hint, tenant=tenant_of(file)))
    return tuple(found[:MAX_SHOWN])


def _odd_space_after_colon(error: yaml.YAMLError, lines: Sequence[str]) -> str | None:
    mark = getattr(error, "context_mark", None)
    match = _ODD_AFTER_COLON.match(lines[mark.line]) if mark else None
    return match["odd"] if match else None


def _char_at(error: yaml.YAMLError, lines: Sequence[str]) -> str:
    """The character with which the construct begins that the error is about."""
    mark = getattr(error, "context_mark", None)
    return lines[mark.line][mark.column : mark.column + 1] if mark else "|"


def _quoted_block(lines: Sequence[str], line: int) -> str | None:
    match = _FIELD.match(lines[line]) if line < len(lines) else None
    return f"{match['head'].strip()} {quote(match['text'])}" if match else None


def _second_colon(
    lines: Sequence[str], line: int, column: int
) -> tuple[str, str, str | None, bool]:
    row = lines[line]
    if ": " in row[:column] or row[:column].count(":"):
        message = "unquoted text ends at `: `, so this line has two of them"
        return "HB223", message, quoted_line(lines, line), False
    above = lines[line - 1].strip() if line else ""
    hint = "indent it like the line above"
    message = "this line is indented further than the one above, which already has a value"
    return "HB209", message, hint if above else None, False


_BEFORE_TEXT = re.compile(r"[:,\[{-]\s*\Z")
_QUOTES_END = "the text in quotes ends here, and something follows it"


def _left_open(lines: Sequence[str], line: int, column: int) -> tuple[int, int] | None:
    """Where (0-based) the quoted text began that ends before `column`, if that is a line above: a
    closing quote was forgotten there, and the next text's opening one has taken its place."""
    before = lines[line][:column].rstrip()
    mark = before[-1]
    if _is_even(before, mark) or not _BEFORE_TEXT.search(before[:-1]):
        return None
    for above in range(line - 1, -1, -1):
        match = _FIELD.match(lines[above])
        if match and match["text"].startswith(mark) and not _is_even(match["text"], mark):
            return above, match.start("text")
    return None


def _quote_left_open(error: yaml.YAMLError, lines: Sequence[str], line: int) -> bool:
    """Whether the line of a `{` has a double quote that a line below closes, before `line` ends it."""
    mark = getattr(error, "context_mark", None)
    return mark is not None and mark.line < line and not _is_even(lines[mark.line], '"')


def _is_even(text: str, mark: str) -> bool:
    return re.sub(r"\\.", "", text).count(mark) % 2 == 0


def _closed_line(lines: Sequence[str], opened: tuple[int, int]) -> str:
    line, column = opened
    row = lines[line].strip()
    return f"{row}{lines[line][column]}"


def _expected_key(
    lines: Sequence[str], line: int, column: int
) -> tuple[str, str, str | None, bool]:
    before = lines[line][:column].rstrip() if line < len(lines) else ""
    if before.endswith(("}}", "}")) and "{{" in before:
        message = "a text that starts with {{ must stand in quotes"
        return "HB220", message, quoted_line(lines, line), False
    if before.endswith(("'", '"')):
        message = _QUOTES_END
        hint = 'write the other kind of quote around it, or "" and \\" inside'
        if before.endswith("'"):
            hint = "inside single quotes write '' for an apostrophe, or use double quotes around"
        return "HB222", message, hint, False
    hint = "line it up with the fields that it belongs to"
    return "HB209", "this line is indented differently from its neighbours", hint, False
