"""Findings about one text: where, how bad, what to type, and a customer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handbill.diagnostics.diagnostic import Severity

if TYPE_CHECKING:
    from conftest import Configuration

BASE = Path(__file__).parents[2] / "golden" / "base"
CONTRACT = """
address: email
parts:
  subject: {kind: text, max: 60, warn_over: 30, lead: 20, required: true}
  html: {kind: html, required: true}
"""
SMS = """
address: phone
parts:
  body: {kind: text, max: 480, max_segments: 1, required: true}
"""


def subject(configuration: Configuration, text: str) -> Configuration:
    configuration.lay({"channels/email/channel.yaml": CONTRACT})
    return configuration.campaign(message=f'{{email: {{subject: "{text}", template: hello.html}}}}')


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("x" * 30, []),
        ("x" * 31, ["HB624"]),
        ("x" * 60, ["HB624"]),
        ("x" * 61, ["HB610"]),
        ("Your {{ customer.tier | default('basic') }} card", []),
        ("A rather long beginning of {{ customer.lifetime_orders }}", ["HB624", "HB625"]),
        ("{{ customer.first_name | default('you') | truncate(9) }}", []),
        ("{{ customer.first_name | default('') | truncate(9) }}", ["HB627"]),
        ("{% if customer.tier | default('basic') == 'gold' %}Gold{% endif %}", ["HB627"]),
        ("{% for d in customer.departments | default([]) %}!{% endfor %}", ["HB627"]),
        ("{{ customer.departments | default([]) | join(' ') | truncate(9) }}", ["HB627"]),
        ("Hi {{ customer.first_name | default('you') | truncate(9) }}", []),
        ("{{ customer.tier | default('basic') }}", []),
    ],
)
def test_codes(configuration: Configuration, text: str, codes: list[str]) -> None:
    assert subject(configuration, text).compile().codes == codes


def test_what_to_type(configuration: Configuration) -> None:
    text = "Hi {{ customer.first_name | default('you') }}, {{ customer.state | default('') }} waits"
    finding = subject(configuration, text).compile().only()
    assert finding.severity is Severity.WARNING
    assert finding.message.startswith("this subject can become 53 characters long")
    assert finding.hint == "{{ customer.first_name | default('you') | truncate(17) }}"
    assert finding.notes == (
        "`customer.first_name | default('you')` makes up to 40 characters of it",
        "`customer.state | default('')` makes up to 2 characters of it",
    )
    assert finding.witness == {"first_name": "M" * 40, "state": "MM"}
    assert subject(configuration, text.replace("default('you')", "default('you') | truncate(17)")).compile().codes == []  # fmt: skip


def test_where_values_exclude_each_other_it_says_at_most(configuration: Configuration) -> None:
    text = (
        "{{ 'a rather long text' if customer.lifetime_orders % 2 == 0 else '' }}"
        "{{ 'another long text' if customer.lifetime_orders % 2 == 1 else '' }}"
    )
    found = subject(configuration, text).compile().findings
    (finding,) = [each for each in found if each.code == "HB624"]
    assert "at most 35 characters: the longest found is 18" in finding.notes


def test_the_alphabet_is_proposed_where_it_helps(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS})
    name = "{{ customer.first_name | default('you') | truncate(20) | replace('…', '.') }}"
    text = name + "{{ customer.store.name if customer.store is defined else 'us' }}"
    finding = configuration.campaign(message=f'{{sms: {{body: "{text}"}}}}').compile().only()
    assert finding.hint == (
        'declare "x-alphabet": "gsm" for `name` in schemas/data/stores.schema.json and '
        "`first_name` in schemas/customer.schema.json"
    )
    longer = text + "x" * 140
    finding = configuration.campaign(message=f'{{sms: {{body: "{longer}"}}}}').compile().only()
    assert finding.hint == "shorten the text"


def test_letters_of_a_language_are_only_a_warning(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS.replace("1,", "2,")})
    message = '{sms: {body: "Más tamales para todos' + "x" * 80 + '"}}'
    finding = configuration.campaign(message=message).compile().only()
    assert (finding.code, finding.severity) == ("HB620", Severity.WARNING)
    assert finding.hint is not None and finding.hint.startswith("with a the longest text is 102")


def with_nick(configuration: Configuration, body: str) -> Configuration:
    """An SMS of one segment about `nick`, whose letters are those of plain SMS."""
    place = BASE / "schemas/customer.schema.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    schema["properties"]["nick"] = {"type": "string", "maxLength": 75, "x-alphabet": "gsm"}
    configuration.lay(
        {"channels/sms/channel.yaml": SMS, "schemas/customer.schema.json": json.dumps(schema)}
    )
    return configuration.campaign(message=f'{{sms: {{body: "{body}"}}}}')


@pytest.mark.parametrize(
    ("then", "nick"),
    [
        ("upper", "à" * 75),
        ("lower", "Σ" * 75),
        ("replace('a', 'œ')", "a" * 75),
        ("replace('oe', 'œ') | truncate(72)", "M" * 75),
    ],
)
def test_who_is_shown_costs_what_is_said(
    configuration: Configuration, then: str, nick: str
) -> None:
    body = f"{{{{ customer.nick | default('x') | {then} }}}}"
    outcome = with_nick(configuration, body).compile()
    (found,) = [each for each in outcome.findings if each.code == "HB621"]
    assert found.message == "this SMS can cost 2 segments; the channel takes 1"
    assert found.witness == {"nick": nick}


def test_who_was_not_found_is_not_shown(configuration: Configuration) -> None:
    half = "{{{{ customer.nick | default('') if customer.lifetime_orders % 2 == {} else '' }}}}"
    body = "Hi" + half.format(0) + half.format(1)
    (found,) = with_nick(configuration, body).compile().findings
    assert found.code == "HB621" and found.witness is None
    assert found.notes[-1] == "at most 2 segments: the longest found is 1"


def test_characters_that_cannot_be_seen_are_named(configuration: Configuration) -> None:
    configuration.lay({"channels/sms/channel.yaml": SMS})
    body = "Ten\\u00a0% off,\\u202ftoday" + "x" * 80
    found = configuration.campaign(message=f'{{sms: {{body: "{body}"}}}}').compile().only()
    assert found.code == "HB620" and found.message.endswith(
        "because of 2 characters: U+00A0, a no-break space and U+202F, a narrow no-break space"
    )
    assert found.hint is not None
    assert found.hint.startswith("with a plain space the longest text is 96 characters")
