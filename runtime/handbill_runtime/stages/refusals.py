"""The list of what a customer declined, read so that no refusal is lost.

An entry that names nothing this release knows is a refusal that nobody understands: its row is
quarantined, never taken for a customer who declined nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from handbill.plan.import_values import LIST_SEPARATOR
from handbill.plan.import_view import SourceTable
from handbill.plan.model import Category, Dataset, Tenant
from handbill.plan.sql_text import quoted
from handbill.plan.types import EnumType, ListType, StringType, Type

CONSENT = "consent"
DECLINED = "declined"
WRITTEN = "_entry IS NOT NULL AND trim(_entry) <> ''"
NOT_UNDERSTOOD = "declined: an entry is not channel.category"
"""The reason of such rows, as reports show it."""


@dataclass(frozen=True, slots=True)
class CertainRefusals:
    """What the import view is to be made of, so that each row's refusals are certain."""

    dataset: Dataset
    source: SourceTable
    checks: tuple[tuple[str, str], ...] = ()


def relies_on_declined(categories: Iterable[Category]) -> bool:
    """Whether a file must have the list: without it nobody could have declined."""
    return any("opt_out" in (one.consent, one.sms_consent) for one in categories)


def reads_declined(categories: Iterable[Category]) -> bool:
    """Whether what is in the list decides about some message."""
    return any(
        one.kind == "marketing" or {one.consent, one.sms_consent} & {"opt_in", "opt_out"}
        for one in categories
    )


def refusals_asked_for(
    tenant: Tenant, dataset: Dataset, source: SourceTable, categories: Collection[Category]
) -> CertainRefusals:
    """Where plans of these categories ask who declined: refusals that cannot be read are not no
    refusals. The dataset and its source as they are where none asks."""
    if any(one.name == DECLINED for one in dataset.columns) and (
        relies_on_declined(categories)
        or (DECLINED in source.columns and reads_declined(categories))
    ):
        return certain_refusals(tenant, dataset, source)
    return CertainRefusals(dataset, source)


def certain_refusals(tenant: Tenant, dataset: Dataset, source: SourceTable) -> CertainRefusals:
    """`declined` as a required column in which nothing written means nothing declined.

    Only to be asked of a dataset that declares it.
    """
    columns = tuple(
        msgspec.structs.replace(declared, required=True) if declared.name == DECLINED else declared
        for declared in dataset.columns
    )
    strict = msgspec.structs.replace(dataset, columns=columns)
    if DECLINED not in source.columns:
        return CertainRefusals(strict, source)
    written = source.columns[DECLINED].type
    nothing = "''" if written == "VARCHAR" else "[]"
    relation = (
        f"(SELECT * REPLACE (coalesce({DECLINED}, {nothing}) AS {DECLINED}) FROM {source.relation})"
    )
    item = next(one.type for one in columns if one.name == DECLINED)
    checks = ((NOT_UNDERSTOOD, _understood(tenant, written, item)),)
    return CertainRefusals(strict, SourceTable(relation, source.columns), checks)


def rows_of_unknown_consent(tenant: Tenant, written: str) -> str | None:
    """SQL: `consent` has an entry that allows nothing; None where the column holds no lists."""
    entries = _entries(CONSENT, written)
    if entries is None:
        return None
    known = _list(_permissions(tenant))
    unknown = f"lambda _entry: {WRITTEN} AND NOT list_contains({known}, _entry)"
    return f"len(list_filter({entries}, {unknown})) > 0"


def _permissions(tenant: Tenant) -> tuple[str, ...]:
    return tuple(f"{channel}.{name}" for channel in tenant.channels for name in tenant.categories)


def _understood(tenant: Tenant, written: str, declared: Type) -> str:
    """SQL: every entry is known, and none is one that the import view would drop.

    An entry may be a channel alone, for all of it.
    """
    entries = _entries(DECLINED, written)
    if entries is None:
        return "TRUE"  # the view has no such list, and refuses the file
    known = _list((*tenant.channels, *_permissions(tenant)))
    # Names are ASCII: no other letter may become one of theirs.
    is_known = f"strlen(_entry) = length(_entry) AND list_contains({known}, lower(trim(_entry)))"
    unknown = f"lambda _entry: {WRITTEN} AND NOT ({is_known} AND {_kept(declared)})"
    return f"(len(list_filter({entries}, {unknown})) = 0)"


def _entries(name: str, written: str) -> str | None:
    if written == "VARCHAR":
        return f"string_split(source.{name}, '{LIST_SEPARATOR}')"
    return f"CAST(source.{name} AS VARCHAR[])" if written.endswith("[]") else None


def _kept(declared: Type) -> str:
    match declared:
        case ListType(item=StringType(maximum=maximum)):
            return f"length(_entry) <= {maximum}"
        case ListType(item=EnumType(values=values)):
            return f"list_contains({_list(values)}, _entry)"
        case _:
            return "TRUE"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(quoted(text) for text in texts)}]::VARCHAR[]"
