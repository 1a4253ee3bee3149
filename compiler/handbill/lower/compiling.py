"""What every part of one campaign's lowering shares: its names, its templates, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.language.expression import CompiledExpression, compile_expression
from handbill.language.expressions.facts import Assumption
from handbill.language.html.link_places import place_written
from handbill.language.mail.settings import PLAIN, MailSettings
from handbill.language.reasoning.claims import Claim, ClaimKind, conditions_of
from handbill.language.scope import Root, Scope
from handbill.language.template import CompiledTemplate, TemplateKind, compile_template
from handbill.lower.addresses import Refused, refused_host
from handbill.lower.links import refused_in_html, refused_in_url
from handbill.lower.links_in_text import refused_in_text
from handbill.lower.templates import TemplateLibrary
from handbill.plan.ir import Expression, Op
from handbill.plan.types import BoolType, Type
from handbill.source.text import SourceText
from handbill.source.watched import another_part


@dataclass(frozen=True, slots=True)
class Compiling:
    """`found` and `claims` are shared by everything derived from one campaign's Compiling."""

    scope: Scope
    templates: TemplateLibrary
    tenant: str
    link_domains: tuple[str, ...] = ()
    postal_address: str = ""
    domains_at: SourceRange | None = None
    """Where `link_domains` are listed."""
    found: list[Diagnostic] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def binding(self, name: str, root: Root) -> Compiling:
        return replace(self, scope=self.scope.binding(name, root))

    def assuming(self, rule: CompiledExpression, holds: bool) -> Compiling:
        """Where `rule` turned out so, for everybody."""
        facts = rule.when_true if holds else rule.when_false
        said = () if rule.expression is None else (Assumption(rule.expression, holds),)
        return replace(self, scope=self.scope.assuming(facts, *said))

    def in_locale(self, locale: str, fallback: tuple[str, ...] = ()) -> Compiling:
        """The same names, with the dates, numbers and templates of `locale`; the texts and files of
        `fallback`, in order, stand in for those that it lacks."""
        scope = replace(self.scope, locale=locale)
        return replace(self, scope=scope, templates=self.templates.in_locale(locale, fallback))

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Keeps each finding once: a text shared by variants is compiled for each of them."""
        for diagnostic in diagnostics:
            mine = replace(diagnostic, tenant=self.tenant)
            if mine not in self.found:
                self.found.append(mine)

    def claim(
        self, kind: ClaimKind, condition: Expression, where: SourceRange, subject: str = ""
    ) -> None:
        """Notes that some customer who gets here meets the condition."""
        conditions = (*conditions_of(self.scope.assumptions), condition)
        self.claims.append(Claim(kind, conditions, where, subject))

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
        mail: MailSettings = PLAIN,
    ) -> tuple[Op, ...] | None:
        """The operations, or None with the reasons kept. `blocks` are laid over named blocks."""
        return self.compiled(source, kind, blocks, blocks_at, mail).ops

    def compiled(
        self,
        source: SourceText,
        kind: TemplateKind,
        blocks: Mapping[str, SourceText] | None = None,
        blocks_at: Mapping[str, SourceRange] | None = None,
        mail: MailSettings = PLAIN,
        where: SourceRange | None = None,
    ) -> CompiledTemplate:
        """The same with everything that comes of it. `where` is the place of what is found in it
        and stands nowhere in a file as it was found; else that is the whole source."""
        another_part()
        compiled = compile_template(
            source, self.scope, kind, self.templates, blocks, blocks_at, mail
        )
        self.add(compiled.diagnostics)
        if compiled.ops is not None:
            self._check_links(compiled, compiled.ops, kind, where or source.whole)
        return compiled

    def _check_links(
        self,
        compiled: CompiledTemplate,
        ops: tuple[Op, ...],
        kind: TemplateKind,
        whole: SourceRange,
    ) -> None:
        """Whatever leads elsewhere, once, where the template says it first."""
        domains = self.link_domains
        refused: dict[Refused, SourceRange] = {}
        for link in compiled.links:
            foreign = refused_host(link.host, domains)
            if foreign is not None:
                refused.setdefault(foreign, link.place.range)
        for each in _refused(compiled.page or ops, compiled.text, kind, domains):
            refused.setdefault(each, whole)
        for each, otherwise in refused.items():
            place = place_written(each.written, compiled.drafts)
            self._refuse(each, place.range if place else otherwise)

    def _refuse(self, refused: Refused, where: SourceRange) -> None:
        at = self.domains_at
        related = (Related("the retailer's link domains", at),) if at else ()
        self.add(
            [
                Diagnostic(
                    refused.code,
                    refused.message,
                    where,
                    hint=refused.hint,
                    related=related if refused.code == "HB611" else (),
                )
            ]
        )


def _refused(
    ops: tuple[Op, ...], text: tuple[Op, ...] | None, kind: TemplateKind, domains: tuple[str, ...]
) -> tuple[Refused, ...]:
    match kind:
        case TemplateKind.HTML:
            return (*refused_in_html(ops, domains), *refused_in_text(text or (), domains))
        case TemplateKind.URL:
            return refused_in_url(ops, domains)
        case TemplateKind.TEXT | TemplateKind.HEADER:
            return refused_in_text(ops, domains)
        case TemplateKind.VALUE:
            return ()
        case _:
            assert_never(kind)
