"""Operations read back as HTML."""

from __future__ import annotations

from template_world import ops_of

from handbill.language.html.events import Mark, Opened, html_events
from handbill.language.html.tokens import EndTag
from handbill.plan.ir import Escape, For, If, Put, Set, Text


def kinds(html: str) -> list[str]:
    found = []
    for event in html_events(ops_of(html)):
        match event:
            case str():
                found.append(repr(event)) if event else None
            case Mark(kind=kind, op=op):
                found.append(f"{type(op).__name__} {kind}")
            case Opened():
                found.append(f"<{event.tag.name}>")
            case EndTag():
                found.append(f"</{event.name}>")
    return found


def test_events() -> None:
    html = "<p>a &amp; {{ customer.name }}</p>{% if customer.gold %}b{% else %}c{% endif %}<br>"
    assert kinds(html) == [
        "<p>", "'a & '", "Put p", "</p>", "If o", "'b'", "If n", "'c'", "If c", "<br>",
    ]  # fmt: skip


def test_what_is_set_inside_a_tag_is_kept() -> None:
    assert kinds('<p title="{% set x = customer.name %}{{ x }}">{{ x }}</p>') == [
        "Set s", "<p>", "Put p", "</p>",
    ]  # fmt: skip
    assert kinds("<!--[if mso]>{% set x = customer.name %}{{ x }}<![endif]-->") == ["Set s"]


def test_loops_have_two_bodies() -> None:
    assert kinds("{% for f in customer.favorites %}{{ f }}{% endfor %}") == [
        "For o", "Put p", "For n", "For c",
    ]  # fmt: skip


def test_attributes_are_read_with_their_holes() -> None:
    html = '<img src="https://x.example" alt="A &amp; {{ customer.name }}!">'
    (event,) = (each for each in html_events(ops_of(html)) if isinstance(each, Opened))
    first, name, last = event.parts("alt")
    assert (first, last) == (Text("A & "), Text("!"))
    assert isinstance(name, Put) and name.escape is Escape.PLAIN
    assert event.parts("title") == []


def test_values_in_addresses_stay_percent_encoded() -> None:
    html = '<a href="https://x.example/{{ customer.name }}?b={{ customer.id }}&amp;c">x</a>'
    (event,) = (each for each in html_events(ops_of(html)) if isinstance(each, Opened))
    assert [part.text if isinstance(part, Text) else part.escape for part in event.parts("href")] == [
        "https://x.example/", Escape.URL_SEGMENT, "?b=", Escape.URL, "&c",
    ]  # fmt: skip


def test_operations_are_found_again() -> None:
    ops = ops_of(
        "hb0p{% set x = customer.name %}{% for f in customer.favorites %}{{ x }}{% endfor %}"
    )
    marks = [each.op for each in html_events(ops) if isinstance(each, Mark)]
    assert [type(op) for op in marks] == [Set, For, Put, For, For]
    assert marks[1] is marks[3]
    assert not any(isinstance(op, If) for op in marks)
