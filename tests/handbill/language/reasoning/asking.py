"""Rules written as a marketer would, and questions about them, over a small vocabulary."""

from __future__ import annotations

from handbill.language.expression import compile_expression
from handbill.language.reasoning.declared import Declarations, declared_by, question_about
from handbill.language.reasoning.question import MILLISECONDS, Question
from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.records import Member, Record, Relation, Vocabulary
from handbill.plan.ir import Expression
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)
from handbill.source.text import SourceText

PURCHASE = ObjectType(
    (
        MemberType("day", DateType(), True),
        MemberType("id", IntType(), True),
        MemberType("total", DecimalType(2, 0, 10**7), True),
    )
)
VISIT = ObjectType((MemberType("at", DatetimeType(), True), MemberType("id", IntType(), True)))
VOCABULARY = Vocabulary(
    Record(
        {
            "id": Member(StringType(10), True),
            "first_name": Member(StringType(20)),
            "email": Member(StringType(40), True),
            "tier": Member(EnumType(("basic", "silver", "gold"))),
            "points": Member(IntType(0, 1_000_000)),
            "orders": Member(IntType(0, 1_000), True),
            "spend": Member(DecimalType(2, 0, 10**7), True),
            "is_staff": Member(BoolType(), True),
            "joined_on": Member(DateType(), True),
            "seen": Member(DatetimeType()),
            "departments": Member(ListType(EnumType(("bakery", "dairy", "fish")), 3), True),
            "tags": Member(ListType(StringType(10), 40), True),
            "store": Member(StringType(10), references="stores"),
            "purchases": Member(
                ListType(PURCHASE, 10_000),
                True,
                inner=Record({m.name: Member(m.type, m.required) for m in PURCHASE.members}),
            ),
            "visits": Member(
                ListType(VISIT, 10_000),
                True,
                inner=Record({m.name: Member(m.type, m.required) for m in VISIT.members}),
                relation=Relation("visits", "customer", "at"),
            ),
        }
    ),
    {"stores": Record({"id": Member(StringType(10), True), "city": Member(StringType(20), True),
                       "size": Member(IntType(0, 9))})},
)  # fmt: skip
DECLARATIONS: Declarations = declared_by(VOCABULARY)
SCOPE = Scope(
    {
        "customer": RecordRoot(VOCABULARY.customer, VOCABULARY.datasets),
        "run": RecordRoot(Record({"date": Member(DateType(), required=True)})),
    }
)


def rule(text: str) -> Expression:
    """The rule, compiled; it must be a sound one."""
    compiled = compile_expression(SourceText.of_file("rule", text), SCOPE, BoolType())
    assert compiled.expression is not None, compiled.diagnostics
    return compiled.expression


def question(text: str, milliseconds: int = MILLISECONDS) -> Question:
    return question_about(rule(text), DECLARATIONS, milliseconds)
