"""Previews of campaigns: who gets what words, and who would not, on one side or on both."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from tested_base import Base

from handbill.assertions.suite import read_suite
from handbill.cli.rehearsal.previewing import Previewing
from handbill.diff.model import Rendering, Subject
from handbill.diff.sides import OpenSide, open_folder

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
HELLO = Subject(tenant="fresh-fields", campaign="hello")
ANN = """
customer:
  first_name: Ann
  lifetime_orders: 7
  email: ann@shop.example
  consent: [email.promotions]
"""


@pytest.fixture
def world(base: Base) -> Iterator[Base]:
    base.write("personas/ann.yaml", ANN)
    base.write("personas/bob.yaml", "customer: {lifetime_orders: 0, email: bob@shop.example}\n")
    yield base


def side(base: Base) -> OpenSide:
    opened = open_folder(base.folder, "here")
    assert opened.compiled is not None and not opened.compiled.has_errors, opened.compiled
    return opened


def seen(*sides: OpenSide, every_locale: bool = False) -> list[tuple[Rendering, ...]]:
    """What each side shows of the mail."""
    head = sides[-1]
    assert head.compiled is not None and head.compiled.documents is not None
    personas = read_suite(head.compiled.documents).personas
    with Previewing(
        sides, personas, AT, plans=lambda tenant: ["hello"], every_locale=every_locale
    ) as previews:
        return [previews.renderings(each, HELLO, "main", "email") for each in sides]


def test_who_is_reached_comes_first(world: Base) -> None:
    world.campaign("audience: customer.lifetime_orders >= 0")
    (shown,) = seen(side(world))
    assert [(each.persona, each.note) for each in shown] == [
        ("ann", ""),
        ("bob", "would not be sent: no_consent"),
    ]
    assert "Hello Ann" in shown[0].parts["html"]
    assert shown[0].segments is None
    assert "https://links.example/u/" in shown[0].parts["html"]


def test_who_is_not_selected_is_said_and_shown_where_that_is_safe(world: Base) -> None:
    world.campaign("audience: customer.lifetime_orders >= 1")
    (shown,) = seen(side(world))
    notes = {each.persona: each.note for each in shown}
    assert notes["bob"] == (
        "would not be selected: audience.include (`customer.lifetime_orders >= 1` does not hold)"
    )
    assert all(each.parts for each in shown)


def test_a_message_that_relies_on_the_audience_is_not_made_up(world: Base) -> None:
    world.campaign("audience: customer.first_name is defined")
    template = world.folder / "tenants/fresh-fields/campaigns/hello.yaml"
    text = template.read_text("utf-8").replace("| default('neighbor')", "")
    template.write_text(text, encoding="utf-8")
    (shown,) = seen(side(world))
    bob = next(each for each in shown if each.persona == "bob")
    assert bob.note.startswith("would not be selected: audience.include")
    ann = next(each for each in shown if each.persona == "ann")
    assert ann.note == "" and ann.parts


def test_an_example_where_no_persona_is_one(world: Base) -> None:
    world.campaign("audience: customer.lifetime_orders == 4321")
    (shown,) = seen(side(world))
    first = shown[0]
    assert (first.persona, first.note) == ("example", "an example: lifetime_orders 4321")
    assert first.parts["subject"]
    assert {each.persona for each in shown[1:]} == {"ann", "bob"}


def test_nobody_can_be_found_for_an_audience_of_nobody(world: Base) -> None:
    world.campaign("audience: customer.lifetime_orders > 3 and customer.lifetime_orders < 2")
    (shown,) = seen(side(world))
    assert {each.persona for each in shown} == {"ann", "bob"}


def test_both_sides_show_the_same_example(world: Base, tmp_path: Path) -> None:
    world.campaign("audience: customer.lifetime_orders == 4321")
    before = side(world)
    other = Base(tmp_path / "other")
    for name in ("ann", "bob"):
        text = (world.folder / f"personas/{name}.yaml").read_text("utf-8")
        other.write(f"personas/{name}.yaml", text)
    other.campaign("audience: customer.lifetime_orders == 1234")
    old, new = seen(before, side(other))
    assert (new[0].persona, new[0].note) == ("example", "an example: lifetime_orders 1234")
    example = next(each for each in old if each.persona == "example")
    assert example.note.startswith("an example: lifetime_orders 1234; would not be selected")


def test_a_stand_in_is_a_persona_in_a_store(world: Base) -> None:
    world.campaign("audience: customer.store is defined and customer.lifetime_orders >= 1")
    (shown,) = seen(side(world))
    assert shown[0].note == "an example: ann with store ff-albany-1"


def test_another_message_and_another_tenant_show_nothing(world: Base) -> None:
    opened = side(world)
    with Previewing((opened,), {}, AT) as previews:
        assert previews.renderings(opened, HELLO, "second", "email") == ()
        assert previews.renderings(opened, Subject(tenant="x", campaign="y"), "main", "email") == ()
        assert previews.renderings(opened, HELLO, "main", "email") == ()  # the same on every side
