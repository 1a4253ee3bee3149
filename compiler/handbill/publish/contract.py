"""Whether the runtimes that are there can execute a release, before it is theirs to refuse.

Plans say which format and operation set they are written in, receipts which ones a runtime executes.
A runtime that does not say is not asked; one that has ended does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Digest
from handbill.publish.mixture import ReadTenant
from handbill.store.receipts import Receipt

Need: TypeAlias = tuple[int, int]
"""A plan's format and operation set."""
OURS: frozenset[Need] = frozenset({(PLAN_FORMAT, OPERATION_SET)})
"""What this version compiles to."""


class _Plan(msgspec.Struct):
    format: int
    operations: int


class _Plans(msgspec.Struct):
    plans: dict[str, Digest]


_plan_decoder = msgspec.json.Decoder(_Plan)
_tenant_decoder = msgspec.json.Decoder(_Plans)


def needs_of(tenants: Iterable[Digest], read_tenant: ReadTenant) -> frozenset[Need]:
    """What a runtime has to execute for these tenants. Raises a StoreError."""
    return frozenset(need for root in tenants for need in _needs(root, read_tenant))


def unable(
    environment: str,
    live: Mapping[str, Receipt],
    needs: Collection[Need],
    ignored: Collection[str] = (),
) -> tuple[Diagnostic, ...]:
    """One error for each live runtime that cannot execute what is needed."""
    return tuple(
        _cannot(environment, receipt, lacks)
        for name, receipt in sorted(live.items())
        if name not in ignored and (lacks := _lacks(receipt, needs))
    )


def _needs(root: Digest, read_tenant: ReadTenant) -> Iterator[Need]:
    objects = read_tenant(root)
    for digest in _tenant_decoder.decode(objects[root]).plans.values():
        plan = _plan_decoder.decode(objects[digest])
        yield plan.format, plan.operations


def _lacks(receipt: Receipt, needs: Collection[Need]) -> list[str]:
    formats = sorted({need[0] for need in needs} - set(receipt.formats))
    operations = sorted({need[1] for need in needs} - set(receipt.operations))
    return [
        *(f"plan format {each}" for each in formats if receipt.formats),
        *(f"operation set {each}" for each in operations if receipt.operations),
    ]


def _cannot(environment: str, receipt: Receipt, lacks: list[str]) -> Diagnostic:
    can = (
        f"plan formats {_listed(receipt.formats)}, operation sets {_listed(receipt.operations)}; "
        f"its receipt is of {receipt.written}"
    )
    return Diagnostic(
        "HB895",
        f"the runtime `{receipt.runtime}` of `{environment}` cannot execute this release: "
        f"it lacks {' and '.join(lacks)}",
        notes=(f"it executes {can}", "everybody goes on with what they run"),
        hint=f"update that runtime first; if it is gone for good, --ignore-runtime {receipt.runtime}",
    )


def _listed(numbers: Collection[int]) -> str:
    return ", ".join(map(str, numbers)) or "unknown"
