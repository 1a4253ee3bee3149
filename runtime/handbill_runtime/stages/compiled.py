"""A plan made ready to run: functions are built when first needed, then kept.

Holds no state of any run. `canary` proves, before a release is activated, that every rule and every
content of the plan becomes a function and renders.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import GenericAlias
from typing import Any, assert_never

import msgspec

from handbill.plan.model import Digest, FieldNeed, Plan, Table, Tenant, Variant
from handbill.plan.outline import PlanOutline, outline_of
from handbill.plan.row import RowFunction, TemplateFunction, compile_expression, compile_template
from handbill.plan.sql import lower_expression
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import Context, Row, Value
from handbill_runtime.errors import PlanFault
from handbill_runtime.stages.decoded import LazyPlans
from handbill_runtime.stages.needs import content_fields
from handbill_runtime.stages.outline import refuse_foreign_format

RenderedParts = Mapping[str, str]
STEP, STEP_MESSAGE = "main:0", "main"
"""The only step so far: the message `main`, first in line."""


@dataclass(frozen=True, slots=True)
class CompiledTenant:
    """A tenant with everything that running it needs; `plans` by campaign name.

    Of many plans few are decoded at a time (`LazyPlans`): what is asked of all is asked of outlines.
    """

    tenant: Tenant
    plans: Mapping[str, CompiledPlan]
    tables: Mapping[Digest, Table]
    others: Sequence[Plan] = ()
    """Plans that are not run here, and that have a say in which rows of the data are good."""

    @property
    def outlines(self) -> Mapping[str, PlanOutline]:
        """By campaign name, of every plan; nothing is decoded for it."""
        if isinstance(self.plans, LazyPlans):
            return self.plans.outlines
        return {name: compiled.outline for name, compiled in self.plans.items()}

    def deciding(self) -> tuple[Plan, ...]:
        """The active plans: what they need of a row decides whether it is good."""
        names = [name for name, each in self.outlines.items() if each.status == "active"]
        if isinstance(self.plans, LazyPlans):
            own = self.plans.several(names)
        else:
            own = [self.plans[name] for name in names]
        others = (plan for plan in self.others if plan.status == "active")
        return (*(compiled.plan for compiled in own), *others)

    def outline_by_identity(self, identity: str) -> PlanOutline | None:
        """Of the campaign that is remembered under `identity`, if there still is one."""
        return next((one for one in self.outlines.values() if one.identity == identity), None)

    def by_identity(self, identity: str) -> CompiledPlan | None:
        found = self.outline_by_identity(identity)
        return None if found is None else self.plans[found.campaign]


def compile_plan(plan: Plan, digest: str) -> CompiledPlan:
    """PlanFault HB930 for a plan of another format or operation set than this runtime's."""
    refuse_foreign_format(plan)
    return CompiledPlan(plan, digest)


