"""Findings of policies in words: what was asked, and the values that decided it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.language.expressions.reads import Path
from handbill.plan.types import DecimalType, ObjectType, Type
from handbill.plan.values import Value
from handbill.policy.vocabulary import CHANGE, CHANGE_RECORD, PLAN, PLAN_RECORD
from handbill.policy.written import WrittenPolicy

MAX_LISTED = 5
CODES = {"deny": "HB700", "warn": "HB701", "approve": "HB702"}
_SAYS = {"deny": "does not allow this", "warn": "warns of this", "approve": "needs an approval"}
WHERE_IT_CHANGES = "needs an approval where this changes"
_TYPES: dict[Path, Type] = {
    **{(PLAN, name): member.type for name, member in PLAN_RECORD.fields.items()},
    **{(CHANGE, name): member.type for name, member in CHANGE_RECORD.fields.items()},
    **{
        (CHANGE, "audience", name): member.type
        for name, member in CHANGE_RECORD.fields["audience"].inner.fields.items()  # type: ignore[union-attr]
    },
}


def policy_finding(
    policy: WrittenPolicy,
    where: SourceRange | None,
    severity: Severity,
    values: Mapping[Path, Value],
    hint: str | None,
    tenant: str | None,
    says: str | None = None,
) -> Diagnostic:
    """What a policy says of one campaign, or of one change; `says` in other words than the level's."""
    return Diagnostic(
        CODES[policy.level],
        f"the policy `{policy.name}` {says or _SAYS[policy.level]}: {policy.message or policy.when}",
        where or policy.range,
        severity,
        hint=hint,
        notes=(*((policy.when,) if policy.message else ()), *shown_values(policy.reads, values)),
        related=(Related("the policy", policy.range),) if where is not None else (),
        tenant=tenant,
    )


def shown_values(reads: Iterable[Path], values: Mapping[Path, Value]) -> tuple[str, ...]:
    """`plan.sms_segments is 3`, for each plain value that was read."""
    lines = []
    for path in sorted(reads):
        kind = _TYPES[path]
        if path in values and not isinstance(kind, ObjectType):
            lines.append(f"{'.'.join(path)} is {shown(values[path], kind)}")
    return tuple(lines)


def shown(value: Value, kind: Type) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "true" if value else "false"
        case int() if isinstance(kind, DecimalType):
            return f"{(Decimal(value) / 10**kind.scale).normalize():,f}"
        case int():
            return f"{value:,}"
        case tuple():
            return listed([str(each) for each in value]) or "empty"
        case _:
            return str(value)


def listed(names: Iterable[str]) -> str:
    """`a, b, c and 4 more`."""
    found = list(names)
    if len(found) <= MAX_LISTED + 1:
        return ", ".join(found)
    return f"{', '.join(found[:MAX_LISTED])} and {len(found) - MAX_LISTED} more"


def one_of(by: Iterable[str]) -> str:
    """`@ann`, `one of @ann, @shop/legal`."""
    found = list(by)
    return found[0] if len(found) == 1 else f"one of {', '.join(found)}"
