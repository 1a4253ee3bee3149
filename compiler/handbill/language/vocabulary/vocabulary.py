"""The declared fields that expressions may use: the customer, the datasets and the events, typed.

Declared in JSON Schema files of the configuration repository: `schemas/customer.schema.json`,
`schemas/data/NAME.schema.json` and `schemas/events/NAME.schema.json`. A tenant adds its own below its
folder, and may not contradict: a field keeps its type everywhere. A field is optional unless its
schema requires it. Relations are typed last, once every dataset's columns are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.links import check_links
from handbill.language.vocabulary.located_json import JsonError, LocatedJson, Path, read_json
from handbill.language.vocabulary.members import read_member
from handbill.language.vocabulary.records import Member, Record, Relation, Vocabulary, linked
from handbill.language.vocabulary.schema_types import SchemaError
from handbill.language.vocabulary.words import FIELD_NAME, describe
from handbill.plan.types import EnumType, ListType, StringType, Type

__all__ = ["Member", "Record", "Relation", "Vocabulary", "extend_vocabulary", "read_vocabulary"]

CUSTOMER = "customer"
MAX_FIELDS = 1_000
_PLACE = re.compile(
    r"(?:^|/)schemas/(customer|data/[a-z][a-z0-9_-]*|events/[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*)"
    r"\.schema\.json\Z"
)
_TENANT = re.compile(r"^tenants/([^/]+)/")
_DOCUMENT = frozenset(
    [
        "$schema",
        "$id",
        "$comment",
        "title",
        "description",
        "type",
        "properties",
        "required",
        "additionalProperties",
    ]
)


EMPTY = Vocabulary(Record({}))


def read_vocabulary(schemas: Mapping[str, bytes]) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    """The vocabulary of the platform from its files, by path."""
    if not any(_record_name(path) == CUSTOMER for path in schemas):
        missing = Diagnostic(
            "HB520",
            "the vocabulary of the customer is missing",
            hint="add schemas/customer.schema.json with the fields that campaigns may use",
        )
        return Vocabulary(Record({}, complete=False)), (missing,)
    return extend_vocabulary(EMPTY, schemas)


def extend_vocabulary(
    vocabulary: Vocabulary, schemas: Mapping[str, bytes]
) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
    """The vocabulary with what further files add, as for one tenant.

    A field that exists may be declared again, with the same type; it may become required.
    """
    found: list[Diagnostic] = []
    records = _records(vocabulary)
    for path in sorted(schemas):
        name = _record_name(path)
        if name is None:
            found.append(_unknown_place(path))
            continue
        reading = _Reading(path, name, records.get(name, Record({})), found)
        records[name] = reading.read(schemas[path])
    extended = _vocabulary(records)
    for each in (*check_links(extended), *_check_roles(extended.customer)):
        # What earlier files got wrong was said when they were read.
        if each.range is None or each.range.file in schemas:
            found.append(each)
    tenants = {match.group(1) for path in schemas if (match := _TENANT.match(path))}
    owner = tenants.pop() if len(tenants) == 1 else None
    return extended, tuple(replace(each, tenant=owner) for each in found)


def _records(vocabulary: Vocabulary) -> dict[str, Record]:
    """Every record by the name of its file: `customer`, `data/stores`, `events/order.placed`."""
    records = {CUSTOMER: vocabulary.customer}
    records |= {f"data/{name}": record for name, record in vocabulary.datasets.items()}
    return records | {f"events/{name}": record for name, record in vocabulary.events.items()}


def _vocabulary(records: Mapping[str, Record]) -> Vocabulary:
    datasets = _below("data/", records)
    return Vocabulary(linked(records[CUSTOMER], datasets), datasets, _below("events/", records))


def _below(folder: str, records: Mapping[str, Record]) -> dict[str, Record]:
    return {
        name.removeprefix(folder): record
        for name, record in records.items()
        if name.startswith(folder)
    }


def _record_name(path: str) -> str | None:
    match = _PLACE.search(path)
    return match.group(1) if match else None


def _unknown_place(path: str) -> Diagnostic:
    return Diagnostic(
        "HB520",
        "this schema stands where none is read",
        SourceRange(path, 1, 1, 1, 1),
        hint="schemas/customer.schema.json, schemas/data/NAME.schema.json or "
        "schemas/events/NAME.schema.json",
    )


class _Reading:
    """One file, laid over the record that it extends."""

    def __init__(self, path: str, name: str, known: Record, found: list[Diagnostic]) -> None:
        self.path, self.name, self.known, self.found = path, name, known, found

    def read(self, data: bytes) -> Record:
        try:
            document = read_json(self.path, data)
        except JsonError as error:
            self.found.append(Diagnostic("HB520", error.message, error.range, hint=error.hint))
            return replace(self.known, complete=False)
        value = document.value
        if not isinstance(value, dict):
            self.error(document, (), "HB520", "a schema is an object")
            return replace(self.known, complete=False)
        self.check_keys(document, value)
        properties = value.get("properties", {})
        if not isinstance(properties, dict) or len(properties) > MAX_FIELDS:
            message = f"`properties` is an object of at most {MAX_FIELDS} fields"
            self.error(document, ("properties",), "HB520", message)
            return replace(self.known, complete=False)
        required = self.required(document, value, properties)
        fields, complete = dict(self.known.fields), self.known.complete
        for name in properties:
            member = self.member(document, name, name in required)
            complete = complete and member is not None
            if member is not None:
                fields[name] = member
        return Record(fields, complete)

    def error(
        self,
        document: LocatedJson,
        path: Path,
        code: str,
        message: str,
        hint: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        self.found.append(
            Diagnostic(code, message, document.range_of(path), hint=hint, related=related)
        )

    def check_keys(self, document: LocatedJson, value: Mapping[str, object]) -> None:
        for key in value:
            if key not in _DOCUMENT:
                near = closest(key, _DOCUMENT)
                hint = f"did you mean `{near}`?" if near else "remove it: nothing would check it"
                self.error(document, (key,), "HB521", f"`{key}` is not read here", hint)
        if value.get("type", "object") != "object":
            self.error(document, ("type",), "HB521", "a record is an object", '"type": "object"')

    def required(
        self, document: LocatedJson, value: Mapping[str, object], properties: Mapping[str, object]
    ) -> frozenset[str]:
        names = value.get("required", [])
        if not isinstance(names, list):
            self.error(document, ("required",), "HB520", "`required` is a list of field names")
            return frozenset()
        for place, name in enumerate(names):
            if not isinstance(name, str) or name not in properties:
                near = closest(str(name), properties)
                hint = f"did you mean `{near}`?" if near else f"declare `{name}` in `properties`"
                message = f"`{name}` is required, and not declared"
                self.error(document, ("required", place), "HB520", message, hint)
        return frozenset(name for name in names if isinstance(name, str))

    def member(self, document: LocatedJson, name: str, required: bool) -> Member | None:
        path: Path = ("properties", name)
        if not FIELD_NAME.match(name):
            hint = re.sub(r"[^A-Za-z0-9_]", "_", name).strip("_") or None
            message = f"no expression can name the field `{name}`: letters, digits and _ only"
            self.error(document, path, "HB520", message, hint)
            return None
        try:
            member = read_member(document, path, required)
            if member.relation is not None and self.name != CUSTOMER:
                raise SchemaError("a relation is a field of the customer alone", "x-relation")
        except SchemaError as error:
            at = error.path or path
            place = (*at, error.key) if error.key else at
            self.error(document, place, "HB521", f"`{name}`: {error.message}", error.hint)
            return None
        return self.agreed(document, name, member)

    def agreed(self, document: LocatedJson, name: str, member: Member) -> Member | None:
        """The member, if an earlier declaration says the same of it."""
        earlier = self.known.fields.get(name)
        if earlier is None:
            return member
        if _says_the_same(earlier, member):
            return replace(earlier, required=earlier.required or member.required)
        related: tuple[Related, ...] = ()
        if earlier.range is not None:
            related = (Related(f"declared as {describe(earlier.type)}", earlier.range),)
        message = f"`{name}` is declared otherwise for everyone"
        hint = "leave it out here, or give the field another name"
        self.error(document, ("properties", name), "HB522", message, hint, related)
        return None


def _says_the_same(earlier: Member, member: Member) -> bool:
    """Whether two declarations agree; the rows of a relation are typed elsewhere."""
    if earlier.relation is not None and member.relation is not None:
        both = isinstance(earlier.type, ListType) and isinstance(member.type, ListType)
        return both and (earlier.relation, earlier.type.maximum) == (  # type: ignore[union-attr]
            member.relation,
            member.type.maximum,  # type: ignore[union-attr]
        )
    return earlier.type == member.type and earlier.references == member.references


# ── what holds across files ──────────────────────────────────────────────────────────────────────


def _check_roles(customer: Record) -> list[Diagnostic]:
    """`id`, `timezone`, `locale`, `consent` and `declined` have meanings of their own."""
    found: list[Diagnostic] = []
    if not customer.fields:
        return found  # what is wrong with it was said already
    identity = customer.fields.get("id")
    if identity is None or not identity.required:
        found.append(
            Diagnostic(
                "HB523",
                "every customer needs an `id`",
                identity.range if identity else None,
                hint='"id": {"type": "string", "maxLength": 40}, and "id" in `required`',
            )
        )
    for name, member in customer.fields.items():
        wanted = _role(name)
        if wanted is not None and not _plays(name, member.type):
            found.append(
                Diagnostic(
                    "HB523",
                    f"`{name}` has a meaning of its own and is {wanted}",
                    member.range,
                    hint=f"declare it as {wanted}, or give the field another name",
                )
            )
    return found


def _role(name: str) -> str | None:
    return {
        "id": "a text",
        "timezone": "a text (America/New_York)",
        "locale": "a text (en-US)",
        "consent": "a list of texts (email.promotions)",
        "declined": "a list of texts (email.promotions)",
    }.get(name)


def _plays(name: str, type_: Type) -> bool:
    if name in ("consent", "declined"):
        return isinstance(type_, ListType) and isinstance(type_.item, StringType | EnumType)
    return isinstance(type_, StringType | EnumType)
