from __future__ import annotations

from collections.abc import Callable

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve.fields import campaign_law
from handbill.resolve.layers import Layer, Origin
from handbill.resolve.merge import merge
from handbill.resolve.parameters import Declared, Parameter, fill_in, give_parameters
from handbill.resolve.writes import campaign_writes
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
BLUEPRINT = """\
params:
  discount: {type: integer, minimum: 5, maximum: 25, default: 10}
  perk: {type: string, maxLength: 8}
"""


def give(
    parse: Parse, campaign: str, blueprint: str | None = BLUEPRINT
) -> tuple[dict[str, Parameter], tuple[Diagnostic, ...]]:
    document = parse("tenants/t/campaigns/c.yaml", campaign)
    cells, _ = merge(campaign_writes(document, (), Layer.CAMPAIGN, "tenants/t"), campaign_law)
    user = Origin(Layer.CAMPAIGN, "tenants/t", ("uses",), document)
    if blueprint is None:
        return give_parameters(cells, None, user)
    declared = Declared("b", parse("blueprints/b/blueprint.yaml", blueprint), "blueprints/b")
    return give_parameters(cells, declared, user)


def test_what_the_campaign_gives_wins_over_the_default(parse: Parse) -> None:
    parameters, found = give(parse, "uses: b\nwith: {discount: 15, perk: Tea}")
    assert not found
    assert {name: each.value for name, each in parameters.items()} == {
        "discount": 15,
        "perk": "Tea",
    }
    assert [str(origin.range) for origin in parameters["discount"].origins] == [
        "blueprints/b/blueprint.yaml:2:63",
        "tenants/t/campaigns/c.yaml:2:18",
    ]


def test_a_default_stands_where_it_is_declared(parse: Parse) -> None:
    parameters, _ = give(parse, "uses: b\nwith: {perk: Tea}")
    assert parameters["discount"].value == 10
    assert parameters["discount"].origins[-1].layer is Layer.BLUEPRINT


def test_a_parameter_without_default_must_be_given(parse: Parse) -> None:
    parameters, (found,) = give(parse, "uses: b")
    assert (found.code, str(found.range)) == ("HB442", "tenants/t/campaigns/c.yaml:1:7")
    assert str(found.related[0].range) == "blueprints/b/blueprint.yaml:3:3"
    assert "perk" not in parameters


def test_values_obey_the_declaration(parse: Parse) -> None:
    _, found = give(parse, "uses: b\nwith: {discount: 4, perk: Free delivery}")
    assert [(each.code, str(each.range)) for each in found] == [
        ("HB441", "tenants/t/campaigns/c.yaml:2:18"),
        ("HB441", "tenants/t/campaigns/c.yaml:2:27"),
    ]
    assert found[0].message.endswith("4 is less than 5")
    assert found[0].hint == "discount: 5"
    assert found[0].notes == ("declared as {type: integer, minimum: 5, maximum: 25, default: 10}",)


def test_a_choice_is_shown_with_all_its_words(parse: Parse) -> None:
    blueprint = "params:\n  delay: {enum: [1 hour, 4 hours]}"
    _, (found,) = give(parse, "uses: b\nwith: {delay: 2 hours}", blueprint)
    assert found.hint == "delay: 1 hour or 4 hours"
    assert found.notes == ("declared as {enum: [1 hour, 4 hours]}",)


def test_a_number_that_was_written_as_text_stays_itself(parse: Parse) -> None:
    blueprint = "params:\n  discount: {type: integer, minimum: 5, maximum: 25}"
    _, (found,) = give(parse, "uses: b\nwith: {discount: 15%}", blueprint)
    assert found.hint == "discount: 15"


def test_an_unknown_parameter_is_a_typing_slip(parse: Parse) -> None:
    _, found = give(parse, "uses: b\nwith: {discont: 15, perk: Tea}")
    assert [(each.code, each.hint) for each in found] == [("HB443", "did you mean `discount`?")]


def test_without_a_blueprint_any_constant_goes(parse: Parse) -> None:
    parameters, found = give(parse, "with: {upcs: ['0085'], store: stores/a}", blueprint=None)
    assert not found
    assert parameters["upcs"].value == ["0085"]


def test_parameters_are_filled_in_at_any_depth(parse: Parse) -> None:
    parameters, _ = give(parse, "uses: b\nwith: {discount: 15, perk: Tea}")
    document = parse("a.yaml", "offer: [{use: {param: perk}}, {use: other}]\nholdout: {param: x}")
    offer, holdout = campaign_writes(document, (), Layer.BLUEPRINT, "blueprints/b")
    filled, found = fill_in(offer, parameters)
    assert not found
    assert filled.value == [{"use": "Tea"}, {"use": "other"}]
    assert [str(origin.range) for origin in filled.origins_below((0, "use"))] == [
        "a.yaml:1:15",
        "tenants/t/campaigns/c.yaml:2:28",
    ]
    assert [str(origin.range) for origin in filled.origins_below((1, "use"))] == ["a.yaml:1:37"]
    _, ((name, missing),) = fill_in(holdout, parameters)
    assert (name, missing.code, missing.hint) == ("x", "HB444", "give it: with: {x: …}")


def test_with_itself_is_left_alone(parse: Parse) -> None:
    document = parse("a.yaml", "with: {param: {param: perk}}")
    (write,) = campaign_writes(document, (), Layer.CAMPAIGN, "tenants/t")
    assert fill_in(write, {}) == (write, ())
