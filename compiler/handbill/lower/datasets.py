"""A tenant's datasets: what `data` in tenant.yaml declares, held against the vocabulary.

Files under the environment's data root are not looked at; tables in git are read whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.vocabulary.vocabulary import Member, Record, Vocabulary
from handbill.lower.tables import ReadTable, read_table
from handbill.plan.model import Column, Dataset, Digest, FieldNeed, RelationTo
from handbill.plan.types import ListType, ObjectType, StringType
from handbill.resolve.model import ResolvedTenant
from handbill.schema.models.tenant import TenantDataset
from handbill.schema.scalars import parse_duration
from handbill.source.tree import SourceTree

CUSTOMERS = "customers"
IDENTITY = "id"
"""The customers' key: what assignments and message ids are made from."""


def read_tables(
    tenant: ResolvedTenant, vocabulary: Vocabulary, tree: SourceTree, paths: Collection[str]
) -> tuple[dict[str, ReadTable], tuple[Diagnostic, ...]]:
    """The tenant's git tables by dataset; one with an error is left out."""
    tables: dict[str, ReadTable] = {}
    found: list[Diagnostic] = []
    for name, written in sorted(tenant.document.data.items()):
        record = record_of(name, vocabulary)
        if record is None or written.file is None:
            continue
        file = f"tenants/{tenant.name}/{written.file}"
        if file not in paths:
            found.append(_no_such_table(tenant, name, file, paths))
            continue
        table, findings = read_table(file, tree.read(file), key_of(written), record)
        found.extend(findings)
        if table is not None:
            tables[name] = table
    return tables, tuple(found)


