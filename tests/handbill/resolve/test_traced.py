from __future__ import annotations

from collections.abc import Callable

import pytest

from handbill.resolve.fields import campaign_law
from handbill.resolve.layers import Layer
from handbill.resolve.merge import merge
from handbill.resolve.traced import Traced
from handbill.resolve.writes import campaign_writes
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]


@pytest.fixture(scope="module")
def traced(parse: Parse) -> Traced:
    lower = parse(
        "blueprints/b/blueprint.yaml",
        """\
        audience: {include: customer.a, exclude: {staff: customer.b}}
        limits: {per_customer: 3 per 7 days}
        message:
          email: {subject: {en: "Hi", fr: "Salut"}, body: "Long"}
        tags: [x, y]
        window: "09:00-20:00"
        """,
    )
    upper = parse(
        "tenants/t/campaigns/c.yaml",
        """\
        audience: {exclude: {minors: customer.c}}
        limits: {per_customer: 1 per 1 day}
        message: {email: {subject: {en: "Hey"}}}
        window: null
        """,
    )
    cells, _ = merge(
        [
            *campaign_writes(lower, (), Layer.BLUEPRINT, "blueprints/b"),
            *campaign_writes(upper, (), Layer.CAMPAIGN, "tenants/t"),
        ],
        campaign_law,
    )
    return Traced(cells)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("audience", "include"), "blueprints/b/blueprint.yaml:1:21"),
        (("audience", "exclude", "minors"), "tenants/t/campaigns/c.yaml:1:30"),
        (("messages", "main", "email", "subject", "en"), "tenants/t/campaigns/c.yaml:3:33"),
        (("messages", "main", "email", "body"), "blueprints/b/blueprint.yaml:4:51"),
        (("limits", "per_customer", 0), "tenants/t/campaigns/c.yaml:2:24"),
        (("limits", "per_customer", 1), "blueprints/b/blueprint.yaml:2:24"),
        (("tags", 1), "blueprints/b/blueprint.yaml:5:11"),
        (("messages", "main", "email"), "blueprints/b/blueprint.yaml:4:10"),
        (("audience", "exclude"), "blueprints/b/blueprint.yaml:1:42"),
        (("messages",), "blueprints/b/blueprint.yaml:4:3"),
    ],
)
def test_every_value_knows_its_line(
    traced: Traced, path: tuple[str | int, ...], place: str
) -> None:
    assert path in traced
    assert str(traced.range(path)) == place


def test_a_text_maps_each_character_to_its_file(traced: Traced) -> None:
    text = traced.text(("messages", "main", "email", "subject", "en"))
    assert text.text == "Hey"
    assert str(text.range(1, 2)) == "tenants/t/campaigns/c.yaml:3:35"


def test_history_has_those_that_lost_as_well(traced: Traced) -> None:
    history = traced.history(("messages", "main", "email", "subject"))
    assert [(str(each.layer), each.root) for each in history] == [
        ("blueprint", "blueprints/b"),
        ("campaign", "tenants/t"),
    ]
    assert [each.value for each in traced.history(("window",))] == ["09:00-20:00", None]
    assert len(traced.history(("limits", "per_customer"))) == 2
    assert len(traced.history(("limits", "per_customer", 1))) == 1
    assert {str(each.layer) for each in traced.history(("audience", "exclude"))} == {
        "blueprint",
        "campaign",
    }


def test_what_nobody_wrote_has_no_origin(traced: Traced) -> None:
    assert ("reentry",) not in traced
    with pytest.raises(KeyError):
        traced.origin(("reentry",))
