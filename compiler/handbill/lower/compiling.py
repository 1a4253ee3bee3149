"""What every part of one campaign's lowering shares: its names, its templates, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.expression import CompiledExpression, compile_expression
from handbill.language.expressions.facts import Assumption
from handbill.language.scope import Root, Scope
from handbill.language.template import TemplateKind, compile_template
from handbill.lower.templates import TemplateLibrary
from handbill.plan.ir import Expression, Op
from handbill.plan.types import BoolType, Type
from handbill.source.text import SourceText
from handbill.source.watched import another_part


@dataclass(frozen=True, slots=True)
class Compiling:
    """`found` is shared by everything derived from one campaign's Compiling."""

    scope: Scope
    templates: TemplateLibrary
    tenant: str
    link_domains: tuple[str, ...] = ()
    found: list[Diagnostic] = field(default_factory=list)

    def binding(self, name: str, root: Root) -> Compiling:
        return replace(self, scope=self.scope.binding(name, root))

    def assuming(self, rule: CompiledExpression, holds: bool) -> Compiling:
        """Where `rule` turned out so, for everybody."""
        facts = rule.when_true if holds else rule.when_false
        said = () if rule.expression is None else (Assumption(rule.expression, holds),)
        return replace(self, scope=self.scope.assuming(facts, *said))

    def in_locale(self, locale: str) -> Compiling:
        """The same names, with the dates, numbers and templates of `locale`."""
        scope = replace(self.scope, locale=locale)
        return replace(self, scope=scope, templates=self.templates.in_locale(locale))

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keeps each finding once: a text shared by variants is compiled for each of them."""
        for diagnostic in diagnostics:
            mine = replace(diagnostic, tenant=self.tenant)
            if mine not in self.found:
                self.found.append(mine)

    def report(self, code: str, message: str, where: SourceRange, hint: str) -> None:
        self.add([Diagnostic(code, message, where, hint=hint)])

    def rule(self, source: SourceText) -> CompiledExpression:
        """A condition on the customer, and what is known where it holds or does not."""
        compiled = compile_expression(source, self.scope, BoolType())
        self.add(compiled.diagnostics)
        return compiled

    def value(self, source: SourceText, expected: Type | None) -> Expression | None:
        compiled = compile_expression(source, self.scope, expected)
        self.add(compiled.diagnostics)
        return compiled.expression

    def template(
        self,
        source: SourceText,
        kind: TemplateKind,
        blocks: Mapping[str, SourceText] | None = None,
        blocks_at: Mapping[str, SourceRange] | None = None,
    ) -> tuple[Op, ...] | None:
        """The operations, or None with the reasons kept. `blocks` are laid over named blocks."""
        another_part()
        compiled = compile_template(source, self.scope, kind, self.templates, blocks, blocks_at)
        self.add(compiled.diagnostics)
        return compiled.ops
