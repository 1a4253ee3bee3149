"""A tenant's computed fields: each is checked, whether a campaign uses it yet or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.language.expression import compile_expression
from handbill.language.expressions.computed import COMPUTED_FROM
from handbill.language.scope import Scope
from handbill.language.vocabulary.records import Vocabulary
from handbill.resolve.model import ResolvedTenant
from handbill.source.text import SourceText


def check_computed_fields(
    tenant: ResolvedTenant, scope: Scope, vocabulary: Vocabulary
) -> Iterator[Diagnostic]:
    """Names that the vocabulary already has, and what is wrong with the expressions.

    `scope` is what rules of the tenant's campaigns see.
    """
    yield from _clashes(tenant, vocabulary)
    roots = {name: root for name, root in scope.roots.items() if name in COMPUTED_FROM}
    told = False
    for source in computed_sources(tenant).values():
        compiled = compile_expression(
            source, replace(scope, roots=roots), None, may_be_missing=True
        )
        for found in compiled.diagnostics:
            elsewhere = found.code == "HB502" and not _is_in(source, found)
            if not (told and elsewhere):
                yield found
            told = told or elsewhere


def _is_in(source: SourceText, found: Diagnostic) -> bool:
    """Whether it is this field's own mistake. A chain of fields that is too long is one mistake, and
    told at as many places as it has beginnings."""
    place, whole = found.range, source.whole
    if place is None or place.file != whole.file:
        return False
    return (
        (whole.line, whole.column)
        <= (place.line, place.column)
        <= (
            whole.end_line,
            whole.end_column,
        )
    )


def computed_sources(tenant: ResolvedTenant) -> Mapping[str, SourceText]:
    """The tenant's computed fields by name, as far as no layer took them away."""
    return {
        str(path[-1]): tenant.computed.text(path)
        for path, cell in sorted(tenant.computed.cells.items())
        if cell.value is not None
    }


def _clashes(tenant: ResolvedTenant, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    for path, cell in sorted(tenant.computed.cells.items()):
        declared = vocabulary.customer.fields.get(str(path[-1]))
        if cell.value is None or declared is None:
            continue
        related = (Related("declared here", declared.range),) if declared.range else ()
        yield Diagnostic(
            "HB529",
            f"`customer.{path[-1]}` is a declared field, and cannot be computed as well",
            tenant.computed.key_range(path),
            hint=f"call it customer.{path[-1]}_computed, or take it out of the vocabulary",
            related=related,
        )
