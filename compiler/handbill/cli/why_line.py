"""From one line of a configuration to everything that it reaches: `handbill why FILE:LINE`.

What merges is followed exactly; what is only named (audiences, templates, customer fields) is followed
through the texts that name it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.located_json import JsonError, read_json
from handbill.language.vocabulary.records import Member, Record, Vocabulary, shape_of
from handbill.lower.readers import Reader
from handbill.lower.shared import read_shared
from handbill.resolve.model import ResolvedRepository, ResolvedTenant
from handbill.resolve.patterns import dotted
from handbill.resolve.reach import Line, Reached, paths_on, reach_of
from handbill.source.layout import DocumentKind, DocumentPlace, classify
from handbill.source.located import Path
from handbill.source.tree import SourceTree

if TYPE_CHECKING:
    from handbill.source.documents import Documents

FILE_LINE = re.compile(r"(?P<file>.+?):(?P<line>[1-9][0-9]{0,6})(?::[0-9]+)?\Z")
READS = "reads it"
ROLES = ("id", "timezone", "locale", "consent", "declined")
"""Names of a customer's fields that the runtime itself goes by."""
NOT_FOLLOWED = {
    DocumentKind.ENVIRONMENT: "an environment says where plans run; no plan reads it",
    DocumentKind.TEST: "tests are read by `handbill test`; no plan reads them",
    DocumentKind.PERSONA: "personas are read by tests and previews; no plan reads them",
    DocumentKind.SNAPSHOT: "snapshots are read by `handbill test`; no plan reads them",
    DocumentKind.ASSET: "a picture has no lines, and who shows it is not followed",
    DocumentKind.TABLE: "who reads which row of a table is not followed",
}


class NoSuchLine(Exception):
    """Why nothing can be said of a line, in words for whoever asked."""


