"""What an attribute's value is for, by name and element."""

from __future__ import annotations

import pytest

from handbill.language.html.attributes import (
    AttributeKind,
    attribute_kind,
    runs_code,
    takes_values_in_address,
)


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


@pytest.mark.parametrize(
    ("name", "element", "takes"),
    [
        ("href", "a", True),
        ("src", "img", True),
        ("background", "td", True),
        ("href", "v:rect", True),
        ("xlink:href", "a", True),
        ("srcset", "img", False),
        ("ping", "a", False),
        ("action", "form", False),
        ("usemap", "img", False),
        ("data-href", "a", False),
        ("href", "link", False),
        ("href", "base", False),
        ("src", "script", False),
        ("src", "iframe", False),
        ("href", "use", False),
    ],
)
def test_which_addresses_take_values(name: str, element: str, takes: bool) -> None:
    assert attribute_kind(name, element) is AttributeKind.URL
    assert takes_values_in_address(name, element) is takes


def test_what_runs_code() -> None:
    names = ("onclick", "onload", "srcdoc", "data-onload", "icon", "src")
    assert [name for name in names if runs_code(name)] == ["onclick", "onload", "srcdoc"]
