from __future__ import annotations

from diff_world import HELLO, campaign, changed, compared

from handbill.diff.model import ContentChange, PartDiff

TEMPLATE = "tenants/fresh-fields/templates/hello.html"
VARIANTS = (
    "experiment:\n  variants:\n    plain: {weight: 1}\n"
    '    warm: {weight: 1, message: {email: {subject: "Friends, points!"}}}\n'
)


def texts(part: PartDiff) -> tuple[str, str]:
    removed = "".join(each.text for each in part.stretches if each.kind == "removed")
    return removed, "".join(each.text for each in part.stretches if each.kind == "added")


def contents(before: str, after: str) -> list[ContentChange]:
    entry = changed(after, before)
    return [each for each in entry.aspects if isinstance(each, ContentChange)]


def test_the_words_that_differ_and_where() -> None:
    (change,) = contents(campaign(), campaign(("Double", "Triple")))
    assert (change.message, change.channel, change.where) == ("main", "email", (("only", "en-US"),))
    (text,) = change.texts
    assert [(part.part, texts(part)) for part in text.parts] == [("subject", ("Double", "Triple"))]


def test_an_experiment_is_compared_with_what_everybody_got() -> None:
    (change,) = contents(campaign(), campaign(more=VARIANTS))
    assert change.where == (("warm", "en-US"),)
    (back,) = contents(campaign(more=VARIANTS), campaign())
    assert back.where == (("warm", "en-US"),)


def test_what_changes_alike_in_two_variants_is_told_once() -> None:
    added = campaign(("hello.html}", 'hello.html, preheader: "Now"}'), more=VARIANTS)
    (change,) = contents(campaign(more=VARIANTS), added)
    (text,) = change.texts
    assert text.where == (("plain", "en-US"), ("warm", "en-US"))


def test_a_channel_that_is_added() -> None:
    sms = campaign(("  email:", '  sms: {body: "Hello. Reply STOP to end"}\n  email:'))
    (change,) = contents(campaign(), sms)
    assert change.channel == "sms"
    assert texts(change.texts[0].parts[0]) == ("", "Hello. Reply STOP to end")


def test_a_hole_is_shown_in_the_words_of_the_language() -> None:
    named = campaign(("Double points", "{{ customer.first_name | default('You') }}, double"))
    (change,) = contents(campaign(), named)
    _, added = texts(change.texts[0].parts[0])
    assert "{{ customer.first_name | default('You') }}" in added


def test_a_template_shows_where_it_is_used() -> None:
    html = (
        "<!doctype html><html><body><h1>Hello</h1>{% if customer.is_employee | default(false) %}"
        "<p>Colleague</p>{% elif customer.tier is defined %}<p>Member</p>{% else %}<p>You</p>"
        "{% endif %}{% for each in (customer.departments | default([]))[:2] %}<p>{{ each }}</p>"
        "{% else %}<p>None</p>{% endfor %}"
        '{{ brand.postal_address }} <a href="{{ unsubscribe_url }}">x</a></body></html>\n'
    )
    (entry,) = compared({TEMPLATE: html}, {TEMPLATE: html.replace("Colleague", "Friend")}).entries
    (change,) = entry.aspects
    assert isinstance(change, ContentChange)
    (part,) = (each for each in change.texts[0].parts if each.part == "html")
    assert texts(part) == ("Colleague", "Friend")
    whole = "".join(each.text for each in part.stretches)
    assert "{% if customer.is_employee | default(false) %}" in whole
    assert "{% elif customer.tier is defined %}" in whole


def test_no_message_differs_where_only_a_limit_does() -> None:
    assert contents(campaign(), campaign(more="priority: 60\n")) == []
    assert compared({HELLO: campaign()}, {HELLO: campaign()}).entries == ()
