from collections.abc import Callable

from handbill.resolve.layers import Layer, Origin, Write, value_at
from handbill.source.located import LocatedDocument

Parse = Callable[[str, str], LocatedDocument]
FILE = "tenants/green/campaigns/spring.yaml"
SPRING = """\
status: active
audience: {include: customer.store is defined}
tags: [spring, "sale"]
offer: {param: reward}
"""


def origin(parse: Parse, *path: str | int) -> Origin:
    return Origin(Layer.CAMPAIGN, "tenants/green", path, parse(FILE, SPRING))


def test_layers_are_ordered_from_the_platform_to_the_variant() -> None:
    assert [str(layer) for layer in sorted(Layer)] == [
        "platform", "channel", "blueprint", "group", "tenant", "campaign", "variant",
    ]  # fmt: skip


def test_an_origin_knows_value_place_and_exact_text(parse: Parse) -> None:
    include = origin(parse, "audience", "include")
    assert include.value == "customer.store is defined"
    assert str(include.range) == f"{FILE}:2:21"
    assert include.place == f"{FILE}:2"
    assert str(include.text.range(9, 14)) == f"{FILE}:2:30"


def test_an_origin_moves_inside_and_outside_its_value(parse: Parse) -> None:
    tags = origin(parse, "tags")
    assert tags.below((1,)).value == "sale"
    assert str(tags.below((1,)).range) == f"{FILE}:3:16"
    assert tags.below((1,)).above(1) == tags
    assert tags.above(5) == tags


def test_values_that_are_not_there_are_none() -> None:
    assert value_at({"a": [1, 2]}, ("a", 1)) == 2
    assert value_at({"a": [1, 2]}, ("a", 2)) is None
    assert value_at({"a": [1, 2]}, ("a", "b")) is None
    assert value_at("text", ("a",)) is None


def test_text_of_a_value_that_is_no_scalar_covers_it_wholly(parse: Parse) -> None:
    text = origin(parse, "tags").text
    assert not text.exact
    assert str(text.range(0, 1)) == f"{FILE}:3:7"


def test_a_parameter_answers_for_its_part_of_the_value(parse: Parse) -> None:
    outer = origin(parse, "offer")
    given = origin(parse, "tags")
    write = Write(("offer",), ["spring", "sale"], outer, {(): (given,)})
    assert write.given_at == given
    assert write.origins_below((1,))[-1].value == "sale"
    assert write.item(1).value == "sale"
    assert write.item(1).given_at == given.below((1,))