def check_datasets(tenant: ResolvedTenant, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    """Whether every dataset, its key and the customers' addresses are declared fields."""
    for name, written in sorted(tenant.document.data.items()):
        record = record_of(name, vocabulary)
        if record is None:
            where = tenant.traced.key_range(("data", name))
            message = f"nothing says what the columns of `{name}` are"
            hint = f"declare them in schemas/data/{name}.schema.json"
            yield Diagnostic("HB457", message, where, hint=hint)
        elif record.complete:
            yield from _check_key(tenant, name, written, record)
    if vocabulary.customer.complete:
        yield from _check_addresses(tenant, vocabulary.customer)


def check_references(
    fields: Iterable[FieldNeed], tenant: ResolvedTenant, vocabulary: Vocabulary
) -> Iterator[Diagnostic]:
    """Datasets that a plan's fields lead to and the tenant does not have, or has no single key of:
    each once, with the first field that needs it."""
    where = tenant.traced.key_range(("data",))
    said: set[str] = set()
    for need in sorted(fields, key=lambda need: need.path):
        field = f"`customer.{'.'.join(need.path)}`"
        yield from _check_relation(need, field, tenant, vocabulary, where, said)
        for target in _datasets_on(need, vocabulary):
            written = tenant.document.data.get(target)
            if target in said or (written is not None and len(key_of(written)) == 1):
                continue
            said.add(target)
            message = f"{field} needs the dataset `{target}`, which this tenant does not have"
            hint = f"add below `data`: {target}: {{key: id, file: data/{target}.csv}}"
            if written is not None:
                message = f"{field} finds its row in `{target}` by one key, and that has several"
                hint = f"below `data`, name one key of `{target}`: key: id"
            yield Diagnostic("HB458", message, where, hint=hint)


def _check_relation(
    need: FieldNeed,
    field: str,
    tenant: ResolvedTenant,
    vocabulary: Vocabulary,
    where: SourceRange,
    said: set[str],
) -> Iterator[Diagnostic]:
    """Rows of a dataset that this tenant has no file of."""
    relation = vocabulary.customer.fields[need.path[0]].relation
    if relation is None or relation.dataset in said or relation.dataset in tenant.document.data:
        return
    said.add(relation.dataset)
    message = f"{field} needs the dataset `{relation.dataset}`, which this tenant does not have"
    hint = f"add below `data`: {relation.dataset}: {{key: id}}"
    yield Diagnostic("HB458", message, where, hint=hint)


def _datasets_on(need: FieldNeed, vocabulary: Vocabulary) -> Iterator[str]:
    """The datasets that a customer field's path enters, in order, and those that its rows refer to."""
    record = vocabulary.customer
    for name in need.path:
        member = record.fields[name]
        if member.relation is not None:
            rows = vocabulary.datasets[member.relation.dataset]
            for inner in _members_of(need):
                yield from _references(inner.split("."), rows, vocabulary)
        if member.references is None:
            return
        yield member.references
        record = vocabulary.datasets[member.references]


def _members_of(need: FieldNeed) -> Iterator[str]:
    item = need.type.item if isinstance(need.type, ListType) else need.type
    for member in item.members if isinstance(item, ObjectType) else ():
        yield member.name


def _references(path: Iterable[str], record: Record, vocabulary: Vocabulary) -> Iterator[str]:
    for name in path:
        target = record.fields[name].references
        if target is None:
            return
        yield target
        record = vocabulary.datasets[target]


def lower_dataset(
    name: str, written: TenantDataset, record: Record, table: Digest | None
) -> Dataset:
    """`table` is the digest of its git table, if it is one."""
    return Dataset(
        name=name,
        key=key_of(written),
        columns=tuple(
            Column(
                name=column,
                type=member.type,
                required=member.required,
                references=member.references,
                relation=_relation_to(member),
            )
            for column, member in sorted(record.fields.items())
        ),
        table=table,
        fresh_seconds=parse_duration(written.fresh) if written.fresh else None,
        addresses=dict(written.address or {}),
    )


def _relation_to(member: Member) -> RelationTo | None:
    relation = member.relation
    if relation is None:
        return None
    return RelationTo(dataset=relation.dataset, key=(relation.key,), time=relation.time)


def record_of(dataset: str, vocabulary: Vocabulary) -> Record | None:
    """The declared columns, or None where no schema has any."""
    return vocabulary.customer if dataset == CUSTOMERS else vocabulary.datasets.get(dataset)


def key_of(written: TenantDataset) -> tuple[str, ...]:
    return (written.key,) if isinstance(written.key, str) else tuple(written.key)


def _no_such_table(
    tenant: ResolvedTenant, name: str, file: str, paths: Collection[str]
) -> Diagnostic:
    root = f"tenants/{tenant.name}/"
    tables = [path for path in paths if path.startswith(f"{root}data/") and path.endswith(".csv")]
    near = closest(file, tables)
    return Diagnostic(
        "HB424",
        f"there is no table {file}",
        tenant.traced.range(("data", name, "file")),
        hint=f"did you mean {near.removeprefix(root)}?" if near else "a CSV file below data/",
    )


def _check_key(
    tenant: ResolvedTenant, name: str, written: TenantDataset, record: Record
) -> Iterator[Diagnostic]:
    where = tenant.traced.range(("data", name, "key"))
    if name == CUSTOMERS and key_of(written) != (IDENTITY,):
        message = f"the key of the customers is `{IDENTITY}`: what was sent is remembered by it"
        yield Diagnostic("HB455", message, where, hint=f"key: {IDENTITY}")
        return
    for column in key_of(written):
        if column not in record.fields:
            message = f"the key `{column}` is no column of `{name}`"
            near = closest(column, record.fields)
            hint = f"did you mean `{near}`?" if near else f"declare `{column}` in its schema"
            yield Diagnostic("HB455", message, where, hint=hint)


def _check_addresses(tenant: ResolvedTenant, customer: Record) -> Iterator[Diagnostic]:
    written = tenant.document.data.get(CUSTOMERS)
    for channel, field in ((written and written.address) or {}).items():
        member = customer.fields.get(field)
        if member is None or not isinstance(member.type, StringType):
            where = tenant.traced.range(("data", CUSTOMERS, "address", channel))
            yield Diagnostic(
                "HB454",
                _no_address(channel, field, member),
                where,
                hint=_address_hint(field, customer),
            )


def _no_address(channel: str, field: str, member: Member | None) -> str:
    if member is None:
        return f"customers have no field `{field}` to hold their {channel} address"
    return f"`customer.{field}` is no text, so it cannot hold an address for {channel}"


def _address_hint(field: str, customer: Record) -> str:
    texts = [name for name, each in customer.fields.items() if isinstance(each.type, StringType)]
    near = closest(field, texts)
    return f"did you mean `{near}`?" if near else f"declare `{field}` as a text with maxLength"
