"""What is asked about customers, and what is answered: the words between a run and its solver.

Every question is one: is there a customer, on some day, for whom this condition holds? That a rule
never holds, always holds, lies within another or meets it: each is such a question. Nothing here
imports the solver; questions travel to it as bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from handbill.language.expressions.facts import Path
from handbill.plan.ir import Call, Expression, Operation
from handbill.plan.types import BoolType, Type
from handbill.plan.values import Value

MILLISECONDS = 2_000
"""How long one question may take by default."""


class KnownField(msgspec.Struct, frozen=True):
    """A field as it is declared. `required`: there wherever the row that holds it is there.

    `path` has its root: ("customer", "store", "name") is held by the row of ("customer", "store").
    """

    path: tuple[str, ...]
    type: Type
    required: bool


class Question(msgspec.Struct, frozen=True):
    """`condition` is a bool expression; `known` every field that it reads, and those on the way."""

    condition: Expression
    known: tuple[KnownField, ...]
    milliseconds: int = MILLISECONDS


class Impossible(msgspec.Struct, frozen=True, tag="impossible"):
    """There is no such customer: proved."""


class Possible(msgspec.Struct, frozen=True, tag="possible"):
    """There is one: `values` belong to `Question.known`, in its order, as JSON can hold them."""

    values: tuple[object, ...]


UNCONFIRMED = "no example of it could be confirmed"
"""The solver knows of one, in which it took something for possible that need not be."""


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """Neither was shown; `reason` completes "because …"."""

    reason: str


Reply: TypeAlias = Impossible | Possible | Unknown
Example: TypeAlias = Mapping[Path, Value]
"""A customer and a day, by path; what is missing is None."""

_BOOL = BoolType()


def all_of(conditions: Sequence[Expression]) -> Expression:
    """Every condition, evaluated in order: a later one may rely on what an earlier establishes."""
    return conditions[0] if len(conditions) == 1 else Call(Operation.AND, tuple(conditions), _BOOL)


def negation(condition: Expression) -> Expression:
    return Call(Operation.NOT, (condition,), _BOOL)


def question_bytes(question: Question) -> bytes:
    """The question as it travels; equal questions have equal bytes."""
    return _ENCODER.encode(question)


def question_of(data: bytes) -> Question:
    return _QUESTIONS.decode(data)


def reply_bytes(reply: Reply) -> bytes:
    return _ENCODER.encode(reply)


def reply_of(data: bytes) -> Reply:
    return _REPLIES.decode(data)


_ENCODER = msgspec.json.Encoder()
_QUESTIONS = msgspec.json.Decoder(Question)
_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Impossible | Possible | Unknown)
