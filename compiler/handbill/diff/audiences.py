"""How an audience lies to the one before it: proved, with a customer of each kind, and clause by clause."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.diff.expression_text import expression_text
from handbill.diff.matching import Pair
from handbill.diff.model import AudienceChange, ClauseChange, Witness
from handbill.language.expressions.facts import Path
from handbill.language.reasoning.agreeing import agreed
from handbill.language.reasoning.declared import (
    Declarations,
    declared_in,
    declared_in_both,
    fields_of,
)
from handbill.language.reasoning.example import shown
from handbill.language.reasoning.question import Impossible
from handbill.language.reasoning.reasoner import Answer, Found, Reasoner
from handbill.language.reasoning.relation import is_in, relation_of_conditions
from handbill.plan.ir import Const, Expression
from handbill.plan.model import Audience, Tenant
from handbill.plan.types import BoolType, Type

NOBODY = Const(BoolType(), False)


def audience_change(pair: Pair, reasoner: Reasoner, milliseconds: int) -> AudienceChange | None:
    """None where both audiences are written the same; a side without a plan has nobody.

    `milliseconds` bounds each question that is asked.
    """
    before = pair.before.audience if pair.before is not None else None
    after = pair.after.audience if pair.after is not None else None
    clauses = _clauses(before, after)
    if not clauses:
        return None
    declared = _declared(pair.owner_before, pair.owner_after)
    one, other = _condition(before), _condition(after)
    relation = relation_of_conditions(one, other, declared, reasoner, milliseconds)
    types = _types(one, other)
    return AudienceChange(
        relation=relation.kind,
        lost=_witness(relation.lost, types),
        gained=_witness(relation.gained, types),
        kept=_witness(relation.kept, types),
        clauses=clauses,
    )


def _condition(audience: Audience | None) -> Expression:
    return NOBODY if audience is None else is_in(audience)


def _declared(before: Tenant | None, after: Tenant | None) -> Declarations:
    one = declared_in(before.datasets) if before is not None else None
    other = declared_in(after.datasets) if after is not None else None
    if one is None or other is None:
        return one or other or {}
    return one if one == other else declared_in_both(one, other)


def _types(*conditions: Expression) -> Mapping[Path, Type]:
    return {field.path: field.type for each in agreed(conditions) for field in fields_of(each)}


def _witness(answer: Answer, types: Mapping[Path, Type]) -> Witness:
    match answer:
        case Found(example=example):
            known = {path: example[path] for path in example if path in types}
            return Witness(answer="yes", customer=shown(known, types))
        case Impossible():
            return Witness(answer="no")
        case _:
            return Witness(answer="unknown")


# ── clauses ──────────────────────────────────────────────────────────────────────────────────────


def _clauses(before: Audience | None, after: Audience | None) -> tuple[ClauseChange, ...]:
    if before == after:  # equal rules have equal texts, and writing them takes long
        return ()
    one, other = _texts(before), _texts(after)
    return tuple(
        ClauseChange(name=name, before=one.get(name, ""), after=other.get(name, ""))
        for name in dict.fromkeys((*other, *one))
        if one.get(name, "") != other.get(name, "")
    )


def _texts(audience: Audience | None) -> Mapping[str, str]:
    if audience is None:
        return {}
    texts = {"include": _rule(audience.include)}
    for name, rule in sorted(audience.exclude.items()):
        texts[f"exclude.{name}"] = expression_text(rule)
    if audience.limit is not None:
        texts["limit"] = str(audience.limit)
    if audience.rank is not None:
        texts["rank"] = expression_text(audience.rank)
    return texts


def _rule(include: Expression) -> str:
    return "everyone" if include == Const(BoolType(), True) else expression_text(include)
