"""From jsonschema's errors to what an author needs: one finding for each mistake, at its place.

Nothing here knows a document kind: what to say about a value comes from its `x-kind` and the schema
around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from jsonschema.exceptions import ValidationError

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.schema.derive import derived, form_of
from handbill.schema.describe import (
    branches_of,
    describe,
    example_of,
    has_kind,
    homes_of,
    in_words,
    shown,
)
from handbill.schema.mistakes import Mistake, find_mistakes
from handbill.schema.quoting import key_of, read_as
from handbill.schema.scalars import ScalarError
from handbill.schema.walk import json_type
from handbill.source.located import Path, ScalarPosition
from handbill.source.plain import resolve_plain
from handbill.source.yaml_syntax import quote

Schema = dict[str, Any]
TEXT_KINDS = frozenset({"text", "template", "prose", "label", "constant"})


class Places(Protocol):
    """Where the parts of a value stand: a LocatedDocument, or a merged campaign."""

    def range_of(self, path: Path) -> SourceRange: ...

    def key_range_of(self, path: Path) -> SourceRange: ...

    def scalar_of(self, path: Path) -> ScalarPosition | None: ...


def explain_errors(
    errors: Iterable[ValidationError], root: Schema, places: Places
) -> tuple[Diagnostic, ...]:
    """One diagnostic for each mistake behind `errors`, in the order of the text."""
    found: dict[tuple[object, ...], Diagnostic] = {}
    for mistake in find_mistakes(errors, root):
        for diagnostic in _Explanation(mistake, root, places).diagnostics():
            found.setdefault((diagnostic.range, diagnostic.code, diagnostic.message), diagnostic)
    return _one_for_each_value(found.values())


def _one_for_each_value(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the order of the text; of several findings about how one value is written, the first."""
    written = {"HB304", "HB305", "HB306", "HB307", "HB309"}
    seen: set[SourceRange | None] = set()
    kept = []
    for one in found:
        if one.code in written and one.range in seen:
            continue
        if one.code in written:
            seen.add(one.range)
        kept.append(one)
    return tuple(sorted(kept, key=lambda one: (one.range is None, one.range, one.code)))


# ── one mistake ──────────────────────────────────────────────────────────────────────────────────


