"""`handbill upgrade`: files as today's format says things, with their comments and their order kept.

Rewritten by ruamel.yaml, which keeps comments where keys stay where they are, and written as
`handbill fmt` writes; a file that would say anything else than the step asks for is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from handbill.authoring.formatting.document import format_file
from handbill.authoring.formatting.repository import FormattedFile, contracts_of
from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.schema.contracts import ChannelContract
from handbill.schema.deprecations import DEPRECATIONS, Deprecation
from handbill.schema.document_schema import document_schema
from handbill.source.layout import DocumentPlace, classify
from handbill.source.located import Value
from handbill.source.tree import SourceTree
from handbill.source.yaml import load_document


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`steps` that a file takes, and the file with them taken."""

    steps: tuple[Deprecation, ...]
    file: FormattedFile


def upgraded_files(tree: SourceTree) -> Iterator[Upgraded]:
    """Every file that says something as it is no longer said; those that cannot be read are left out."""
    contracts = contracts_of(tree)
    for path in tree.paths:
        place = classify(path)
        if place is None or all(step.kind is not place.kind for step in DEPRECATIONS):
            continue
        data = tree.read(path)
        document, _ = load_document(path, data)
        if document is None or not isinstance(document.value, dict):
            continue
        value = document.value
        steps = tuple(s for s in DEPRECATIONS if s.kind is place.kind and s.found(value))
        if steps:
            yield Upgraded(steps, _rewritten(path, data, value, place, steps, contracts))


def _rewritten(
    path: str,
    data: bytes,
    value: Mapping[str, Value],
    place: DocumentPlace,
    steps: tuple[Deprecation, ...],
    contracts: Mapping[str, ChannelContract],
) -> FormattedFile:
    reader = YAML()
    reader.preserve_quotes = True
    reader.width = 1_000_000
    document = reader.load(data.decode("utf-8"))
    wanted: dict[str, Any] = dict(value)
    for step in steps:
        for where, new in step.moved(wanted).items():
            wanted = _with(wanted, where, new)
            _set(document, where, new)
    out = StringIO()
    reader.dump(document, out)
    schema = document_schema(place.kind, contracts)
    text = format_file(path, out.getvalue().encode("utf-8"), place, schema, contracts).text
    again = load_document(path, text.encode("utf-8"))[0] if text is not None else None
    if text is None or again is None or again.value != wanted:
        return FormattedFile(path, data, None, (_left_alone(path, steps),))
    return FormattedFile(path, data, text.encode("utf-8"))


def _with(fields: Mapping[str, Any], where: tuple[str, ...], new: Value) -> dict[str, Any]:
    first, *rest = where
    return {**fields, first: _with(fields.get(first, {}), tuple(rest), new) if rest else new}


def _set(document: CommentedMap, where: tuple[str, ...], new: Value) -> None:
    """A field that is new comes first, below what is said about the file."""
    *above, name = where
    for step in above:
        document = document[step]
    if name in document:
        document[name] = new
    else:
        document.insert(0, name, new)


def _left_alone(path: str, steps: tuple[Deprecation, ...]) -> Diagnostic:
    names = ", ".join(step.name for step in steps)
    return Diagnostic(
        "HB762",
        f"this file cannot be rewritten by itself ({names})",
        SourceRange(path, 1, 1, 1, 1),
        hint="change it by hand; " + " ".join(step.explanation for step in steps),
    )
