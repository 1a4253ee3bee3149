"""Control flow and holes of MJML, through the converter and into what customers get."""

from __future__ import annotations

import html as html_module

import pytest
from mail_world import column, document, findings, html, mail, words

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.html.tokens import Comment, EndTag, StartTag, html_tokens
from handbill.language.mail.mjml import generated_only, out_of_order
from handbill.language.mail.redraft import GENERATED
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftIf,
    DraftPut,
    DraftText,
    Place,
)
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Escape, Field, If, Put
from handbill.plan.types import BoolType, StringType
from handbill.source.text import SourceText

SECTION = "<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>"
GOLD = "{% if customer.gold %}", "{% endif %}"
EACH = "{% for d in customer.favorites %}", "{% endfor %}"


def around(flow: tuple[str, str], inner: str) -> str:
    return inner.join(flow)


TEXT = "<mj-text>there</mj-text>"
HALF = f'<mj-column width="50%">{TEXT}</mj-column>'
BUTTON = '<mj-button href="https://fresh.example/">there</mj-button>'
NETWORK = '<mj-social-element src="https://fresh.example/i.png">there</mj-social-element>'
LINK = '<mj-navbar-link href="https://fresh.example/">there {{ d }}</mj-navbar-link>'
FOLD = (
    "<mj-accordion-element><mj-accordion-title>there</mj-accordion-title>"
    "<mj-accordion-text>{{ d }}</mj-accordion-text></mj-accordion-element>"
)
FOLDS = (
    '<mj-accordion icon-wrapped-url="https://fresh.example/a"'
    ' icon-unwrapped-url="https://fresh.example/b">'
)
CAROUSEL = '<mj-carousel left-icon="https://fresh.example/a" right-icon="https://fresh.example/b">'
PICTURE = '<mj-carousel-image alt="there" src="https://fresh.example/c" />'
HERO = '<mj-hero background-color="#fff">'

SURVIVES = {
    "section": document(around(GOLD, SECTION.format("there"))),
    "sections in a loop": document(around(EACH, SECTION.format("{{ d }} there"))),
    "column": document(f"<mj-section>{around(GOLD, HALF)}</mj-section>"),
    "group": document(
        f"<mj-section>{around(GOLD, f'<mj-group><mj-column>{TEXT}</mj-column></mj-group>')}"
        "</mj-section>"
    ),
    "column of a group": document(
        f"<mj-section><mj-group>{around(GOLD, HALF)}</mj-group></mj-section>"
    ),
    "hero": document(around(GOLD, f"{HERO}{TEXT}</mj-hero>")),
    "inside a hero": document(f"{HERO}{around(GOLD, TEXT)}</mj-hero>"),
    "text": column(around(GOLD, TEXT)),
    "words": words(around(GOLD, "there")),
    "button": column(around(GOLD, BUTTON)),
    "words of a button": column(BUTTON.replace("there", around(GOLD, "there"))),
    "social": column(around(GOLD, f"<mj-social>{NETWORK}</mj-social>")),
    "navbar link": column(f"<mj-navbar>{around(EACH, LINK)}</mj-navbar>"),
    "accordion element": column(f"{FOLDS}{around(EACH, FOLD)}</mj-accordion>"),
    "wrapper": document(around(GOLD, f"<mj-wrapper>{SECTION.format('there')}</mj-wrapper>")),
    "carousel": column(around(GOLD, f"{CAROUSEL}{PICTURE}</mj-carousel>")),
    "list item": words(f"<ul>{around(EACH, '<li>there {{ d }}</li>')}</ul>"),
    "table row": column(f"<mj-table>{around(EACH, '<tr><td>there {{ d }}</td></tr>')}</mj-table>"),
    "raw": document(f"<mj-raw>{around(GOLD, '<p>there</p>')}</mj-raw>"),
}


@pytest.mark.parametrize("name", SURVIVES)
def test_control_flow_survives(name: str) -> None:
    """Shown to who it is for, gone for others, and the plan says which: nothing is decided early."""
    source = SURVIVES[name]
    shown = html(source, gold=True, favorites=("a", "b"))
    hidden = html(source, gold=False, favorites=())
    assert "there" in shown and "there" not in hidden
    assert len(html(source, gold=True, favorites=("a",))) <= len(shown)


@pytest.mark.parametrize(
    "source",
    [
        document(f"<mj-wrapper>{around(GOLD, SECTION)}</mj-wrapper>"),
        column(f"<mj-social>{around(GOLD, NETWORK)}</mj-social>"),
        column(f"{CAROUSEL}{around(GOLD, PICTURE)}</mj-carousel>"),
    ],
)
def test_control_flow_that_outlook_would_not_survive(source: str) -> None:
    assert findings(source) == [("HB583", "{% if customer.gold %}")]


def test_a_hole_is_escaped_where_it_stands_each_time() -> None:
    """A title stands in <title> and in an attribute."""
    source = words("x", "<mj-title>{{ customer.name }}</mj-title>")
    made = html(source, name='"><i>')
    assert '<title>"&gt;&lt;i&gt;</title>' in made
    assert 'aria-label="&quot;&gt;&lt;i&gt;"' in made
    ops = mail(source).ops
    assert ops is not None
    escapes = [op.escape for op in ops if isinstance(op, Put)]
    assert set(escapes) == {Escape.HTML_TEXT, Escape.HTML_ATTRIBUTE}


def test_a_colour_that_is_chosen_stands_in_styles_and_attributes() -> None:
    source = column(
        '<mj-button href="https://fresh.example/" background-color='
        "\"{{ '#111111' if customer.gold else '#222222' }}\">x</mj-button>"
    )
    gold, others = html(source), html(source, gold=False)
    assert 'bgcolor="#111111"' in gold and "background:#111111" in gold
    assert gold.replace("#111111", "#222222") == others


