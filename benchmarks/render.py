"""Rendering one mail: the plan's own functions against Jinja2 and minijinja.

All contenders get the same template text and the same customers, each in the shape it is fastest
with, and must write the same mail before anything is timed.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path

from benchmarks.measure import Contender, interleave, paired_ratio, spread, timed
from benchmarks.outcome import Line, Outcome, Ratio, Setting
from benchmarks.render_customers import make_customers
from benchmarks.render_engines import HANDBILL, SANDBOX, Renderer, load_mail, make_renderers
from benchmarks.shop import compile_shop

TITLE = "a 13 KB HTML mail with a loop of five rows, for one customer after another"
INPUTS = Path(__file__).parent / "inputs"
CAMPAIGN, TEMPLATE = INPUTS / "near-you.yaml", INPUTS / "mail.html"


class Unequal(Exception):
    """Two engines wrote different mails, so their times cannot be compared."""


def measure_render(setting: Setting) -> Outcome:
    customers = make_customers(20 if setting.quick else 500)
    shop = compile_shop(setting.sample, setting.folder, [CAMPAIGN], TEMPLATE)
    renderers = make_renderers(load_mail(shop, TEMPLATE), customers)
    size = refuse_different(renderers)
    contenders: dict[str, Contender] = {name: timed(run) for name, run in renderers.items()}
    seconds = interleave(contenders, repetitions=3 if setting.quick else 31)
    lines = [
        Line(name, spread(found).scaled(1e6 / len(customers)), "µs per mail")
        for name, found in seconds.items()
    ]
    ratios = [
        Ratio(f"{name} ÷ {HANDBILL}", paired_ratio(found, seconds[HANDBILL]), _goal(name))
        for name, found in seconds.items()
        if name != HANDBILL
    ]
    return Outcome("render", TITLE, _compared(len(customers), size), lines, ratios)


def _goal(name: str) -> float | None:
    return 4.0 if name == SANDBOX else None


def _compared(customers: int, size: float) -> tuple[str, ...]:
    return (
        f"{customers} customers, mails of {size / 1000:.1f} KB on average. Handbill: the function "
        "that a plan's template becomes, on imported rows. The others: a template compiled "
        "beforehand, autoescape on, on prepared objects (minijinja: dicts). Loading and compiling "
        "are not included, nor is the text part. The template is one to which compiling adds nothing: "
        "its styles are in its tags, and links.utm is empty.",
        "Handbill folds what is constant for a tenant (brand, name) when it compiles; the last "
        "contender has these written into its template by hand. Jinja2 escapes quotes in text too, "
        "which HTML does not need; the mails are equal once character references are decoded.",
    )


def refuse_different(renderers: Mapping[str, Renderer]) -> float:
    """Raises Unequal unless all write the same mails; returns their mean size in bytes."""
    mails = {name: run() for name, run in renderers.items()}
    expected = mails[HANDBILL]
    for name, written in mails.items():
        for one, other in zip(expected, written, strict=True):
            if html.unescape(one).rstrip() != html.unescape(other).rstrip():
                raise Unequal(f"{name} writes another mail than {HANDBILL}")
    return sum(len(mail.encode()) for mail in expected) / len(expected)
