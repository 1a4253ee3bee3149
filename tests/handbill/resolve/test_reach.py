"""From a line to the values that it has a say in, on the sample retailers."""

from __future__ import annotations

import functools
import pathlib

import pytest

from handbill.cli.why_line import Configuration
from handbill.resolve.reach import Line, Reached, paths_on, reach_of
from handbill.resolve.resolve import resolve_repository
from handbill.schema.documents import check_documents
from handbill.source.documents import load_documents
from handbill.source.working_tree import open_working_tree
from handbill.source.yaml import load_document

SAMPLES = pathlib.Path(__file__).parents[3]


@functools.cache
def samples() -> Configuration:
    tree, _ = open_working_tree(SAMPLES)
    assert tree is not None
    checked, _ = check_documents(load_documents(tree)[0])
    return Configuration(tree, checked, resolve_repository(checked.documents, checked.places)[0])


def reached(file: str, text: str) -> list[Reached]:
    """By the first line of the file that holds the text."""
    asked = samples()
    lines = asked.tree.read(file).decode().split("\n")
    number = next(at for at, line in enumerate(lines, 1) if text in line)
    paths = paths_on(asked.documents.documents[file], number)
    return list(reach_of(Line(file, paths), asked.tenants))


DOCUMENT = """\
a: 1
b: {c: 2, d: 3}
e:
  f: "x"
  g: |
    one
    two
h:
- i
- j: k
"""


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        (1, (("a",),)),
        (2, (("b", "c"), ("b", "d"))),
        (3, (("e",),)),
        (4, (("e", "f"),)),
        (5, (("e", "g"),)),
        (7, (("e", "g"),)),
        (8, (("h",),)),
        (9, (("h", 0),)),
        (10, (("h", 1, "j"),)),
        (11, ()),
    ],
)
def test_what_stands_on_a_line(line: int, paths: tuple[object, ...]) -> None:
    document, _ = load_document("a.yaml", DOCUMENT.encode())
    assert document is not None
    assert paths_on(document, line) == paths


def test_a_parameter_reaches_what_it_is_given_to() -> None:
    found = reached("groups/harvest-co/group.yaml", "winback")
    assert (
        Reached("valle-market", "winback", "with.discount", "campaign", "group", "takes effect")
        in found
    )
    assert (
        Reached("fresh-fields", "winback", "with.discount", "campaign", "group", "replaced")
        in found
    )
    assert {each.tenant for each in found} == {"fresh-fields", "valle-market"}
    of_offer = [each for each in found if each.of == "offer comeback"]
    assert [(each.tenant, each.field, each.effect) for each in of_offer] == [
        ("fresh-fields", "offer.comeback.reward.percent", "replaced"),
        ("valle-market", "offer.comeback.reward.percent", "takes effect"),
    ]  # fmt: skip


def test_a_blueprints_text_reaches_its_campaigns_but_where_it_is_replaced() -> None:
    found = reached("blueprints/winback/blueprint.yaml", 'en-US: "We miss you')
    effects = {each.tenant: each.effect for each in found if each.field == "message.email.subject"}
    assert effects["fresh-fields"] == "takes effect"
    assert "replaced" in effects.values()


def test_an_offers_line_reaches_whoever_makes_it() -> None:
    found = reached("blueprints/winback/offers/comeback.yaml", "condition")
    assert {each.campaign for each in found if each.tenant == "fresh-fields"} == {"winback"}
    assert {each.layer for each in found} == {"offer"}


def test_a_platform_default_reaches_everybody() -> None:
    found = reached("handbill.yaml", "utm_source")
    assert {each.tenant for each in found} == set(samples().tenants)


def test_a_retailers_own_settings_and_computed_fields() -> None:
    (name,) = reached("tenants/fresh-fields/tenant.yaml", "name:")
    assert name == Reached("fresh-fields", None, "name", "tenant", "tenant", "takes effect")
    (milk,) = reached("tenants/fresh-fields/fields.yaml", "customer.bought_milk")
    assert (milk.campaign, milk.field) == (None, "customer.bought_milk")


def test_a_channels_default_reaches_who_sends_on_it() -> None:
    found = reached("channels/sms/channel.yaml", "window")
    assert found
    assert {each.of for each in found} == {"channel sms"}
