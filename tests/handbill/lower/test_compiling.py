"""What one campaign's lowering shares: names by scope, and every finding once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.scope import ConstantRoot, Scope
from handbill.language.template import TemplateKind
from handbill.lower.compiling import Compiling
from handbill.lower.templates import TemplateLibrary
from handbill.plan.ir import Const, Text
from handbill.plan.types import IntType
from handbill.source.text import SourceText
from handbill.source.working_tree import open_working_tree

if TYPE_CHECKING:
    from conftest import Configuration


@pytest.fixture
def compiling(configuration: Configuration) -> Compiling:
    tree, _ = open_working_tree(configuration.folder)
    assert tree is not None
    library = TemplateLibrary(tree, frozenset(tree.paths), frozenset())
    scope = Scope({"word": ConstantRoot("one thousand"), "number": ConstantRoot(1000)})
    return Compiling(scope, library, "green")


def source(text: str) -> SourceText:
    return SourceText.of_file("a.yaml", text)


def test_a_finding_is_kept_once_and_belongs_to_the_tenant(compiling: Compiling) -> None:
    other = compiling.binding("x", ConstantRoot(1)).in_locale("fr-CA")
    for each in (compiling, other, other):
        each.report("HB453", "x", SourceRange("a.yaml", 1, 1, 1, 2), "y")
    assert [(each.code, each.tenant) for each in compiling.found] == [("HB453", "green")]
    compiling.add([replace(compiling.found[0], tenant=None), Diagnostic("HB453", "z")])
    assert len(compiling.found) == 2


def test_a_binding_is_not_seen_outside(compiling: Compiling) -> None:
    inner = compiling.binding("x", ConstantRoot(1))
    assert inner.value(source("x + number"), IntType()) == Const(IntType(1001, 1001), 1001)
    assert compiling.value(source("x"), IntType()) is None
    assert [each.code for each in compiling.found] == ["HB504"]


def test_a_locale_decides_about_numbers_and_templates(compiling: Compiling) -> None:
    here = compiling.in_locale("fr-CA")
    assert here.templates.locale == here.scope.locale == "fr-CA"
    ops = here.template(source("{{ number | number }}"), TemplateKind.TEXT)
    assert ops == (Text("1\xa0000"),)
    assert compiling.template(source("{{ number | number }}"), TemplateKind.TEXT) == (
        Text("1,000"),
    )


def test_a_rule_is_a_condition(compiling: Compiling) -> None:
    assert compiling.rule(source("number")).expression is None
    assert compiling.rule(source("number > 1")).expression is not None
    assert [each.code for each in compiling.found] == ["HB524"]


def test_a_template_with_a_mistake_is_none(compiling: Compiling) -> None:
    assert compiling.template(source("{{ nothing }}"), TemplateKind.TEXT) is None
    assert [each.code for each in compiling.found] == ["HB504"]


def test_a_link_in_a_text_leads_where_the_retailer_says(configuration: Configuration) -> None:
    text = "{% if customer.first_name is defined %}https://WWW.freshfields.example/?a={% else %}"
    text += "https://evil.example:8443/{% endif %}{{ customer.id | truncate(9) }}"
    configuration.campaign(message=f'{{sms: {{body: "{text}"}}}}')
    findings = configuration.compile().findings
    assert [each.code for each in findings] == ["HB611"], findings
    finding = findings[0]
    assert "evil.example, which" in finding.message
