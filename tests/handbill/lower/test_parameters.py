"""`params.…`: constants, and rows of git tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Configuration


def said(text: str) -> str:
    return f'{{sms: {{body: "{text}"}}}}'


@pytest.mark.parametrize(
    ("value", "hole", "text"),
    [
        ("stores/ff-troy-12", "params.it.name ~ ', ' ~ params.it.city", "Troy Riverfront, Troy"),
        ("storage/ff-troy-12", "params.it", "storage/ff-troy-12"),
        ("15", "params.it + 1", "16"),
        ("1.10", "params.it", "1.10"),
        ("true", "'a' if params.it else 'b'", "a"),
        ("[x, y]", "params.it | join('-')", "x-y"),
        ('"a / b"', "params.it", "a / b"),
    ],
)
def test_values(configuration: Configuration, value: str, hole: str, text: str) -> None:
    outcome = configuration.campaign(
        with_=f"{{it: {value}}}", message=said("{{ " + hole + " }}")
    ).compile()
    assert outcome.rendered("sms")["body"] == text


def test_no_such_row_is_said_once_with_the_nearest(configuration: Configuration) -> None:
    finding = (
        configuration.campaign(with_="{it: stores/ff-troy-1}", message=said("{{ params.it.name }}"))
        .compile()
        .only()
    )
    assert finding.code == "HB456"
    assert (finding.range.line, finding.hint) == (6, "did you mean stores/ff-troy-12?")


def test_nothing_is_near(configuration: Configuration) -> None:
    outcome = configuration.campaign(
        with_="{it: stores/other}", message=said("{{ params.it.name }}")
    ).compile()
    assert outcome.only().hint == "add `other` to the table"


def test_a_variants_own_row_is_said_at_the_variant(configuration: Configuration) -> None:
    experiment = "{variants: {a: {weight: 1}, b: {weight: 1, with: {it: stores/ff-albany-9}}}}"
    finding = (
        configuration.campaign(
            with_="{it: stores/ff-troy-12}",
            message=said("{{ params.it.name }}"),
            experiment=experiment,
        )
        .compile()
        .only()
    )
    assert (finding.code, finding.range.line) == ("HB456", 7)


def test_a_blueprints_default_is_said_in_the_blueprint(
    configuration: Configuration,
) -> None:
    configuration.lay(
        {
            "blueprints/visit/blueprint.yaml": """\
                params: {it: {type: string, default: stores/ff-utica}}
                category: promotions
                trigger: {at: 2026-12-05T10:00}
                audience: everyone
                message: {sms: {body: "{{ params.it.name }}"}}
                """,
            "tenants/fresh-fields/campaigns/visit.yaml": "status: active\nuses: visit\n",
        }
    )
    finding = configuration.compile().only()
    assert finding.code == "HB456"
    assert str(finding.range) == "blueprints/visit/blueprint.yaml:1:38"


def test_a_cell_that_is_empty_may_be_missing(configuration: Configuration) -> None:
    configuration.lay({"tenants/fresh-fields/data/stores.csv": "id,name,city\na,Alpha,\n"})
    message = said("{{ params.it.city }}")
    outcome = configuration.campaign(with_="{it: stores/a}", message=message).compile()
    assert outcome.only().code == "HB501"