@dataclass(frozen=True, slots=True)
class LineReport:
    """`what` are the values that stand on the line, as dotted paths; empty for a whole template.
    `note` says why nothing was looked for."""

    file: str
    line: int
    what: tuple[str, ...]
    reached: tuple[Reached, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is asked: every tenant, those with errors too."""

    tree: SourceTree
    documents: Documents
    repository: ResolvedRepository

    @property
    def tenants(self) -> Mapping[str, ResolvedTenant]:
        return {**self.repository.partial, **self.repository.tenants}

    def readers(self) -> Iterator[Reader]:
        channels = frozenset(self.repository.channels)
        for _, tenant in sorted(self.tenants.items()):
            for _, campaign in sorted(tenant.campaigns.items()):
                yield Reader(tenant, campaign, self.tree, channels)


def report_of(asked: Configuration, file: str, line: int) -> LineReport:
    """What the line reaches. Raises NoSuchLine."""
    place = classify(file)
    if place is None or file not in asked.tree.paths:
        near = closest(file, asked.tree.paths)
        end = f"; did you mean {near}?" if near else ""
        raise NoSuchLine(f"no configuration is read from {file}{end}")
    if place.kind in NOT_FOLLOWED:
        return LineReport(file, line, (), (), NOT_FOLLOWED[place.kind])
    count = asked.tree.read(file).count(b"\n") + 1
    if line > count:
        raise NoSuchLine(f"{file} has {count} lines")
    match place.kind:
        case DocumentKind.TEMPLATE:
            return LineReport(file, line, (), tuple(_of_template(asked, file)))
        case DocumentKind.VOCABULARY:
            name, reached = _of_vocabulary(asked, file, line)
            return LineReport(file, line, (name,), reached)
        case _:
            return _of_document(asked, place, file, line)


def _of_document(asked: Configuration, place: DocumentPlace, file: str, line: int) -> LineReport:
    document = asked.documents.documents.get(file)
    if document is None:
        raise NoSuchLine(f"{file} has mistakes; see handbill check {file}")
    paths = paths_on(document, line)
    if not paths:
        raise NoSuchLine(f"no value stands on line {line} of {file}; name the line of one")
    here = Line(file, paths)
    reached = [*reach_of(here, asked.tenants), *_readers_of(asked, place, paths)]
    return LineReport(file, line, tuple(map(dotted, paths)), _each_once(reached))


def _each_once(reached: Iterable[Reached]) -> tuple[Reached, ...]:
    return tuple(dict.fromkeys(reached))


def _readers_of(
    asked: Configuration,
    place: DocumentPlace,
    paths: Sequence[Path],
) -> Iterator[Reached]:
    """Campaigns that name what the line says, where merging does not show it."""
    match place.kind:
        case DocumentKind.AUDIENCE:
            for each in asked.readers():
                found = each.campaign.audiences.get(place.name)
                mine = found is not None and found.root == place.root
                if mine and f"audiences.{place.name}" in each.names:
                    yield _reading(each, f"audiences.{place.name}", "audience")
        case DocumentKind.CHANNEL | DocumentKind.VENDOR:
            for each in asked.readers():
                if place.channel in each.campaign.rules:
                    yield _reading(each, f"message.{place.channel}", "channel")
        case DocumentKind.BLUEPRINT:
            unmerged = dict.fromkeys(
                path[:2] for path in paths if path and path[0] in ("open", "lock", "params")
            )
            for each in asked.readers():
                if each.campaign.blueprint == place.name:
                    for path in unmerged:
                        yield _reading(each, dotted(path), "blueprint")
        case _:
            yield from _named(asked, place, paths)


def _named(asked: Configuration, place: DocumentPlace, paths: Sequence[Path]) -> Iterator[Reached]:
    layer = place.kind.value
    for each in asked.readers():
        if place.tenant not in (None, each.tenant.name) or place.group not in (
            None,
            each.tenant.group,
        ):
            continue
        for path in paths:
            category = each.campaign.effective.category
            is_mine = path[0] == "categories" and (len(path) == 1 or path[1] == category)
            name = dotted(path if path[0] in ("brand", "customer") else ("tenant", *path))
            if is_mine or any(read == name or read.startswith(f"{name}.") for read in each.names):
                yield _reading(each, dotted(path), layer)


def _of_template(asked: Configuration, file: str) -> Iterator[Reached]:
    for each in asked.readers():
        if file in each.templates:
            yield _reading(each, "template", "template")


def _reading(reader: Reader, field: str, layer: str) -> Reached:
    tenant, campaign = reader.tenant.name, reader.campaign.name
    return Reached(tenant, campaign, field, "campaign", layer, READS)


# ── the vocabulary ───────────────────────────────────────────────────────────────────────────────


def _of_vocabulary(asked: Configuration, file: str, line: int) -> tuple[str, tuple[Reached, ...]]:
    try:
        document = read_json(file, asked.tree.read(file))
    except JsonError as error:
        raise NoSuchLine(f"{file} has mistakes; see handbill check {file}") from error
    declared = {
        place.line: str(path[1])
        for path, place in document.keys.items()
        if path[:1] == ("properties",) and len(path) == 2 and place.line <= line
    }
    if not declared:
        raise NoSuchLine(f"no field is declared on line {line} of {file}; name the line of one")
    at = max(declared)
    shared, _ = read_shared(asked.repository, asked.tree)
    reached: list[Reached] = []
    is_customers = (classify(file) or DocumentPlace(DocumentKind.VOCABULARY, "")).name == "customer"
    for reader in asked.readers():
        if is_customers and declared[at] in _roles(reader.tenant):
            reached.append(_reading(reader, f"customer.{declared[at]}", "role"))
        vocabulary, _ = shared.vocabulary_of(reader.tenant.name)
        for read in sorted(reader.names):
            members = _members(vocabulary, read, declared[at])
            if any(
                each.range and (each.range.file, each.range.line) == (file, at) for each in members
            ):
                reached.append(_reading(reader, read, "vocabulary"))
    return declared[at], tuple(reached)


def _roles(tenant: ResolvedTenant) -> frozenset[str]:
    """Fields that every campaign reads, whatever it says: who, when, in which language, whether and where
    to somebody may be written."""
    customers = (tenant.document.data or {}).get("customers")
    addresses = customers.address or {} if customers is not None else {}
    return frozenset({*ROLES, *addresses.values()})


def _members(vocabulary: Vocabulary, read: str, name: str) -> Iterator[Member]:
    """The members on the way of a dotted name; of a relation's rows the one that is asked about."""
    first, *rest = read.split(".")
    record: Record | None = vocabulary.customer if first == "customer" else None
    for step in rest:
        member = record.fields.get(step) if record else None
        if member is None:
            return
        yield member
        shape = shape_of(member, vocabulary.datasets)
        record = shape.record if shape else None
        if member.relation is not None and record is not None and name in record.fields:
            yield record.fields[name]
