"""Holes that write several things become several holes."""

from __future__ import annotations

import pytest
from template_world import SCOPE, Templates

from handbill.language.html.split_holes import hides_link, split_holes
from handbill.language.templates.bindings import State
from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
)
from handbill.language.templates.drafting import Drafter
from handbill.source.text import SourceText


def drafts(text: str) -> list[Draft]:
    drafter = Drafter(Templates({}))
    layers = drafter.reader.read(SourceText.of_file("t/main.html", text), {})
    assert layers is not None
    found = drafter.template(layers, State(SCOPE))
    assert not drafter.found, drafter.found
    return found


def kinds(pieces: tuple[Draft, ...]) -> list[object]:
    result: list[object] = []
    for piece in pieces:
        match piece:
            case DraftIf():
                result.append([kinds(piece.branches[0].body), kinds(piece.otherwise)])
            case DraftFor():
                result.append((kinds(piece.body), kinds(piece.otherwise)))
            case DraftText():
                result.append(piece.text)
            case DraftSet():
                result.append("set")
            case DraftPut():
                result.append("hole")
    return result


LINK = "{{ 'https://x.example/' ~ customer.name if customer.gold else customer.name }}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{{ customer.name }}b", ["a", "hole", "b"]),
        ("{{ customer.name ~ '/' ~ (customer.id ~ 'x') }}", ["hole"] * 4),
        ("{% if customer.gold %}{{ customer.name ~ '-' }}{% else %}x{% endif %}",
         [[["hole", "hole"], ["x"]]]),
        ("{% for f in customer.favorites %}{{ f ~ '-' }}{% else %}{{ customer.id ~ '-' }}{% endfor %}",
         [(["hole", "hole"], ["hole", "hole"])]),
        ("{% set a = customer.name ~ '-' %}{{ a }}", ["set", "hole"]),
        (LINK, ["hole"]),
    ],
)  # fmt: skip
def test_concatenations_are_split(text: str, expected: list[object]) -> None:
    assert kinds(split_holes(drafts(text), choices=False)) == expected


def test_with_choices_a_link_in_a_branch_is_seen() -> None:
    assert kinds(split_holes(drafts(LINK), choices=True)) == [[["hole", "hole"], ["hole"]]]
    optional = "{{ customer.first_name | default('https://x.example/' ~ customer.name) }}"
    assert kinds(split_holes(drafts(optional), choices=True)) == [[["hole"], ["hole", "hole"]]]
    plain = "{{ 'Dear ' ~ customer.name if customer.gold else customer.name }}"
    assert kinds(split_holes(drafts(plain), choices=True)) == ["hole"]


def test_every_hole_is_a_hole_of_its_own() -> None:
    (before,) = drafts("{{ customer.name }}")
    (after,) = split_holes([before], choices=False)
    assert after == before
    assert after is not before


@pytest.mark.parametrize(
    ("expression", "hidden"),
    [
        ("customer.name", False),
        ("'https://x.example/' ~ customer.name", True),
        ("'https://x.example/?a=1&b=' ~ 'c' ~ customer.name", True),
        ("'see https://x.example/ ' ~ customer.name", False),
        ("customer.name ~ ' https://x.example/'", False),
        ("customer.name ~ ' www.' ~ customer.name", True),
        ("('https://x.example/' ~ customer.name) | upper", True),
        ("('https://x.example/' if customer.gold else customer.name) ~ customer.name", True),
        ("(customer.favorites | join(', ')) ~ customer.name", False),
        ("customer.orders ~ '/' ~ customer.name", False),
    ],
)
def test_links_that_are_put_together(expression: str, hidden: bool) -> None:
    (hole,) = drafts("{{ " + expression + " }}")
    assert isinstance(hole, DraftPut)
    assert hides_link(hole.expression) is hidden
