"""What `handbill audience` prints: for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rich_click as click

if TYPE_CHECKING:
    from handbill.language.expressions.facts import Path as FieldPath
    from handbill.language.reasoning.declared import Declarations
    from handbill.language.reasoning.reasoner import Answer, Reasoner
    from handbill.language.reasoning.relation import Relation
    from handbill.plan.ir import Expression
    from handbill.plan.model import Audience
    from handbill.plan.types import Type

REPORT_VERSION = 1
"""Of the JSON that `--output json` prints."""


@dataclass(frozen=True)
class NamedAudience:
    """An audience, what to call it, and what is declared of the fields that it may read."""

    name: str
    audience: Audience
    declarations: Declarations


# ── one audience ─────────────────────────────────────────────────────────────────────────────────


def show_audience(named: NamedAudience, reasoner: Reasoner, milliseconds: int, output: str) -> None:
    from handbill.language.reasoning.declared import question_about
    from handbill.language.reasoning.question import all_of, negation
    from handbill.language.reasoning.relation import is_in

    def ask(condition: Expression) -> Answer:
        return reasoner.answer(question_about(condition, named.declarations, milliseconds))

    inside = is_in(named.audience)
    include = named.audience.include
    answers = {"in": ask(inside), "not in": ask(negation(inside))}
    for name, exclusion in sorted(named.audience.exclude.items()):
        answers[f"excluded by {name}"] = ask(all_of((include, exclusion)))
    types = _types((inside,))
    if output == "json":
        report = {key: _report(answer, types) for key, answer in answers.items()}
        _print({"audience": named.name, "answers": report})
        return
    click.echo(named.name)
    _show_answers(answers, types)


# ── two audiences ────────────────────────────────────────────────────────────────────────────────


def show_relation(
    one: NamedAudience, other: NamedAudience, reasoner: Reasoner, milliseconds: int, output: str
) -> None:
    from handbill.language.reasoning.agreeing import agreed
    from handbill.language.reasoning.declared import declared_in_both
    from handbill.language.reasoning.relation import is_in, relation_of

    declarations = declared_in_both(one.declarations, other.declarations)
    relation = relation_of(one.audience, other.audience, declarations, reasoner, milliseconds)
    types = _types(agreed((is_in(one.audience), is_in(other.audience))))
    answers = {
        f"only in {one.name}": relation.lost,
        f"only in {other.name}": relation.gained,
        "in both": relation.kept,
    }
    if output == "json":
        report = {
            "lost": _report(relation.lost, types),
            "gained": _report(relation.gained, types),
            "kept": _report(relation.kept, types),
        }
        _print({"from": one.name, "to": other.name, "relation": relation.kind, "answers": report})
        return
    click.echo(_sentence(one.name, other.name, relation))
    _show_answers(answers, types)
    if (one.audience.limit, one.audience.rank) != (other.audience.limit, other.audience.rank):
        click.echo("  their limits differ; a limit cuts among those who are in")


def _sentence(one: str, other: str, relation: Relation) -> str:
    if relation.nobody:
        return f"nobody can be in {one} or in {other}"
    match relation.kind:
        case "equal":
            return f"{one} and {other} have the same customers"
        case "widened":
            return f"{one} is contained in {other}"
        case "narrowed":
            return f"{one} contains {other}"
        case "disjoint":
            return f"{one} and {other} have no customer in common"
        case "mixed":
            return f"{one} and {other} overlap"
        case "unknown":
            return f"how {one} lies to {other} is not known"


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def _types(conditions: Sequence[Expression]) -> dict[FieldPath, Type]:
    from handbill.language.reasoning.declared import fields_of

    return {field.path: field.type for each in conditions for field in fields_of(each)}


def _show_answers(answers: Mapping[str, Answer], types: Mapping[FieldPath, Type]) -> None:
    width = max(map(len, answers))
    for name, answer in answers.items():
        click.echo(f"  {name + ':':<{width + 1}} {_said(answer, types)}")


def _said(answer: Answer, types: Mapping[FieldPath, Type]) -> str:
    from handbill.language.reasoning.question import Unknown
    from handbill.language.reasoning.reasoner import Found

    match answer:
        case Found():
            return json.dumps(_example(answer, types), ensure_ascii=False)
        case Unknown(reason=reason):
            return f"unknown, because {reason}"
        case _:
            return "nobody"


def _report(answer: Answer, types: Mapping[FieldPath, Type]) -> dict[str, object]:
    from handbill.language.reasoning.question import Unknown
    from handbill.language.reasoning.reasoner import Found

    match answer:
        case Found():
            return {"answer": "somebody", "example": _example(answer, types)}
        case Unknown(reason=reason):
            return {"answer": "unknown", "reason": reason}
        case _:
            return {"answer": "nobody"}


def _example(answer: Answer, types: Mapping[FieldPath, Type]) -> Mapping[str, object]:
    from handbill.language.reasoning.example import shown
    from handbill.language.reasoning.reasoner import Found

    assert isinstance(answer, Found)
    return shown({path: answer.example[path] for path in answer.example if path in types}, types)


def _print(report: Mapping[str, object]) -> None:
    click.echo(json.dumps({"version": REPORT_VERSION, **report}, ensure_ascii=False))
