"""What an attribute's value is for, by name and element."""

from __future__ import annotations

import pytest

from handbill.language.html.attributes import AttributeKind, attribute_kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("title", AttributeKind.PLAIN),
        ("alt", AttributeKind.PLAIN),
        ("aria-label", AttributeKind.PLAIN),
        ("data-customer", AttributeKind.PLAIN),
        ("bgcolor", AttributeKind.PLAIN),
        ("href", AttributeKind.URL),
        ("src", AttributeKind.URL),
        ("background", AttributeKind.URL),
        ("srcset", AttributeKind.URL),
        ("xlink:href", AttributeKind.URL),
        ("data-href", AttributeKind.URL),
        ("xmlns:v", AttributeKind.URL),
        ("data-image-uri", AttributeKind.URL),
        ("style", AttributeKind.STYLE),
        ("content", AttributeKind.SETTING),
        ("type", AttributeKind.SETTING),
        ("onclick", AttributeKind.CODE),
        ("data-onload", AttributeKind.CODE),
        ("srcdoc", AttributeKind.CODE),
    ],
)
def test_kind_by_name(name: str, kind: AttributeKind) -> None:
    assert attribute_kind(name) is kind


def test_some_elements_steer_with_every_attribute() -> None:
    assert attribute_kind("to", "animate") is AttributeKind.SETTING
    assert attribute_kind("to", "p") is AttributeKind.PLAIN
    assert attribute_kind("href", "link") is AttributeKind.URL
