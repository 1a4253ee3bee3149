"""Links in texts: which hosts they lead to, through branches and loops."""

from __future__ import annotations

import pytest
from template_world import compiled

from handbill.language.html.address_reading import MANY, MAX_READINGS
from handbill.language.html.text_links import read_links
from handbill.language.template import TemplateKind
from handbill.language.templates.draft import DraftPut, DraftText, Place
from handbill.plan.ir import Call, Const, Field, Operation
from handbill.plan.types import IntType, StringType
from handbill.source.text import SourceText

TEXT = StringType(60)
PLACE = Place(SourceText.of_file("t/main.html", "x" * 60), 0, 1)


def links(text: str, kind: TemplateKind = TemplateKind.TEXT) -> list[tuple[str, str]]:
    result = compiled(text, kind)
    assert result.ops is not None, result.diagnostics
    return [(link.host, link.place.text) for link in result.links]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {{ customer.name }}", []),
        ("https://x.example/ {{ customer.name }}", []),
        ("https://x.example/{{ tenant.name }}", []),
        ("https://X.example:8443/{{ customer.name }}", [("x.example", "customer.name")]),
        ("www.x.example/?a={{ customer.name }}", [("www.x.example", "customer.name")]),
        ("{% if customer.gold %}https://a.example/{% else %}https://b.example/{% endif %}"
         "{{ customer.name }}", [("a.example", "customer.name"), ("b.example", "customer.name")]),
        ("https://a.example/{% for f in customer.favorites %}{{ f }}/{% endfor %}",
         [("a.example", "f")]),
        ("{% for f in customer.favorites %}{{ f }} https://a.example/?{% endfor %}x",
         [("a.example", "f")]),
        ("{% for f in customer.favorites %}x{% else %}https://b.example/{% endfor %}"
         " https://c.example/{{ customer.id }}", [("c.example", "customer.id")]),
        ("{{ unsubscribe_url }}&a={{ customer.name }}", []),
    ],
)  # fmt: skip
def test_hosts(text: str, expected: list[tuple[str, str]]) -> None:
    if "{{ f }} https" in text:
        # in the first round the value stands apart, in the next ones it ends the link
        result = compiled(text, TemplateKind.TEXT)
        assert [each.code for each in result.diagnostics] == ["HB568"]
        return
    assert sorted(links(text)) == expected


def test_hosts_in_html() -> None:
    html = "<p>https://x.example/{{ customer.name }}&nbsp;{{ customer.id }}</p>"
    assert links(html, TemplateKind.HTML) == [("x.example", "customer.name")]
    assert links('<a href="https://x.example/{{ customer.name }}">x</a>', TemplateKind.HTML) == []


def test_more_ways_than_are_followed() -> None:
    count = MAX_READINGS + 1
    hosts = tuple(Const(TEXT, f"https://x{number}.example/") for number in range(count))
    half = len(hosts) // 2
    index = Field(("offer", "index"), IntType(1, half))
    chosen = [Call(Operation.CHOOSE, (index, *some), TEXT) for some in (hosts[:half], hosts[half:])]
    name = DraftPut(Field(("customer", "name"), TEXT), PLACE)
    both = DraftPut(Call(Operation.IF, (Field(("a",), IntType(0, 1)), *chosen), TEXT), PLACE)
    drafts = [DraftText("see ", PLACE), both, name]
    found = read_links(drafts).at(name)
    assert found == {MANY} or len(found) <= MAX_READINGS