class _Explanation:
    """One error without alternatives, in words."""

    def __init__(self, mistake: Mistake, root: Schema, places: Places) -> None:
        self.mistake = mistake
        self.root = root
        self.places = places
        self.path = mistake.path
        self.key = key_of(self.path)
        self.instance = mistake.value
        self.limit = mistake.limit
        self.schema = mistake.schema

    def diagnostics(self) -> Iterator[Diagnostic]:
        if self.mistake.about_key:
            yield self._bad_key()
            return
        match self.mistake.keyword:
            case "additionalProperties":
                yield from self._unknown_fields()
            case "none-of" | "both-of":
                yield self._alternatives()
            case "required":
                yield from self._missing_fields()
            case "type" | "anyOf":
                yield self._wrong_type()
            case "enum" | "const":
                yield self._not_one_of()
            case "x-kind" | "pattern":
                yield self._malformed()
            case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
                yield self._out_of_bounds()
            case _:
                yield self._wrong_size()

    def _at_value(self, code: str, message: str, hint: str | None) -> Diagnostic:
        return Diagnostic(code, message, self.places.range_of(self.path), hint=hint)

    @property
    def _subject(self) -> str:
        """The value, as a sentence begins: "`priority`" or "entry 2 of `seeds`"."""
        if self.path and isinstance(self.path[-1], int):
            return f"entry {self.path[-1] + 1} of `{self.key}`"
        return f"`{self.key}`" if self.key else "this file"

    def _assign(self, value: str) -> str:
        is_entry = self.path and isinstance(self.path[-1], int)
        return f"{self.key}: {value}" if self.key and not is_entry else value

    # ── fields ───────────────────────────────────────────────────────────────────────────────────

    def _unknown_fields(self) -> Iterator[Diagnostic]:
        known = list(self.schema.get("properties", {}))
        for name in self.instance:
            if name in known:
                continue
            message = f"unknown field `{name}`" + (f" in `{self.key}`" if self.key else "")
            near = closest(str(name), known)
            hint = f"did you mean `{near}`?" if near else self._where_it_belongs(str(name), known)
            where = self.places.key_range_of((*self.path, name))
            yield Diagnostic("HB301", message, where, hint=hint)

    def _where_it_belongs(self, name: str, known: list[str]) -> str:
        homes = homes_of(self.root, name)
        if homes and not self.path:
            return f"it belongs below {in_words([f'`{home}`' for home in homes[:3]], 'or')}"
        return f"fields here: {in_words(known)}"

    def _missing_fields(self) -> Iterator[Diagnostic]:
        known = self.schema.get("properties", {})
        misspelt = {closest(str(name), known) for name in self.instance if name not in known}
        for name in self.limit:
            if name in self.instance or name in misspelt:
                continue
            inner = known.get(name, {})
            where = f"`{self.key}` needs" if self.key else "this file needs"
            message = f"{where} `{name}`: {describe(self.root, inner)}"
            hint = f"{name}: {example_of(self.root, inner)}"
            yield Diagnostic("HB302", message, self._head(), hint=hint)

    def _alternatives(self) -> Diagnostic:
        """A map that is none of what it may be, or several at once."""
        names = [f"`{name}`" for name in self.limit]
        examples = [
            example_of(self.root, branch)
            for branch in branches_of(self.root, {"anyOf": self.schema["anyOf"]})
            if branch.get("properties")
        ]
        if self.mistake.keyword == "both-of":
            message = f"{in_words(names)} cannot stand together in {self._subject}"
            second = max(self.places.key_range_of((*self.path, name)) for name in self.limit)
            return Diagnostic("HB308", message, second, hint="keep one of them")
        message = f"{self._subject} needs one of {in_words(names, 'and')}"
        return Diagnostic(
            "HB308", message, self._head(), hint=self._assign(in_words(examples, "or"))
        )

    def _head(self) -> SourceRange:
        """The key of the map that lacks something; the first line for a whole file."""
        if self.path:
            return self.places.key_range_of(self.path)
        whole = self.places.range_of(())
        return SourceRange(whole.file, whole.line, whole.column, whole.line, whole.column + 1)

    def _bad_key(self) -> Diagnostic:
        name = str(self.instance)
        where = self.places.key_range_of((*self.path, name))
        cause = self.mistake.cause
        rule = str(cause) if cause else "letters, digits and `_`"
        hint = f"{cause.hint}:" if isinstance(cause, ScalarError) else "rename it"
        inside = f"in `{self.key}`" if self.key else "here"
        message = f"`{name}` cannot be a name {inside}: {rule}"
        return Diagnostic("HB309", message, where, hint=hint)

    # ── values ───────────────────────────────────────────────────────────────────────────────────

    def _wrong_type(self) -> Diagnostic:
        instance = self.instance
        scalar = self.places.scalar_of(self.path)
        if scalar and has_kind(self.root, self.schema, TEXT_KINDS) and instance is not None:
            return self._number_for_text(scalar)
        expected = describe(self.root, self.schema)
        if instance is None:
            message = f"{self._subject} cannot be null here: there is nothing to take away"
            return self._at_value("HB303", message, "delete the line")
        if isinstance(instance, str) and self._quoted_number(instance):
            message = f"{self._subject} is a number, and in quotes it is text"
            return self._at_value("HB303", message, self._assign(instance))
        message = f"{self._subject} must be {expected}, and this is {shown(instance)}"
        better = derived(self.root, self.schema, self.key, instance)
        hint = self._assign(better or form_of(self.root, self.schema))
        return self._at_value("HB303", message, hint)

    def _quoted_number(self, text: str) -> bool:
        kind = json_type(resolve_plain(text)) if text else "string"
        wanted = {branch.get("type") for branch in branches_of(self.root, self.schema)}
        return kind in ("integer", "number") and (kind in wanted or "number" in wanted)

    def _number_for_text(self, scalar: ScalarPosition) -> Diagnostic:
        value = self.instance
        message = (
            f"unquoted, `{scalar.source}` is read as {read_as(value)}, and {self._subject} is text"
        )
        return self._at_value("HB219", message, self._assign(quote(scalar.source)))

    def _not_one_of(self) -> Diagnostic:
        values = [str(one) for one in self.schema.get("enum", [self.schema.get("const")])]
        written = str(self.instance)
        among = self.mistake.among or self.schema
        better = derived(self.root, among, self.key, self.instance)
        near = better or closest(written, values) or (values[0] if len(values) == 1 else None)
        message = f"{self._subject} is {describe(self.root, among)}, not `{written[:60]}`"
        return self._at_value("HB304", message, self._assign(near) if near else None)

    def _malformed(self) -> Diagnostic:
        cause = self.mistake.cause
        written = str(self.instance)[:60]
        if isinstance(cause, ScalarError):
            message = f"`{written}` is not {describe(self.root, self.schema)}: {cause}"
            return self._at_value("HB305", message, self._assign(cause.hint))
        message = f"`{written}` is not {describe(self.root, self.schema)}"
        return self._at_value("HB305", message, self._assign(example_of(self.root, self.schema)))

    def _out_of_bounds(self) -> Diagnostic:
        words = {
            "minimum": "at least",
            "maximum": "at most",
            "exclusiveMinimum": "more than",
            "exclusiveMaximum": "less than",
        }
        bound = self.limit
        bound = int(bound) if float(bound).is_integer() else bound
        limit = f"{words[str(self.mistake.keyword)]} {bound}"
        message = f"{self._subject} must be {limit}, and this is {self.instance}"
        near = str(bound) if self.mistake.keyword in ("minimum", "maximum") else None
        return self._at_value("HB306", message, self._assign(near) if near else None)

    def _wrong_size(self) -> Diagnostic:
        limit = self.limit
        size = len(self.instance) if hasattr(self.instance, "__len__") else 0
        match self.mistake.keyword:
            case "minLength" if size == 0:
                message, hint = f"{self._subject} is empty", "write a text, or delete the line"
            case "minItems" | "minProperties" if size == 0:
                message = f"{self._subject} is empty"
                hint = self._assign(example_of(self.root, self.schema))
            case "minItems" | "minProperties":
                message = f"{self._subject} needs at least {limit} entries, and has {size}"
                hint = "add one, or delete the field"
            case "maxLength":
                message = f"{self._subject} has {size} characters; the most is {limit}"
                hint = "shorten it"
            case _:
                message, hint = f"{self._subject} is not allowed like this", ""
        return self._at_value("HB307", message, hint or None)
