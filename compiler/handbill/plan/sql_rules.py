"""Rules over customers and their relations, as the columns and the joins of one query.

`FROM customers {joins}` with a rule's SQL after it: what a rule says of a relation is a column of the
relation's one grouped query. Dates that only the run decides become literals here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from handbill.plan.intervals import interval_of
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.operations import apply
from handbill.plan.sql import Columns, lowered
from handbill.plan.sql_aggregates import PipelineLowering, relation_of
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_pipelines import free_locals
from handbill.plan.sql_relations import GroupedRows, RelationSource
from handbill.plan.sql_scope import Scope
from handbill.plan.sql_text import literal
from handbill.plan.values import Context, Value, const_value

Path = tuple[str, ...]
_DATES = frozenset(
    {
        Operation.PLUS_DAYS,
        Operation.DAYS_BETWEEN,
        Operation.DATE_PART,
        Operation.LOCAL_DATE,
        Operation.DAY_START,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWorld:
    """What rules are asked about."""

    columns: Columns
    """From a customer field's path to SQL."""
    customers: str
    """What may stand after FROM for them."""
    key: tuple[str, ...]
    """SQL of the columns that hold a customer's key."""
    relations: Mapping[Path, RelationSource]
    """By the field's path, ("customer", "purchases")."""
    context: Context
    zones: Collection[str] | None = None
    """Those that occur in zone columns that rules read; None: no rule may read one."""


@dataclass(frozen=True, slots=True)
class LoweredRules:
    """`sql` has an expression for each rule; `joins` is empty where none reads a relation."""

    sql: tuple[str, ...]
    joins: str


def lower_rules(rules: Sequence[Expression], world: RuleWorld) -> LoweredRules:
    """DuckDB SQL for audience expressions; raises PlanCodeError as `sql.lower_expression` does."""
    lowering = CustomerRules(world)
    sql = tuple(lowering.lower(rule).sql for rule in rules)
    return LoweredRules(sql, lowering.joins())


class CustomerRules:
    """Lowers expressions of a customer, and collects what they ask of relations."""

    def __init__(self, world: RuleWorld) -> None:
        self.world = world
        self._pipelines: dict[Path, PipelineLowering] = {}
        self._scope = Scope(self._field, world.zones, self)

    def lower(self, expression: Expression) -> Operand:
        return lowered(expression, self._scope)

    def joins(self) -> str:
        """What follows the customers after FROM."""
        return " ".join(filter(None, (one.join() for one in self._pipelines.values())))

    def aggregate(self, expression: Expression) -> Operand | None:
        known = self.known(expression)
        if known is not None:
            return known
        pipeline = self._pipeline_of(expression)
        if pipeline is None or next(free_locals(expression), None) is not None:
            return None
        return pipeline.aggregate(expression)

    def _pipeline_of(self, expression: Expression) -> PipelineLowering | None:
        path = relation_of(expression)
        if path is None or path not in self.world.relations:
            return None
        return self._pipeline(path)

    def _pipeline(self, path: Path) -> PipelineLowering:
        if path not in self._pipelines:
            source = self.world.relations[path]
            rows = GroupedRows(len(self._pipelines), source, self.world.key)
            self._pipelines[path] = PipelineLowering(source, rows, CustomerRules(self.world))
        return self._pipelines[path]

    def _field(self, field: Field) -> Operand:
        if field.path in self.world.relations:
            return self._pipeline(field.path).rows_of(field)
        if field.path in self.world.context:
            sql = literal(self.world.context[field.path], field.type)
        else:
            sql = self.world.columns(field.path)
        return Operand(sql, field, interval_of(field, ()))

    # ── what the run decides ─────────────────────────────────────────────────────────────────────

    def known(self, expression: Expression) -> Operand | None:
        """A literal for a date (or a part of one) that depends on the context alone."""
        if not isinstance(expression, Call) or expression.operation not in _DATES:
            return None
        value = self._known(expression)
        if value is None:
            return None
        return Operand(literal(value, expression.type), expression, interval_of(expression, ()))

    def _known(self, expression: Expression) -> Value:
        match expression:
            case Const():
                return const_value(expression)
            case Field():
                return self.world.context.get(expression.path)
            case Call() if expression.operation in _DATES:
                operands = [self._known(argument) for argument in expression.arguments]
                if any(operand is None for operand in operands):
                    return None
                return apply(expression.operation, operands)
            case _:
                return None
