"""Whether the SQL back end can compute a rule: it has the last word on how large numbers become.

Its bounds know the declared fields only, not what guards or the texts' lengths add to them.
"""

from __future__ import annotations

from handbill.language.expressions.reads import Path, fields_in
from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.records import Member
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Expression
from handbill.plan.sql import lower_expression
from handbill.plan.sql_relations import KeyColumn, RelationSource
from handbill.plan.sql_rules import RuleWorld, lower_rules
from handbill.plan.types import ListType


def is_computable(expression: Expression, scope: Scope) -> bool:
    """Whether both kinds of rule SQL, plain and grouped by relation, can be written for it."""
    relations = _relations_in(expression, scope)
    try:
        lower_expression(expression, ".".join, zones=())
        if relations:
            lower_rules([expression], _world(relations))
    except PlanCodeError:
        return False
    return True


def _relations_in(expression: Expression, scope: Scope) -> dict[Path, Member]:
    root = scope.roots.get("customer")
    fields = root.record.fields if isinstance(root, RecordRoot) else {}
    found: dict[Path, Member] = {}
    for path in fields_in(expression):
        member = fields.get(path[1]) if path[0] == "customer" and len(path) == 2 else None
        if member is not None and member.relation is not None:
            found[path] = member
    return found


def _world(relations: dict[Path, Member]) -> RuleWorld:
    """Any world that has these relations: what it is like does not matter to what can be lowered."""
    sources: dict[Path, RelationSource] = {}
    for path, member in relations.items():
        assert member.relation is not None and isinstance(member.type, ListType)
        order = (member.relation.time or member.relation.key,)
        key = (KeyColumn(member.relation.key),)
        sources[path] = RelationSource(member.relation.dataset, key, order, member.type)
    return RuleWorld(
        columns=".".join,
        customers="customers",
        key=("id",),
        relations=sources,
        context={},
        zones=(),
    )
