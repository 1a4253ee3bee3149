"""The text part reads as the mail does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_world import column
from mail_world import text as mjml_text
from template_world import ANN, UNSUBSCRIBE, ops_of, run

from handbill.language.expressions.reads import expressions_of
from handbill.language.html.text_part import derive_text
from handbill.plan.ir import Escape, For, If, Op, Put, Set


def text(html: str, **customer: object) -> str:
    return run(derive_text(ops_of(html)), **customer)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<h1>a</h1>b<br>c<br/><br/>d", "a\n\nb\nc\n\nd"),
        ("<div>a</div>\n <div> <div>b</div></div>c", "a\nb\nc"),
        ("<b>a</b><i>b</i> <u>c</u>", "ab c"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d", "a b\nc\nd"),
        ("<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr>"
         "<tr><td>c</td></tr><tr><td>d</td></tr></table>", "a\nb\n\nc\nd"),
        ("x<ul><li>a</li><li>b <b>c</b></li></ul>y", "x\n\n- a\n- b c\n\ny"),
        ("a<hr>b", "a\n--------------------\nb"),
        ("a &amp; b &copy; &nbsp;&lt;c&gt;", "a & b © <c>"),
        ('<a href="https://x.example/a">go</a>.', "go (https://x.example/a)."),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ('<a href="#top">up</a>', "up"),
        ('<a href="https://x.example"><img src="https://x.example/i.png" alt=""></a>', ""),
        ('<a href="https://x.example"><img src="https://x.example/i.png" alt="Shop"></a>',
         "Shop (https://x.example)"),
        ('<img src="https://x.example/i.png" alt="A &amp; B">', "A & B"),
        ("<head><title>t</title><style>a{}</style></head><body>b</body>", "b"),
        ('<div style="display: none">hidden <b>too</b></div>a<p hidden>b</p><i aria-hidden="true">c</i>', "a"),
        ("a<!-- b --><!--[if mso]>c<![endif]--><!--[if !mso]><!-->d<!--<![endif]-->", "ad"),
        ("", ""),
        ("  \n ", ""),
    ],
)  # fmt: skip
def test_fragments(html: str, expected: str) -> None:
    assert text(html) == expected


def test_values_are_written_as_they_are() -> None:
    html = '<p title="{{ customer.tier }}">Hi {{ customer.name }} &amp; {{ tenant.name }}</p>'
    assert text(html, name="<O'Hara>") == "Hi <O'Hara> & Fresh & Fields"
    html = '<a href="{{ unsubscribe_url }}">Unsubscribe</a>'
    assert text(html) == f"Unsubscribe ({UNSUBSCRIBE})"
    assert text('<img src="https://x.example" alt="for {{ customer.name }}">') == "for Ann"


def test_control_flow_stays() -> None:
    html = (
        "<p>a</p>{% if customer.gold %}<p>gold</p>{% elif customer.orders > 3 %}<p>many</p>{% endif %}"
        "<ul>{% for f in customer.favorites %}<li>{{ f }}</li>{% else %}<li>none</li>{% endfor %}</ul>"
        "<p>z</p>"
    )
    assert text(html) == "a\n\ngold\n\n- Bakery\n- Dairy\n\nz"
    assert text(html, gold=False, favorites=()) == "a\n\nmany\n\n- none\n\nz"
    assert text(html, gold=False, orders=0, favorites=("x",)) == "a\n\n- x\n\nz"


def test_a_branch_within_a_line() -> None:
    html = "Hello {% if customer.gold %}dear {% endif %}<b>{{ customer.name }}</b>!"
    assert text(html) == "Hello dear Ann!"
    assert text(html, gold=False) == "Hello Ann!"
    html = "Hello {% if customer.gold %}dear{% endif %} friend"
    assert text(html) == "Hello dear friend"
    assert text(html, gold=False) == "Hello friend"
    html = "<p>a</p>{% if customer.gold %}b{% endif %}<p>c</p>"
    assert text(html) == "a\n\nb\n\nc"
    assert text(html, gold=False) == "a\n\nc"


def test_control_flow_at_the_end_leaves_no_white_space() -> None:
    html = "a {% if customer.gold %}<p>b</p>{% else %}<div>c</div>{% endif %} "
    assert text(html) == "a\n\nb"
    assert text(html, gold=False) == "a\nc"


def test_rounds_of_a_loop_are_apart() -> None:
    html = "<p>x</p>{% for f in customer.favorites %}<div>{{ f }}</div>{% endfor %}<div>y</div>"
    assert text(html) == "x\n\nBakery\nDairy\ny"
    html = "{% for f in customer.favorites %}<p>{{ f }}</p>{% endfor %}"
    assert text(html).rstrip() == "Bakery\n\nDairy"
    html = "{% for f in customer.favorites %}{{ f }}<br>{% endfor %}z"
    assert text(html) == "Bakery\nDairy\nz"
    html = "{% for f in customer.favorites %}{% if loop.first %}:{% endif %} {{ f }}{% endfor %}"
    assert text(html) == ": Bakery Dairy"
    html = "<p>x</p>{% for f in customer.favorites %}<p>a</p>{{ f }}{% endfor %}<p>y</p>"
    assert text(html) == "x\n\na\n\nBakery\n\na\n\nDairy\n\ny"
    assert text(html, favorites=()) == "x\n\ny"


def test_what_is_set_in_hidden_places_is_known() -> None:
    html = (
        '<div style="display:none">{% set n = customer.name %}{{ n }}</div>{{ n }}'
        "{% if customer.gold %}{% set m = 'x' %}{% else %}{% set m = 'y' %}{% endif %}{{ m }}"
    )
    assert text(html) == "Annx"
    assert text(html, gold=False) == "Anny"
    inside = '<p title="{% set n = customer.name %}{{ n }}">{{ n }}</p>'
    assert text(inside) == "Ann"


def test_a_loop_in_a_link() -> None:
    html = '<a href="https://x.example">{% for f in customer.favorites %}{{ f }} {% endfor %}</a>'
    assert text(html) == "Bakery Dairy (https://x.example)"


def test_values_are_plain_text_and_parts_of_links_stay_parts_of_links() -> None:
    html = '<p>{{ customer.name }} <a href="https://x.example/{{ customer.id }}">here</a></p>'
    ops = derive_text(ops_of(html))
    assert [op.escape for op in ops if isinstance(op, Put)] == [Escape.PLAIN, Escape.URL_SEGMENT]
    assert run(ops, name="A\nB", id="a/b") == "A B here (https://x.example/a%2Fb)"


BLOCKS = st.recursive(
    st.sampled_from(
        ["a", " ", "b c", "<br>", "{{ customer.name }}", "<hr>", "&amp;",
         '<img src="https://x.example" alt="i">']
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(st.sampled_from(["p", "div", "b", "li", "td", "h2"]), inner).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
        inner.map(lambda body: f'<a href="https://x.example">{body}</a>'),
        st.tuples(inner, inner).map(
            lambda pair: f"{{% if customer.gold %}}{pair[0]}{{% else %}}{pair[1]}{{% endif %}}"
        ),
        inner.map(lambda body: f"{{% for x in customer.favorites %}}{body}{{{{ x }}}}{{% endfor %}}"),
    ),
    max_leaves=8,
)  # fmt: skip


@given(BLOCKS, st.booleans(), st.integers(0, 2))
def test_the_text_of_any_mail(html: str, gold: bool, favorites: int) -> None:
    """No needless white space, and every word of the mail is there."""
    if html.count("{% for") > 1:  # loops in loops would share a name
        return
    customer = {"gold": gold, "favorites": ("F", "G")[:favorites]}
    ops = ops_of(html)
    plain = run(derive_text(ops), **customer)
    if html.count("{% if") + html.count("{% for") <= 1:  # what stands before a point is certain
        assert plain == plain.lstrip()
        assert "\n\n\n" not in plain and "  " not in plain
    markup = run(ops, **customer)
    for word in ("a", "b c", "Ann", "F", "G", "&"):
        shown = markup.replace("&amp;", "&").replace("<br>", "").replace('alt="i"', "")
        if shown.count(word) and word not in ("a", "b c", "&"):
            assert plain.count(word) == shown.count(word)


def test_only_what_is_needed_is_read() -> None:
    ops = ops_of('<p title="{{ customer.tier }}">{{ customer.name }}</p>')
    assert len(list(expressions_of(derive_text(ops)))) == 1
    assert set(ANN) > {"name", "tier"}


def test_every_kind_of_operation_survives() -> None:
    html = (
        "{% set n = customer.name %}{% if customer.gold %}a{% endif %}"
        "{% for f in customer.favorites %}{{ n }}{% endfor %}"
    )
    kinds: list[type[Op]] = [type(op) for op in derive_text(ops_of(html))]
    assert kinds == [Set, If, For]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<mj-text>a</mj-text><mj-text>b</mj-text>", "a\n\nb"),
        ('<mj-button href="https://x.example/a">Go</mj-button><mj-text>b</mj-text>',
         "Go (https://x.example/a)\n\nb"),
        ("<mj-button>Go</mj-button>", "Go"),
        ('<mj-image src="https://x.example/i" alt="Apples" href="https://x.example/a" />',
         "Apples (https://x.example/a)"),
        ('<mj-image src="https://x.example/i" alt="Apples"></mj-image><mj-text>b</mj-text>', "Apples\n\nb"),
        ('<mj-image src="https://x.example/i" alt="" href="https://x.example/a" /><mj-text>b</mj-text>', "b"),
        ("<mj-text>a</mj-text><mj-divider /><mj-spacer /><mj-text>b</mj-text>", "a\n\n--------------------\n\nb"),
        ("<mj-table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></mj-table>", "a 1\nb 2"),
        ("<mj-navbar><mj-navbar-link href='https://x.example/a'>A</mj-navbar-link>"
         "<mj-navbar-link href='https://x.example/b'>B</mj-navbar-link></mj-navbar>",
         "A (https://x.example/a)\nB (https://x.example/b)"),
        ("<mj-text><ul>{% for d in customer.favorites %}<li>{{ d }}</li>{% endfor %}</ul>b</mj-text>",
         "- Bakery\n- Dairy\n\nb"),
        ("{% if customer.gold %}<mj-text>a</mj-text>{% endif %}<mj-text>b</mj-text>", "a\n\nb"),
    ],
)  # fmt: skip
def test_mjml(content: str, expected: str) -> None:
    assert mjml_text(column(content)) == expected


def test_the_head_of_mjml_is_no_text() -> None:
    head = "<mj-title>T</mj-title><mj-preview>P</mj-preview><mj-style>a { b: c }</mj-style>"
    assert mjml_text(column("<mj-text>a</mj-text>", head)) == "a"
