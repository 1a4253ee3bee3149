"""A whole template, from source text to operations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from template_world import SCOPE, Templates, compiled, message, mistakes, ops_of, render, run

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.html.text_part import derive_text
from handbill.language.template import TemplateKind, compile_template, fields_read
from handbill.language.templates.layers import parsed_template
from handbill.plan.ir import Escape, Put, Text
from handbill.source.text import SourceText


def test_operations() -> None:
    ops = ops_of("<p>Hi {{ customer.name }} of {{ tenant.name }}</p>")
    assert [type(op) for op in ops] == [Text, Put, Text]
    assert ops[2] == Text(" of Fresh &amp; Fields</p>")
    assert isinstance(ops[1], Put) and ops[1].escape is Escape.HTML_TEXT


def test_the_fields_that_it_reads() -> None:
    html = (
        "{% set x = customer.orders %}{% if customer.gold %}{{ x }}{% else %}{{ customer.tier }}"
        "{% endif %}{% for f in customer.favorites %}{{ f }}{{ customer.points }}{% else %}"
        "{{ customer.name }}{% endfor %}{{ unsubscribe_url }}{{ tenant.name }}"
    )
    reads = {
        ("customer", "orders"),
        ("customer", "gold"),
        ("customer", "tier"),
        ("customer", "favorites"),
        ("customer", "points"),
        ("customer", "name"),
        ("unsubscribe_url",),
    }
    assert compiled(html).reads == reads
    assert fields_read(ops_of(html)) == reads


def test_errors_give_no_operations() -> None:
    result = compiled("{{ customer.nam }}")
    assert result.ops is None and result.reads == frozenset()


def test_syntax_errors_are_said() -> None:
    assert compiled("{% if customer.gold %}x").ops is None
    assert [code for code, _ in mistakes("{{ customer.name ")] == ["HB500"]
    assert [code for code, _ in mistakes("{% include 'a.html' %}", files={"a.html": "{{ x"})] == [
        "HB500"
    ]


def test_a_template_inside_a_yaml_text() -> None:
    """Columns are those of the YAML file, also in a block scalar."""
    whole = SourceRange("c.yaml", 4, 5, 6, 1)
    text = SourceText(
        "Hi\n{{ customer.nam }}\n", "c.yaml", whole, first_line=5, first_column=7, indent=6
    )
    result = compile_template(text, SCOPE, TemplateKind.TEXT, Templates({}))
    (found,) = result.diagnostics
    assert str(found.range) == "c.yaml:6:19"


def test_a_text_whose_places_are_not_known() -> None:
    whole = SourceRange("c.yaml", 4, 5, 4, 30)
    text = SourceText("<p>{{ customer.name }}", "c.yaml", whole, exact=False)
    (found,) = compile_template(text, SCOPE, TemplateKind.HTML, Templates({})).diagnostics
    assert (found.code, found.range) == ("HB565", whole)


def test_where_a_block_was_named() -> None:
    source = SourceText.of_file("t/a.html", "{% block hero %}{% endblock %}")
    at = SourceRange("c.yaml", 9, 3, 9, 7)
    override = SourceText.of_file("t/b.html", "x")
    result = compile_template(
        source, SCOPE, TemplateKind.HTML, Templates({}), {"head": override}, {"head": at}
    )
    assert [(each.code, each.range) for each in result.diagnostics] == [("HB554", at)]


def test_all_kinds_of_findings_at_once() -> None:
    html = "<p>{{ customer.nam }}<b title={{ customer.name }}></p>{% macro x() %}{% endmacro %}"
    assert mistakes(html) == [
        ("HB505", "nam"),
        ("HB551", "{% macro x() %}"),
        ("HB561", "customer.name"),
        ("HB565", "</p>"),
    ]


def test_parses_are_remembered() -> None:
    source = SourceText.of_file("t/a.html", "{{ customer.name }}")
    same = SourceText.of_file("t/a.html", "{{ customer.name }}")
    assert parsed_template(source) is parsed_template(same)


def test_compiling_twice_gives_the_same() -> None:
    html = "{% for f in customer.favorites %}{{ f }}{% endfor %}{% set x = customer.name %}{{ x }}"
    assert ops_of(html) == ops_of(html)
    assert run(ops_of(html)) == "BakeryDairyAnn"


def test_text_kinds_do_not_read_html() -> None:
    assert render("a < {{ customer.name }} </b>", TemplateKind.TEXT) == "a < Ann </b>"
    assert message("{{ nothing }}", TemplateKind.TEXT)[0]


def test_findings_are_diagnostics_with_places() -> None:
    for each in compiled("{{ customer.nam }}<b>").diagnostics:
        assert isinstance(each, Diagnostic) and each.range is not None


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "{% if customer.gold %}", "{% elif params.loud %}", "{% else %}", "{% endif %}",
            "{% for f in customer.favorites %}", "{% for d in params.departments %}", "{% endfor %}",
            "{% set x = customer.name %}", "{% set x = 1 %}", "{{ x }}", "{{ f }}", "{{ loop.index }}",
            "{% block a %}", "{% endblock %}", "{{ super() }}", "{% extends 'a.html' %}",
            "{% include 'a.html' %}", "{% include x %}", "{{ customer.name }}", "{{ tenant.name }}",
            "{{ unsubscribe_url }}", "{{ brand.odd }}", "{#", "#}", "{{", "}}", "{%-", "-%}", "{% raw %}",
            "{% endraw %}", "<p>", "</p>", "<a href=\"", "\">", "'", "<!--", "-->", "<title>",
            "</title>", "<style>", "</style>", "<script>", "</script>", "<br/>", "<p/>", "\n", "&", "<",
            "{{ [1] }}", "{{ none }}", "{{ 1 / 0 }}", "{% macro m() %}", "{% endmacro %}", "|", "é",
            "<!--[if mso]>", "<![endif]-->", " style=\"", " title=", "{{ customer.first_name }}",
            "{% for b in customer.basket[:2] %}", "{{ b.name }}", "{{ b.note }}", "{{ b }}", "{{ b.nme }}",
            "{% for b in customer.basket | selectattr('note', 'defined') %}", "{% set x = customer.basket %}",
            "{{ x[0].name }}", "{% for p in params.products %}", "{{ p.name }}", "{% for y in x %}", "{{ y.note }}",
            "{% set x = customer.basket | first %}", "{{ customer.basket | join(', ', attribute='note') }}",
        ]
    ),
    max_size=14,
)  # fmt: skip


@given(FRAGMENTS, st.sampled_from(list(TemplateKind)))
def test_no_template_crashes(fragments: list[str], kind: TemplateKind) -> None:
    result = compiled(
        "".join(fragments), kind, files={"a.html": "<b>{% block a %}{% endblock %}</b>"}
    )
    assert (result.ops is None) == any(each.is_error for each in result.diagnostics)
    if result.ops is not None:
        run(derive_text(result.ops))
        run(result.ops)
