"""The samples as an editor has them open, and a mark `¦` for where the cursor stands."""

from __future__ import annotations

import functools
import pathlib

from handbill.editor.configuration import Configuration, Look
from handbill.editor.surroundings import Surroundings

SAMPLES = pathlib.Path(__file__).parents[3]
WINBACK = "tenants/fresh-fields/campaigns/winback.yaml"
MJML = "tenants/fresh-fields/templates/double-points.mjml"
BLUEPRINT = "blueprints/winback/blueprint.yaml"


@functools.cache
def look() -> Look:
    """Of one retailer and what is shared."""
    return Configuration(SAMPLES, few=0).look({WINBACK: (SAMPLES / WINBACK).read_bytes()})


def around(path: str) -> Surroundings:
    return Surroundings(look(), path)


def marked(text: str) -> tuple[str, int]:
    assert text.count("¦") == 1
    return text.replace("¦", ""), text.index("¦")
