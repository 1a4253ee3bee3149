"""Merge tags of other systems and holes with one brace: a warning, with the hole that was meant."""

from __future__ import annotations

import pytest
from template_world import SCOPE, Templates

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.language.template import TemplateKind, compile_template
from handbill.source.text import SourceText


def warned(text: str, kind: TemplateKind = TemplateKind.TEXT) -> tuple[Diagnostic, ...]:
    result = compile_template(SourceText.of_file("f", text), SCOPE, kind, Templates({}))
    assert result.ops is not None
    return result.diagnostics


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Hi { customer.first_name }!", "{{ customer.first_name }}"),
        ("Hi {customer.first_name | default('you')}", "{{ customer.first_name | default('you') }}"),
        ("Hi {first_name}", "{{ customer.first_name }}"),
        ("Hi *|FNAME|*", "{{ customer.first_name }}"),
        ("Hi %%first%%", "{{ customer.first_name }}"),
        ("Hi ${name}", "{{ customer.name }}"),
        ("Hi ${nickname}", "{{ customer.… }}"),
        ("{% if customer.gold %}{tier}{% endif %}", "{{ customer.tier }}"),
        ("{% for f in customer.favorites %}*|TIER|*{% endfor %}", "{{ customer.tier }}"),
    ],
)
def test_what_was_meant(text: str, hint: str) -> None:
    (found,) = warned(text)
    assert (found.code, found.severity, found.hint) == ("HB576", Severity.WARNING, hint)


def test_it_points_at_the_tag() -> None:
    (found,) = warned("Hi *|FNAME|*!")
    assert found.range is not None
    assert (found.range.column, found.range.end_column) == (4, 13)


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{ customer.name }}",
        "Hi {{ '*|FNAME|*' }}",
        "100%% and %% of it",
        "a {} b { } c {1}",
        "{ customer.name and more }",
        "$5 {or so, they say}",
        "*| not this |*",
    ],
)
def test_what_is_no_tag(text: str) -> None:
    assert warned(text) == ()


def test_css_is_no_tag() -> None:
    html = "<style>p { color: red } .a{margin:0}</style><p>Hi</p>"
    assert warned(html, TemplateKind.HTML) == ()
