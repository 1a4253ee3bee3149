"""What `handbill fmt` makes of a file says the same, and is left alone the second time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from ruamel.yaml import YAML

sys.path.append(str(Path(__file__).parent))

from yaml_world import documents

from handbill.authoring.formatting.document import Formatted, expected, format_file
from handbill.authoring.formatting.repository import contracts_of
from handbill.schema.document_schema import document_schema
from handbill.source.layout import DocumentKind, classify
from handbill.source.working_tree import open_working_tree
from handbill.source.yaml import load_document

ROOT = Path(__file__).parents[4]
TREE, _ = open_working_tree(ROOT)
assert TREE is not None
CONTRACTS = contracts_of(TREE)
CAMPAIGN = "tenants/fresh-fields/campaigns/x.yaml"
SCHEMAS = {kind: document_schema(kind, CONTRACTS) for kind in DocumentKind if kind.is_yaml}


def fmt(text: str | bytes, path: str = CAMPAIGN) -> Formatted:
    place = classify(path)
    assert place is not None
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return format_file(path, data, place, SCHEMAS[place.kind], CONTRACTS)


def made(text: str, path: str = CAMPAIGN) -> str:
    result = fmt(text, path)
    assert result.found == () and result.text is not None
    return result.text


@given(documents())
@settings(
    max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@example("uses: x\n# about owner\nowner: a\n\n# about status\nstatus: active\n")
def test_it_says_the_same_and_is_done_at_once(text: str) -> None:
    before, problems = load_document(CAMPAIGN, text.encode())
    result = fmt(text)
    if before is None:
        assert result.text is None and result.found == problems
        return
    assert isinstance(before.value, dict | list)
    assert result.text is not None, text
    after, none = load_document(CAMPAIGN, result.text.encode())
    assert none == () and after is not None
    assert after.value == expected(before.value, CONTRACTS)
    assert fmt(result.text).text == result.text
    assert result.text.endswith("\n") and not result.text.startswith("\n")
    assert "\r" not in result.text


def test_another_reader_agrees_about_this_projects_own_files() -> None:
    """ruamel.yaml reads the formatted files as it reads the originals."""
    assert TREE is not None
    reader = YAML(typ="safe", pure=True)
    seen = 0
    for path in TREE.paths:
        place = classify(path)
        if place is None or not place.kind.is_yaml:
            continue
        text = TREE.read(path).decode()
        result = made(text, path)
        assert made(result, path) == result, path
        if "’" not in text:
            assert reader.load(result) == reader.load(text), path
        seen += 1
    assert seen > 100


def test_most_generated_files_can_be_read() -> None:
    """Else the law above would say little."""
    read = []

    @given(documents())
    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
    def look(text: str) -> None:
        read.append(load_document(CAMPAIGN, text.encode())[0] is not None)

    look()
    assert sum(read) > len(read) / 3


def test_fields_come_in_one_order_and_comments_go_with_them() -> None:
    text = """\
# yaml-language-server: $schema=x
# What this campaign is for.

# who gets it
audience:
    include: everyone   # all of them
    # nobody is left out
status: draft
# marketing
category: promotions

message:
  sms: {body: Hello}
# how
deliver: {mode: all}
# the end
"""
    assert (
        made(text)
        == """\
# yaml-language-server: $schema=x
# What this campaign is for.

# marketing
category: promotions
status: draft
# who gets it
audience:
  include: everyone  # all of them
  # nobody is left out

message:
  sms: {body: "Hello"}
# how
deliver: {mode: all}
# the end
"""
    )


def test_texts_are_quoted_and_other_words_are_not() -> None:
    text = """\
category: promotions
description: Every Thursday
with: {theme: Soup, name: 'Soup'}
message:
  email:
    subject: It's soup season
    preheader: 'Say "yes"'
    body: |
      <p>Soup</p>
  push: {title: Soup, body: "Hot \\u00e9"}
"""
    assert (
        made(text)
        == """\
category: promotions
description: Every Thursday
with: {theme: Soup, name: "Soup"}
message:
  email:
    subject: "It's soup season"
    preheader: 'Say "yes"'
    body: |
      <p>Soup</p>
  push: {title: "Soup", body: "Hot \\u00e9"}
"""
    )


def test_what_check_has_to_say_is_not_hidden_by_quotes() -> None:
    """A text that a comment cuts (HB214), pasted quotation marks (HB225), digits for a text (HB219)."""
    text = """\
message:
  email: {template: x.mjml}
  push:
    title: Deal #1 ends
    body: “Soup”
  sms:
    body: 0142
"""
    assert made(text) == text.replace(" #1", "  #1")


def test_apostrophes_of_sms_become_plain_where_that_makes_it_cheaper() -> None:
    text = """\
message:
  push: {title: "It’s soup", body: "It’s hot"}
  sms: {body: "It’s soup, {{ customer.first_name | default('l’ami') }}"}
experiment:
  variants:
    a:
      message:
        sms:
          body: {en-US: ‘Soup’ it's, fr-CA: "Ça, c’est d’été: ç", es-US: 'No’s'}
"""
    assert (
        made(text)
        == """\
message:
  push: {title: "It’s soup", body: "It’s hot"}
  sms: {body: "It's soup, {{ customer.first_name | default('l’ami') }}"}
experiment:
  variants:
    a:
      message:
        sms:
          body: {en-US: "'Soup' it's", fr-CA: "Ça, c’est d’été: ç", es-US: "No's"}
"""
    )


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 1\na: 2\n", "a: &x 1\n", "\ta: 1\n", "", "# nothing\n", "a: b\x07\n"]
)
def test_what_cannot_be_read_is_left_alone_and_told(text: str) -> None:
    result = fmt(text)
    assert result.text is None and result.found and result.found[0].is_error


def test_a_file_without_fields_is_left_alone() -> None:
    assert fmt("just words\n") == Formatted(None)


def test_what_would_lose_a_comment_is_left_alone() -> None:
    result = fmt("? category # why\n: promotions\n")
    assert result.text is None and [each.code for each in result.found] == ["HB761"]
    assert not result.found[0].is_error


def test_windows_line_ends_and_a_marker_go() -> None:
    assert (
        made("---\r\ncategory: promotions\r\nstatus: draft")
        == "category: promotions\nstatus: draft\n"
    )
