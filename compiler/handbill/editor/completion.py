"""What fits where the cursor stands: fields, values, names of other documents, words of expressions.

Every proposal says what it replaces, so that an editor's own idea of a word does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from handbill.editor.aim import name_kind, phrase_at
from handbill.editor.cursor import Cursor, cursor_at
from handbill.editor.fitting import description_at, keys_at, nodes_at, values_at
from handbill.editor.hover import signature_text
from handbill.editor.phrase import Phrase, Wants, phrase_in_text
from handbill.editor.surroundings import MESSAGE, OFFER, Surroundings
from handbill.language.filters.signature import Signature
from handbill.language.filters.table import FILTERS, TESTS
from handbill.language.scope import ConstantRoot, RecordRoot
from handbill.language.vocabulary.words import describe as describe_type
from handbill.lower.templates import root_of
from handbill.schema.describe import branches_of, describe
from handbill.source.layout import PLATFORM_FILE, DocumentKind
from handbill.source.located import LocatedDocument, Path, Value

Sort: TypeAlias = Literal["field", "value", "reference", "file", "filter", "member", "name"]
STATEMENTS = ("if", "for", "set", "include", "block", "extends", "else", "elif", "endif", "endfor")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`text` takes the place of the last `replaces` characters before the cursor."""

    label: str
    sort: Sort
    text: str
    replaces: int
    detail: str = ""
    about: str = ""


def complete(text: str, offset: int, around: Surroundings) -> tuple[Proposal, ...]:
    """What fits at `offset` of a file's text."""
    if around.place is None:
        return ()
    if around.place.kind is DocumentKind.TEMPLATE:
        phrase = phrase_in_text(text[:offset])
        return tuple(_of_phrase(phrase, around, True)) if phrase else ()
    if around.schema is None:
        return ()
    cursor = cursor_at(text, offset)
    if cursor.is_key:
        return tuple(_keys(cursor, text, around))
    phrase = phrase_at(around, cursor)
    if phrase is None:
        return tuple(_values(cursor, text, around))
    in_hole = "{" in cursor.before
    words = _of_phrase(phrase, around, in_hole)
    if cursor.path[-1:] == ("audience",) and phrase.wants is Wants.NAME:
        return (_plain("everyone", "value", phrase.word), *words)
    return tuple(words)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────


def _keys(cursor: Cursor, text: str, around: Surroundings) -> Iterator[Proposal]:
    assert around.schema is not None
    word = cursor.before
    if cursor.path and isinstance(cursor.path[-1], int):
        yield from _values(cursor, text, around)
    if cursor.path == ("with",):
        yield from _parameters(text, around, word)
        return
    for key, node in keys_at(around.schema, cursor.path).items():
        about = description_at(around.schema, (*cursor.path, key))
        yield Proposal(
            key, "field", _begun(around.schema, key, node, cursor), len(word),
            describe(around.schema, node), about,
        )  # fmt: skip


def _begun(schema: Any, key: str, node: Any, cursor: Cursor) -> str:
    """A map goes on in the next line, anything else behind the colon."""
    branches = branches_of(schema, node)
    is_map = all(each.get("type") == "object" or "properties" in each for each in branches)
    if not is_map or cursor.in_braces:
        return f"{key}: "
    return f"{key}:\n{'  ' * (sum(isinstance(step, str) for step in cursor.path) + 1)}"


def _parameters(text: str, around: Surroundings, word: str) -> Iterator[Proposal]:
    found = around.blueprint_named_by(_uses(text, around))
    declared = _value(found.document if found else None, ("params",))
    for name, schema in declared.items() if isinstance(declared, dict) else ():
        about = schema.get("description") if isinstance(schema, dict) else None
        kind = schema.get("type") if isinstance(schema, dict) else None
        yield Proposal(name, "field", f"{name}: ", len(word), str(kind or ""), str(about or ""))