class CompiledPlan:
    """One plan and its functions."""

    def __init__(self, plan: Plan, digest: str) -> None:
        self.plan = plan
        self.digest = digest
        self.fields = content_fields(plan)
        """What the row of a selected customer holds: the fields that offers and messages read."""
        self._variants = {variant.name: variant for variant in plan.variants}
        self._offers: dict[str, tuple[RowFunction | None, ...]] = {}
        self._parts: dict[tuple[str, str, str], Mapping[str, TemplateFunction]] = {}
        self._rows: msgspec.json.Decoder[Any] | None = None

    @cached_property
    def outline(self) -> PlanOutline:
        return outline_of(self.plan, self.digest)

    # ── offers and contents ──────────────────────────────────────────────────────────────────────

    def variant(self, name: str) -> Variant | None:
        return self._variants.get(name)

    def offer_index(self, variant: str, row: Row, context: Context) -> int | None:
        """The place, from 1, of the first offer that matches; None when none does."""
        if variant not in self._offers:
            self._offers[variant] = tuple(
                None if choice.when is None else compile_expression(choice.when, self.fields)
                for choice in self._variants[variant].offers
            )
        for place, when in enumerate(self._offers[variant], start=1):
            if when is None or when(row, context) is True:
                return place
        return None

    def has_content(self, variant: str, channel: str) -> bool:
        chosen = self._variants.get(variant)
        return chosen is not None and channel in chosen.messages.get(STEP_MESSAGE, {})

    def locale(self, wanted: str | None) -> str:
        """The plan's locale nearest to a customer's: itself, what it falls back to, the same without
        its region, one of its language, else the first. `es_mx` is `es-MX`."""
        locales = self.plan.locales
        known = {name.lower(): instead for name, instead in self.plan.fallbacks.items()}
        known |= {name.lower(): name for name in locales}
        name = (wanted or "").replace("_", "-").lower()
        language = name.partition("-")[0]
        while name:
            if name in known:
                return known[name]
            name = name.rpartition("-")[0]
        return next(
            (each for each in locales if each.lower().split("-")[0] == language), locales[0]
        )

    def render(
        self, variant: str, channel: str, locale: str, row: Row, context: Context
    ) -> RenderedParts:
        """Every part of the content, rendered."""
        functions = self._functions(variant, channel, locale)
        return {name: function(row, context) for name, function in functions.items()}

    def _functions(self, variant: str, channel: str, locale: str) -> Mapping[str, TemplateFunction]:
        key = (variant, channel, locale)
        if key not in self._parts:
            content = self._variants[variant].messages[STEP_MESSAGE][channel]
            parts = content.locales.get(locale) or content.locales[self.plan.locales[0]]
            self._parts[key] = {
                name: compile_template(ops, self.fields) for name, ops in parts.items()
            }
        return self._parts[key]

    # ── snapshots ────────────────────────────────────────────────────────────────────────────────

    def snapshot(self, row: Row) -> bytes:
        """A row of `fields` as bytes."""
        return msgspec.json.encode(row)

    def row(self, snapshot: bytes) -> Row:
        """The inverse of `snapshot`."""
        if self._rows is None:
            types = tuple(_python_type(need.type) | None for need in self.fields)
            row_type: Any = GenericAlias(tuple, types)
            self._rows = msgspec.json.Decoder(row_type)
        row: Row = self._rows.decode(snapshot)
        return row

    # ── canary ───────────────────────────────────────────────────────────────────────────────────

    def canary(self) -> None:
        """Lower every rule and render every content with a made-up customer; PlanFault HB931."""
        try:
            self._try_rules()
            self._try_contents()
        except Exception as error:
            raise PlanFault(
                "HB931",
                f"the plan of `{self.plan.tenant}/{self.plan.campaign}` does not run: "
                f"{type(error).__name__}: {error}",
                "the release is not activated; please report this with the plan's digest "
                f"{self.digest}",
            ) from error

    def _try_rules(self) -> None:
        audience = self.plan.audience
        rules = [audience.include, *audience.exclude.values()]
        if audience.rank is not None:
            rules.append(audience.rank)
        row, context = made_up_row(self.plan.fields), _made_up_context(1)
        for rule in rules:
            lower_expression(rule, lambda path: '"' + ".".join(path) + '"', zones=())
            compile_expression(rule, self.plan.fields)(row, context)

    def _try_contents(self) -> None:
        row = made_up_row(self.fields)
        assert self.row(self.snapshot(row)) == row
        for variant in self.plan.variants:
            self.offer_index(variant.name, row, _made_up_context(1))
            for place in range(1, max(len(variant.offers), 1) + 1):
                for channel, content in variant.messages[STEP_MESSAGE].items():
                    for locale in content.locales:
                        self.render(variant.name, channel, locale, row, _made_up_context(place))


def made_up_row(fields: tuple[FieldNeed, ...]) -> Row:
    return tuple(_made_up(need.type) for need in fields)


def _made_up_context(offer: int) -> dict[tuple[str, ...], Value]:
    return {
        ("run", "date"): datetime.date(2026, 1, 15),
        ("offer", "index"): offer,
        ("unsubscribe_url",): "https://handbill.example/u/canary",
        ("view_url",): "https://handbill.example/v/canary",
        ("assets_url",): "https://handbill.example/assets",
        ("message", "id"): "0" * 64,
    }


def _made_up(kind: Type) -> Value:
    match kind:
        case BoolType():
            return True
        case IntType() | DecimalType():
            return min(max(3, kind.minimum), kind.maximum)
        case StringType():
            return "Ann<&\"'>"[: kind.maximum]
        case EnumType():
            return kind.values[0]
        case DateType():
            return datetime.date(2026, 1, 15)
        case DatetimeType():
            return datetime.datetime(2026, 1, 15, 10, 30)
        case ObjectType(members=members):
            return tuple(_made_up(member.type) for member in members)
        case ListType(item=item, maximum=maximum):
            return (_made_up(item),) * min(maximum, 2)
        case _:
            assert_never(kind)


def _python_type(kind: Type) -> Any:
    match kind:
        case BoolType():
            return bool
        case IntType() | DecimalType():
            return int
        case StringType() | EnumType():
            return str
        case DateType():
            return datetime.date
        case DatetimeType():
            return datetime.datetime
        case ObjectType(members=members):
            return GenericAlias(tuple, tuple(_python_type(each.type) | None for each in members))
        case ListType(item=item):
            return GenericAlias(tuple, (_python_type(item), ...))
        case _:
            assert_never(kind)
