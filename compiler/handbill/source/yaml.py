"""Strict YAML: one file's bytes → values with positions, without any of YAML's traps.

Built on libyaml's parser events (only they show anchors and styles); no node graph is made. What is
refused, and why, is in docs/diagnostics/HB2-yaml.md. No exception of the YAML library escapes.
Which unquoted scalars are *text* is the schema's knowledge: those rules are in schema/quoting.py.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml._yaml import CParser

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.source import characters
from handbill.source.layout import tenant_of
from handbill.source.located import LocatedDocument, Path, ScalarPosition, Value
from handbill.source.plain import OUT_OF_RANGE, resolve_plain
from handbill.source.scalar_position import locate_scalar
from handbill.source.yaml_syntax import (
    commented_out,
    explain_syntax,
    odd_indents,
    quote_plainly,
    quoted_line,
)

MAX_DEPTH = 40
MAX_NODES = 5_000
MAX_SHOWN = 20
_ENDS_UNOPENED = re.compile(r'^[^"]*[^\W\d][!?.…)]*"\Z')
"""One double quote, at the end, behind a letter: `12"` is a size."""
_AMBIGUOUS_KEY = re.compile(r"(?:on|off|yes|no|y|n|true|false|null|~)\Z", re.IGNORECASE)


def load_document(file: str, data: bytes) -> tuple[LocatedDocument | None, tuple[Diagnostic, ...]]:
    """The document in `data`, or None with at least one error. `file` is only used in positions.

    Never raises, whatever the bytes.
    """
    text, refused = characters.decode(file, data)
    if text is None:
        return None, refused
    loader = _Loader(file, text)
    try:
        value = loader.load()
    except _Stop:
        value = None
    except yaml.YAMLError as error:
        loader.problems.append(explain_syntax(file, loader.lines, error))
    except (ValueError, KeyError, IndexError, AttributeError, RecursionError, OverflowError):
        loader.problems.append(_unreadable(file))
    odd = odd_indents(file, loader.lines) if loader.problems else ()
    if odd:
        return None, odd
    if loader.problems:
        return None, tuple(loader.problems[:MAX_SHOWN])
    return LocatedDocument(file, value, loader.ranges, loader.key_ranges, loader.scalars), ()


def _unreadable(file: str) -> Diagnostic:
    place = SourceRange(file, 1, 1, 1, 1)
    return Diagnostic("HB209", "this file cannot be read as YAML", place, tenant=tenant_of(file))


class _Stop(Exception):
    """Reading on makes no sense; the reason is in `problems`."""


@dataclass(slots=True)
class _Loader:
    file: str
    text: str
    lines: list[str] = field(init=False)
    problems: list[Diagnostic] = field(default_factory=list)
    ranges: dict[Path, SourceRange] = field(default_factory=dict)
    key_ranges: dict[Path, SourceRange] = field(default_factory=dict)
    scalars: dict[Path, ScalarPosition] = field(default_factory=dict)
    nodes: int = 0
    _events: Any = field(init=False)

    def __post_init__(self) -> None:
        self.lines = [line.removesuffix("\r") for line in self.text.split("\n")]
        self._events = CParser(self.text)

    # ── documents ────────────────────────────────────────────────────────────────────────────────

    def load(self) -> Value:
        self._next()
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            self._stop(
                "HB207", "this file is empty", self._whole(), "write its fields, or delete it"
            )
        self._refuse_directives(start)
        value = self._node(self._next(), (), in_flow=False)
        self._next()
        more = self._next()
        if not isinstance(more, yaml.StreamEndEvent):
            message = "a second document starts here; Handbill reads one per file"
            self._stop("HB208", message, self._range(more), "put it into a file of its own")
        return value

    def _refuse_directives(self, start: Any) -> None:
        if start.version or start.tags:
            message = "YAML directives (lines that start with %) are not used here"
            self._problem("HB213", message, self._range(start), "delete the line")

    # ── nodes ────────────────────────────────────────────────────────────────────────────────────

    def _node(self, event: Any, path: Path, *, in_flow: bool) -> Value:
        self._count(event, path)
        self._refuse_marks(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, in_flow)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, path)
        self.ranges[path] = self._range(event)
        return None

    def _count(self, event: Any, path: Path) -> None:
        self.nodes += 1
        if len(path) > MAX_DEPTH:
            message = f"this is nested more than {MAX_DEPTH} levels deep"
            self._stop(
                "HB205", message, self._range(event), "look for brackets that are not closed"
            )
        if self.nodes > MAX_NODES:
            message = f"this file holds more than {MAX_NODES:,} values"
            self._stop("HB206", message, self._range(event), "split it into smaller files")

    def _refuse_marks(self, event: Any) -> None:
        if event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"`{sign}{event.anchor}` is a YAML reference, and those are not used here"
            hint = self._quote_hint(event, "write the value out")
            self._problem("HB211", message, self._range(event), hint)
        elif event.tag is not None:
            message = "a word that starts with `!` is a YAML type tag, and those are not used here"
            hint = self._quote_hint(event, "delete the tag")
            self._problem("HB213", message, self._range(event), hint)

    def _mapping(self, event: Any, path: Path) -> Value:
        if event.flow_style and self.text.startswith("{{", event.start_mark.index):
            self._refuse_bare_hole(event)
        in_flow = bool(event.flow_style)
        value: dict[str, Value] = {}
        before: Any = None
        while not isinstance(child := self._next(), yaml.MappingEndEvent):
            key = self._key(child, path, value)
            content = self._next()
            if _is_blank(content) and in_flow and before:
                self._refuse_cut_text(before, child, (*path, key), value)
                continue
            value[key] = self._entry(content, (*path, key), child, in_flow)
            before = child if _is_plain(content) else None
        self._close(event, child, path)
        return value

    def _sequence(self, event: Any, path: Path) -> Value:
        value: list[Value] = []
        while not isinstance(child := self._next(), yaml.SequenceEndEvent):
            item = (*path, len(value))
            value.append(self._entry(child, item, None, bool(event.flow_style)))
        self._close(event, child, path)
        return value

    def _close(self, start: Any, end: Any, path: Path) -> None:
        """Records a collection's range: to its bracket, or to the end of its last entry."""
        first = self._range(start)
        stop = (end.end_mark.line + 1, end.end_mark.column + 1)
        if not start.flow_style:
            depth = len(path) + 1
            last = next((r for p, r in reversed(self.ranges.items()) if len(p) == depth), first)
            stop = (last.end_line, last.end_column)
        self.ranges[path] = SourceRange(self.file, first.line, first.column, *stop)

    def _entry(self, event: Any, path: Path, key: Any, in_flow: bool) -> Value:
        if _is_blank(event):
            self._count(event, path)
            self._refuse_blank(event, key, in_flow)
            self.ranges[path] = self._range(event)
            return None
        return self._node(event, path, in_flow=in_flow)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────────

    def _key(self, event: Any, path: Path, siblings: dict[str, Value]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse_bare_hole(event)
            self._stop("HB217", "a key must be a word", self._range(event), "write NAME: VALUE")
        place = self._range(event)
        self._refuse_marks(event)
        name = event.value
        if _is_blank(event) or not name.strip():
            self._stop("HB217", "there is no word before this `:`", place, "write NAME: VALUE")
        if event.style == "" and name == "<<":
            message = "`<<` merges another block, and Handbill has no such merges"
            self._problem("HB212", message, place, "write the fields out, or use a blueprint")
        elif event.style == "" and _AMBIGUOUS_KEY.match(name):
            message = f"`{name}` as a key means something else to many YAML programs"
            self._problem("HB217", message, place, f'"{name}":')
        if name[0].isspace():
            message = f"this name starts with a space that YAML takes for a letter ({characters.name_of(name[0])})"
            self._problem("HB202", message, place, "delete it and press the space bar")
        self._refuse_unwanted(name, place)
        self._refuse_duplicate(name, path, siblings, place)
        self.key_ranges.setdefault((*path, name), place)
        return str(name)

    def _refuse_duplicate(
        self, name: str, path: Path, siblings: dict[str, Value], place: SourceRange
    ) -> None:
        normal = unicodedata.normalize("NFC", name)
        for other in (name, normal) if normal in siblings or name in siblings else ():
            first = self.key_ranges.get((*path, other))
            if first:
                related = (Related("it is first written here", first),)
                message = f"`{name}` is written twice, and only one of them can count"
                self._problem("HB210", message, place, "delete one of the two", related)
                return

    # ── scalars ──────────────────────────────────────────────────────────────────────────────────

    def _scalar(self, event: Any, path: Path, in_flow: bool) -> Value:
        scalar = locate_scalar(self.file, self.text, self.lines, event, in_flow=in_flow)
        place = scalar.range
        self.ranges[path] = place
        self.scalars[path] = scalar
        self._refuse_unwanted(event.value, place)
        if event.style != "":
            return str(event.value)
        if event.value.endswith('"') and _ENDS_UNOPENED.search(event.value):
            message = "this text ends with a quote that nothing opens"
            hint = f'if the quotes hold the text: "{event.value}'
            self._problem("HB222", message, place, hint)
        value = resolve_plain(event.value)
        if value is OUT_OF_RANGE:
            message = f"`{event.value[:40]}` is not a number that Handbill takes"
            self._problem("HB218", message, place, f'if it is text: "{event.value[:40]}"')
            return None
        return value  # type: ignore[return-value]

    # ── refusals ─────────────────────────────────────────────────────────────────────────────────

    def _refuse_unwanted(self, value: str, place: SourceRange) -> None:
        if char := characters.unwanted_in_value(value):
            message = f"this holds a character that no text may hold ({characters.name_of(char)})"
            self._problem("HB202", message, place, "delete it")

    def _refuse_bare_hole(self, event: Any) -> None:
        if self.text.startswith("{{", event.start_mark.index) or self.text.startswith(
            "{{", max(0, event.start_mark.index - 1)
        ):
            message = "a text that starts with {{ must stand in quotes"
            place = self._range(event)
            self._stop("HB220", message, place, quoted_line(self.lines, event.start_mark.line))

    def _refuse_blank(self, event: Any, key: Any, in_flow: bool) -> None:
        place = self._range(key) if key is not None else self._range(event)
        name = key.value if key is not None else None
        if name and in_flow and self.text[key.end_mark.index : key.end_mark.index + 1] != ":":
            message = f"`{name}` has no value: inside {{}} an unquoted text ends at the first comma"
            hint = (
                quoted_line(self.lines, event.start_mark.line)
                or f'put the text in quotes: "… {name}"'
            )
        elif name:
            message = f"`{name}` has no value"
            hint = f'write a value, delete the line, or say what you mean: {name}: null, {name}: ""'
            hint = commented_out(self.lines, key.start_mark.line, name) or hint
        else:
            message = "this entry has no value"
            hint = "write a value or delete the line"
        self._problem("HB216", message, place, hint)

    def _refuse_cut_text(
        self, before: Any, event: Any, path: Path, siblings: dict[str, Value]
    ) -> None:
        """`{subject: Apples, pears}`: the comma has made a field of `pears`."""
        self._count(event, path)
        message = (
            f"`{event.value}` has no value: inside {{}} an unquoted text ends at the first comma"
        )
        text = f"{siblings[before.value]}, {event.value}"
        hint = f"{before.value}: {quote_plainly(text)}"
        self._problem("HB216", message, self._range(event), hint)

    def _quote_hint(self, event: Any, otherwise: str) -> str:
        quoted = quoted_line(self.lines, event.start_mark.line)
        return f"if it is text: {quoted}" if quoted else otherwise

    def _problem(
        self,
        code: str,
        message: str,
        place: SourceRange,
        hint: str | None,
        related: tuple[Related, ...] = (),
    ) -> None:
        self.problems.append(
            Diagnostic(
                code, message, place, hint=hint, related=related, tenant=tenant_of(self.file)
            )
        )

    def _stop(self, code: str, message: str, place: SourceRange, hint: str | None) -> NoReturn:
        self._problem(code, message, place, hint)
        raise _Stop

    # ── positions ────────────────────────────────────────────────────────────────────────────────

    def _next(self) -> Any:
        return self._events.get_event()

    def _range(self, event: Any) -> SourceRange:
        start, end = event.start_mark, event.end_mark
        return SourceRange(
            self.file, start.line + 1, start.column + 1, end.line + 1, end.column + 1
        )

    def _whole(self) -> SourceRange:
        return SourceRange(self.file, 1, 1, 1, 1)


def _is_plain(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.style == ""


def _is_blank(event: Any) -> bool:
    return (
        isinstance(event, yaml.ScalarEvent)
        and event.style == ""
        and event.value == ""
        and event.tag is None
        and event.anchor is None
    )