def _uses(text: str, around: Surroundings) -> str | None:
    """What the text itself says, since the last look may not have parsed it."""
    for line in text.split("\n"):
        if line.startswith("uses:"):
            return line.removeprefix("uses:").partition("#")[0].strip().strip("\"'")
    return around.campaign.blueprint if around.campaign else None


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _values(cursor: Cursor, text: str, around: Surroundings) -> Iterator[Proposal]:
    assert around.schema is not None
    word = cursor.before
    if kind := name_kind(cursor.path):
        names = _templates(around) if kind is DocumentKind.TEMPLATE else _names(kind, text, around)
        sort: Sort = "file" if kind is DocumentKind.TEMPLATE else "reference"
        yield from (_plain(name, sort, word) for name in names)
    yield from (_plain(each, "value", word) for each in values_at(around.schema, cursor.path))
    if cursor.path[-2:-1] in (("open",), ("lock",)):
        campaign = keys_at(around.schema, ())
        yield from (_plain(each, "value", word) for each in campaign)
    if not nodes_at(around.schema, cursor.path):
        return


def _names(kind: DocumentKind, text: str, around: Surroundings) -> Iterable[str]:
    if kind is DocumentKind.PLATFORM:
        categories = _value(around.documents.get(PLATFORM_FILE), ("categories",))
        return categories if isinstance(categories, dict) else ()
    return sorted(around.named(kind, _uses(text, around)))


def _templates(around: Surroundings) -> Iterable[str]:
    library = around.templates
    return sorted(library.names_in(root_of(around.path))) if library else ()


def _value(document: LocatedDocument | None, path: Path) -> Value:
    value = document.value if document else None
    for step in path:
        value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def _plain(name: str, sort: Sort, word: str) -> Proposal:
    return Proposal(name, sort, name, len(word))


# ── expressions ──────────────────────────────────────────────────────────────────────────────────


def _of_phrase(phrase: Phrase, around: Surroundings, in_message: bool) -> Iterator[Proposal]:
    match phrase.wants:
        case Wants.FILTER:
            yield from _signatures(FILTERS, phrase.word, in_message)
        case Wants.TEST:
            yield from _signatures(TESTS, phrase.word, in_message)
        case Wants.FILE:
            yield from (_plain(each, "file", phrase.word) for each in _templates(around))
        case Wants.STATEMENT:
            yield from (_plain(each, "name", phrase.word) for each in STATEMENTS)
        case Wants.NAME:
            yield from _roots(phrase.word, around, in_message)
        case Wants.MEMBER:
            yield from _members(phrase, around)


def _signatures(table: Mapping[str, Signature], word: str, in_message: bool) -> Iterator[Proposal]:
    for name, each in sorted(table.items()):
        if in_message or not each.templates_only:
            brackets = f"{name}()" if each.fewest else name
            yield Proposal(name, "filter", brackets, len(word), each.usage, signature_text(each))


def _roots(word: str, around: Surroundings, in_message: bool) -> Iterator[Proposal]:
    scope = around.scope
    names = dict.fromkeys(scope.roots if scope else ("customer",), "")
    if scope and scope.audiences and not in_message:
        names["audiences"] = ""
    names["params"] = "what the campaign's `with` gives"
    if in_message:
        names |= {**MESSAGE, "offer": "the offer of this message"}
    for name, about in sorted(names.items()):
        yield Proposal(name, "name", name, len(word), about=about)


def _members(phrase: Phrase, around: Surroundings) -> Iterator[Proposal]:
    word = phrase.word
    if record := around.record(phrase.owner):
        for name, member in record.fields.items():
            yield Proposal(name, "member", name, len(word), describe_type(member.type))
    scope, campaign = around.scope, around.campaign
    root = scope.roots.get(phrase.owner[0]) if scope else None
    match phrase.owner:
        case ("customer",) if isinstance(root, RecordRoot):
            yield from (_plain(name, "member", word) for name in root.computed)
        case ("audiences",) if scope:
            yield from (_plain(name, "reference", word) for name in scope.audiences)
        case ("params",) if campaign:
            yield from (_plain(name, "member", word) for name in campaign.params)
        case ("offer",):
            for name, about in OFFER.items():
                yield Proposal(name, "member", name, len(word), about=about)
        case _ if isinstance(root, ConstantRoot):
            yield from (_plain(name, "member", word) for name in _constants(root, phrase.owner))


def _constants(root: ConstantRoot, owner: tuple[str, ...]) -> Iterable[str]:
    value = root.values
    for name in owner[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return [str(name) for name in value] if isinstance(value, Mapping) else ()
