"""The policies of a handbill.yaml, compiled: each condition checked as an audience's rule is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.expression import compile_expression
from handbill.language.expressions.reads import Path
from handbill.plan.ir import Expression
from handbill.plan.types import BoolType
from handbill.policy.deciding import paths_in
from handbill.policy.vocabulary import CHANGE, SCOPE
from handbill.schema.models.platform import PlatformDocument
from handbill.schema.models.review import Policy
from handbill.source.located import LocatedDocument
from handbill.source.text import SourceText


@dataclass(frozen=True)
class WrittenPolicy:
    """`condition` is None where it has errors. `range` is that of the whole `when`."""

    name: str
    level: Literal["deny", "warn", "approve"]
    by: tuple[str, ...]
    message: str | None
    when: str
    condition: Expression | None
    range: SourceRange

    @cached_property
    def reads(self) -> frozenset[Path]:
        return frozenset() if self.condition is None else paths_in(self.condition)

    @property
    def is_about_changes(self) -> bool:
        """Whether it can only be judged where something changes."""
        return any(path[0] == CHANGE for path in self.reads)


def read_policies(
    platform: PlatformDocument, document: LocatedDocument
) -> tuple[tuple[WrittenPolicy, ...], tuple[Diagnostic, ...]]:
    """Every policy in the order of the file, and what is wrong with their conditions."""
    found: list[Diagnostic] = []
    return tuple(_read(platform, document, found)), tuple(found)


def _read(
    platform: PlatformDocument, document: LocatedDocument, found: list[Diagnostic]
) -> Iterator[WrittenPolicy]:
    for index, policy in enumerate(platform.policies):
        source = _text_of(document, index, policy)
        compiled = compile_expression(source, SCOPE, BoolType())
        found.extend(compiled.diagnostics)
        yield WrittenPolicy(
            policy.name,
            policy.level,
            tuple(policy.by or ()),
            policy.message,
            policy.when,
            compiled.expression,
            source.whole,
        )


def _text_of(document: LocatedDocument, index: int, policy: Policy) -> SourceText:
    path = ("policies", index, "when")
    scalar = document.scalar_of(path)
    if scalar is not None:
        return scalar.text
    return SourceText(policy.when, document.file, document.range_of(path), exact=False)
