"""One tenant → its Tenant object and all its plans and tables, as canonical bytes under digests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.vocabulary import Record, Vocabulary
from handbill.lower.campaign import TenantLowering, lower_campaign
from handbill.lower.tables import ReadTable, read_table
from handbill.lower.templates import TemplateLibrary
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Column, Dataset, Digest, Object, Tenant
from handbill.resolve.model import ResolvedRepository, ResolvedTenant
from handbill.schema.models.tenant import TenantDataset
from handbill.schema.scalars import parse_duration
from handbill.source.tree import SourceTree

CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class LoweredTenant:
    """`objects` is digest → canonical bytes, the tenant's own among them."""

    digest: Digest
    objects: Mapping[Digest, bytes]


def lower_tenant(
    tenant: ResolvedTenant,
    repository: ResolvedRepository,
    vocabulary: Vocabulary,
    tree: SourceTree,
) -> tuple[LoweredTenant | None, tuple[Diagnostic, ...]]:
    """None where any campaign or table of the tenant has an error: a tenant is released whole."""
    tables, found = _read_tables(tenant, vocabulary, tree)
    lowering = TenantLowering(
        repository, tenant, vocabulary, tables, _library(tenant, repository, tree)
    )
    objects: dict[Digest, bytes] = {}
    plans: dict[str, Digest] = {}
    for name, campaign in sorted(tenant.campaigns.items()):
        plan, findings = lower_campaign(campaign, lowering)
        found.extend(findings)
        if plan is not None and campaign.effective.status != "draft":
            plans[name] = _keep(plan, objects)
    datasets = {
        name: _dataset(name, written, vocabulary, _keep(tables[name].table, objects))
        if name in tables
        else _dataset(name, written, vocabulary, None)
        for name, written in sorted(tenant.document.data.items())
        if _record(name, vocabulary) is not None
    }
    mine = tuple(replace(each, tenant=tenant.name) for each in found)
    if has_errors(mine):
        return None, mine
    return LoweredTenant(_keep(_tenant(tenant, datasets, plans), objects), objects), mine


def _library(
    tenant: ResolvedTenant, repository: ResolvedRepository, tree: SourceTree
) -> TemplateLibrary:
    return TemplateLibrary(
        tree, tenant.group, frozenset(repository.channels), frozenset(tree.paths)
    )


def _keep(object_: Object, objects: dict[Digest, bytes]) -> Digest:
    data = canonical_bytes(object_)
    digest = digest_of(data)
    objects[digest] = data
    return digest


def _tenant(
    tenant: ResolvedTenant, datasets: Mapping[str, Dataset], plans: Mapping[str, Digest]
) -> Tenant:
    document = tenant.document
    return Tenant(
        name=tenant.name,
        display_name=document.name,
        locale=document.locale,
        timezone=document.timezone,
        postal_address=(document.brand and document.brand.postal_address) or "",
        seeds=tuple(sorted(document.seeds)),
        datasets=datasets,
        plans=plans,
    )


def _record(dataset: str, vocabulary: Vocabulary) -> Record | None:
    if dataset == CUSTOMERS:
        return vocabulary.customer
    return vocabulary.datasets.get(dataset)


def _key(written: TenantDataset) -> tuple[str, ...]:
    return (written.key,) if isinstance(written.key, str) else tuple(written.key)


def _dataset(
    name: str, written: TenantDataset, vocabulary: Vocabulary, table: Digest | None
) -> Dataset:
    record = _record(name, vocabulary)
    assert record is not None
    return Dataset(
        name=name,
        key=_key(written),
        columns=tuple(
            Column(
                name=column,
                type=member.type,
                required=member.required,
                references=member.references,
            )
            for column, member in sorted(record.fields.items())
        ),
        table=table,
        fresh_seconds=parse_duration(written.fresh) if written.fresh else None,
        addresses=dict(written.address or {}),
    )


def _read_tables(
    tenant: ResolvedTenant, vocabulary: Vocabulary, tree: SourceTree
) -> tuple[dict[str, ReadTable], list[Diagnostic]]:
    tables: dict[str, ReadTable] = {}
    found: list[Diagnostic] = []
    for name, written in sorted(tenant.document.data.items()):
        record, file = _record(name, vocabulary), f"tenants/{tenant.name}/{written.file}"
        if record is None:
            where = tenant.traced.key_range(("data", name))
            message = f"nothing says what the columns of `{name}` are"
            hint = f"declare them in schemas/data/{name}.schema.json"
            found.append(Diagnostic("HB457", message, where, hint=hint))
        elif written.file is not None and file in tree.paths:
            table, findings = read_table(file, tree.read(file), _key(written), record)
            found.extend(findings)
            if table is not None:
                tables[name] = table
    return tables, found
