from __future__ import annotations

from collections.abc import Callable

from handbill.resolve.layers import Layer
from handbill.resolve.writes import campaign_writes
from handbill.source.located import LocatedDocument, Path, Value

Parse = Callable[[str, str], LocatedDocument]


def written(parse: Parse, text: str) -> dict[Path, Value]:
    writes = list(campaign_writes(parse("a.yaml", text), (), Layer.CAMPAIGN, ""))
    assert len({write.path for write in writes}) == len(writes)
    return {write.path: write.value for write in writes}


def test_short_forms_are_written_out(parse: Parse) -> None:
    assert written(parse, "audience: everyone\nmessage: {email: {subject: 'Hi'}}") == {
        ("audience", "include"): "everyone",
        ("messages", "main", "email", "subject"): "Hi",
    }


def test_maps_are_taken_apart_to_the_grain_of_their_law(parse: Parse) -> None:
    assert written(
        parse,
        """\
        audience: {include: a, exclude: {b: c, d: null}}
        limits: {per_customer: 1 per 1 day, quiet_hours: {sms: "20:00-09:00"}}
        message: {email: {subject: {en: "Hi", fr: "Salut"}, blocks: {hero: a.html}}, sms: null}
        trigger: {cron: "0 8 * * WED"}
        """,
    ) == {
        ("audience", "include"): "a",
        ("audience", "exclude", "b"): "c",
        ("audience", "exclude", "d"): None,
        ("limits", "per_customer"): "1 per 1 day",
        ("limits", "quiet_hours", "sms"): "20:00-09:00",
        ("messages", "main", "email", "subject"): {"en": "Hi", "fr": "Salut"},
        ("messages", "main", "email", "blocks", "hero"): "a.html",
        ("messages", "main", "sms"): None,
        ("trigger",): {"cron": "0 8 * * WED"},
    }


def test_what_is_no_field_of_a_campaign_is_left_out(parse: Parse) -> None:
    assert written(parse, "params: {a: {type: integer}}\nopen: [with]\nweight: 5") == {}


def test_a_parameter_in_place_of_a_value_stays_whole(parse: Parse) -> None:
    assert written(parse, "limits: {per_customer: {param: cap}}") == {
        ("limits", "per_customer"): {"param": "cap"}
    }
