"""Plain HTML: styles in tags and in place, the same rules as for MJML."""

from __future__ import annotations

import pytest
from mail_world import findings, html, mail, words

from handbill.language.mail.settings import MailSettings
from handbill.language.templates.assembly import closed
from handbill.plan.ir import Put, Text

FLOW = "{% if customer.gold %}<p>{{ customer.name }}</p>{% endif %}"


def page(style: str, body: str) -> str:
    return f"<!doctype html><html><head><style>{style}</style></head><body>{body}</body></html>"


def plain(source: str, **customer: object) -> str:
    return html(source, file="main.html", **customer)


def test_rules_are_written_into_tags() -> None:
    made = plain(page("p{color:red} @media (x){p{top:0}}", f"{FLOW}<p class='a'>b</p>"))
    assert made == (
        "<!DOCTYPE html><html><head><style>p{color:red} @media (x){p{top:0}}</style></head><body>"
        '<p style="color: red;">Ann</p><p class="a" style="color: red;">b</p></body></html>'
    )
    assert "Ann" not in plain(page("p{color:red}", FLOW), gold=False)


def test_without_rules_the_html_stays_as_it_was_written() -> None:
    source = page("@media (x){p{top:0}}", f"<P class='a'>b</P>{FLOW}")
    assert plain(source) == source.replace(FLOW, "<p>Ann</p>")


def test_a_hole_in_a_style_is_escaped_wherever_it_comes_to_stand() -> None:
    source = page("p{color:{{ '#111' if customer.gold else '#222' }}}", "<p>a</p>")
    assert '<p style="color: #111;">' in plain(source) and "p{color:#111}" in plain(source)
    assert '<p style="color: #222;">' in plain(source, gold=False)


def test_rows_of_tables_stay_in_their_branches() -> None:
    rows = (
        "{% for d in customer.favorites %}<tr><td>{{ d }}</td></tr>{% else %}<tr></tr>{% endfor %}"
    )
    made = plain(page("td{top:0}", f"<table>{rows}</table>"), favorites=("a",))
    assert '<table><tbody><tr><td style="top: 0;">a</td></tr></tbody></table>' in made
    made = plain(page("td{top:0}", f"<table>{rows}</table>"), favorites=())
    assert "<table><tbody><tr></tr></tbody></table>" in made


@pytest.mark.parametrize(
    ("source", "code", "under"),
    [
        (page("p:first-child{color:red}", FLOW), "HB587", "p:first-child"),
        (page("p{color:red", "<p>x</p>"), "HB597", "{"),
        (page("p{color:red}}", "<p>x</p>"), "HB597", "}"),
        (
            page(
                "p{color:red}",
                "<table><tr><td>{{ customer.id }}</td></tr>{{ customer.name }}</table>",
            ),
            "HB588",
            "",
        ),
        (page("p{color:red}", "<b>" * 70 + "</b>" * 70), "HB586", "<b>"),
        ("<p>{{ customer.name }}</p><mjml></mjml>", "HB580", "<mjml>"),
        (page("a{b:c}", "<b>"), "HB565", "</body>"),
    ],
)
def test_refused(source: str, code: str, under: str) -> None:
    found = findings(source, file="main.html")
    assert (code, under) in found or (under == "" and code in [each for each, _ in found]), found


def test_an_element_that_browsers_would_close_is_told_at_its_branch() -> None:
    source = page("p{color:red}", "<p>a{% if customer.gold %}<div>b</div>{% endif %}</p>")
    result = mail(source, file="main.html")
    assert [each.code for each in result.diagnostics] == ["HB588"]
    assert result.ops is None


def test_an_empty_template() -> None:
    assert plain("") == ""
    assert findings("{# nothing #}") == [("HB580", "{# nothing #}")]


def test_what_is_read_includes_the_text_part() -> None:
    result = mail(words('<a href="{{ unsubscribe_url }}">x {{ customer.name }}</a>'))
    assert result.reads == {("customer", "name"), ("unsubscribe_url",)}
    assert result.text is not None


def test_warnings_do_not_keep_a_mail_from_being_made() -> None:
    settings = MailSettings(locale="en-US")
    result = mail(words("{customer.name}"), settings)
    assert [each.code for each in result.diagnostics] == ["HB576"]
    assert result.ops is not None


def test_a_choice_between_a_constant_and_the_same_text_is_none() -> None:
    """It is none in what is sent, so neither in what is read of it."""
    choice = "{% if customer.gold %}{{ 'a' }}{% else %}a{% endif %}"
    result = mail(f'<p>{choice}</p><a href="https://fresh.example/a">x</a>', file="main.html")
    assert result.ops == result.page and len(result.ops or ()) == 1
    kept = mail("<p>{{ 'a' }}{{ customer.name }}</p>", file="main.html")
    assert kept.ops is not None and len(kept.ops) == 3
    assert [type(op) for op in kept.page] == [Text, Put, Put, Text]
    assert closed(kept.page) == kept.ops