XSS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='x", "--><b>",
    "<!--", "]]>", "</td></tr></table><h1>", "{{ 7*7 }}", "{% if x %}", "hb0p", "hb1o", "<mj-text>",
    "&lt;b&gt;", "\\u{1}", "javascript:alert(1)", "<![endif]-->",
]  # fmt: skip


@pytest.mark.parametrize("value", XSS)
def test_values_are_inert_wherever_they_stand(value: str) -> None:
    source = words(
        '<p title="{{ customer.name }}">{{ customer.name }}</p>'
        "{% for d in customer.favorites %}<b>{{ d }}</b>{% endfor %}",
        "<mj-title>{{ customer.name }}</mj-title>",
    )
    attacked = html(source, name=value, favorites=(value,))
    harmless = html(source, name="NAME", favorites=("NAME",))
    assert _tags(attacked) == _tags(harmless)
    assert html_module.unescape(attacked).count(value) >= 5


def _tags(text: str) -> list[str]:
    return [
        getattr(token, "name", "comment")
        for token in html_tokens(text)
        if isinstance(token, StartTag | EndTag | Comment)
    ]


def test_set_is_seen_after_the_branches_that_set_it() -> None:
    source = words(
        "{% set who = customer.name %}{% if customer.gold %}{% set who = 'Gold ' ~ customer.name %}"
        "{% endif %}<p>{{ who }}</p>{% for d in customer.favorites %}{% set up = d | upper %}"
        "<i>{{ up }}</i>{% endfor %}"
    )
    assert "<p>Gold Ann</p><i>BAKERY</i><i>DAIRY</i>" in html(source)
    assert "<p>Ann</p>" in html(source, gold=False, favorites=())


def test_layouts_blocks_and_includes() -> None:
    files = {
        "layout.mjml": document("{% block content %}{% endblock %}", "<mj-title>T</mj-title>"),
        "piece.mjml": SECTION.format("Hi {% include 'name.html' %}"),
        "name.html": "<b>{{ customer.name }}</b>",
    }
    source = (
        '{% extends "layout.mjml" %}{% block content %}{% include "piece.mjml" %}{% endblock %}'
    )
    assert "Hi <b>Ann</b>" in html(source, files=files)


def test_mjml_and_html_do_not_mix() -> None:
    files = {"a.mjml": words("x"), "a.html": "<p>x</p>{% block b %}{% endblock %}"}
    assert findings('{% include "a.mjml" %}', files=files, file="main.html") == [
        ("HB589", '"a.mjml"'),
    ]
    found = findings('{% extends "a.html" %}{% block b %}x{% endblock %}', files=files)
    assert found == [("HB589", '"a.html"')]


def test_selectors_that_depend_on_what_is_shown() -> None:
    style = "<mj-style>a { b: c } p:first-child { color: red }</mj-style>"
    assert findings(words(around(GOLD, "x"), style)) == [("HB587", "p:first-child")]
    assert findings(words("{{ customer.name }}", style)) == []
    with_hole = "<mj-style>p:first-child { color: {{ brand.color }} }</mj-style>"
    assert findings(words(around(GOLD, "x"), with_hole)) == [("HB587", "p:first-child")]


def test_hostile_sizes_end_soon_and_in_words() -> None:
    rounds = "{% for n in params.numbers %}" + "x" * 2_100 + "{% endfor %}"
    assert findings(words(rounds))[0][0] == "HB586"
    assert findings(words("<b>" * 30_000))[0][0] in ("HB586", "HB565")
    assert findings(words("<b>" * 3_000 + "</b>" * 3_000))[0][0] == "HB586"


def test_a_prefix_that_the_template_uses_itself() -> None:
    made = html(words("hb hbq hb0p hb1o {{ customer.name }}"))
    assert "hb hbq hb0p hb1o Ann" in made


def drafts() -> tuple[Draft, ...]:
    source = SourceText.of_file("t/a.mjml", "{{ customer.name }}")
    return (DraftPut(Field(("customer", "name"), StringType(9)), Place(source, 3, 16)),)


def test_findings_in_what_was_made_are_told_at_something_that_was_written() -> None:
    where = SourceRange(GENERATED, 1, 1, 1, 2)
    here = SourceRange("t/a.mjml", 1, 4, 1, 17)
    made = Diagnostic("HB565", "</td> closes nothing", where)
    own = Diagnostic("HB560", "no", here)
    marked = mark_template(drafts())
    told = generated_only((made, own, made), marked)
    assert [(each.code, each.range and each.range.file) for each in told] == [
        ("HB588", "t/a.mjml"),
        ("HB560", "t/a.mjml"),
    ]
    assert "</td> closes nothing" in told[0].message


def test_findings_in_what_was_made_are_told_at_the_control_flow() -> None:
    source = document(around(GOLD, SECTION.format("x")))
    ops = mail(source).ops
    assert ops is not None and any(isinstance(op, If) for op in ops)
    text = SourceText.of_file("t/a.mjml", "{% if x %}")
    gold = Field(("customer", "gold"), BoolType())
    place = Place(text, 0, 10)
    choice = DraftIf((DraftBranch(gold, (DraftText("x", place),), place),), (), place)
    marked = mark_template((choice,))
    made = Diagnostic("HB564", "<td> is opened in one branch", SourceRange(GENERATED, 1, 1, 1, 2))
    (told,) = generated_only((made,), marked)
    assert told.range == place.range and told.notes == ("<td> is opened in one branch",)
    assert out_of_order(None, marked).range == place.range
