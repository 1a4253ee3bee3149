"""Templates per second: type-checked and lowered to plan operations, against Jinja2's own compile.

The same sources on both sides, none of them twice. Jinja2 parses, optimises and writes Python, which
it compiles; it knows no types. Handbill parses with Jinja2's parser, checks every name and every value
that may be missing, finds where each hole stands, escapes by that, folds constants, and for a mail
inlines its styles and makes the text part too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Contender, interleave, paired_ratio, spread
from benchmarks.outcome import Line, Outcome, Ratio, Setting

if TYPE_CHECKING:
    from handbill.language.scope import Scope
    from handbill.language.template import TemplateKind

NAME = "templates"
TITLE = "templates type-checked and lowered, against Jinja2's compile of the same sources"
MAIL = Path(__file__).parent / "inputs" / "mail.html"
HANDBILL, JINJA = "Handbill", "Jinja2's compile"
MAILS, TEXTS = "mails of 13 KB", "subjects and SMS"
SHORT = (
    "{{{{ customer.first_name | default('Neighbor') }}}}, offer {n} is waiting",
    "{{{{ tenant.name }}}}: {n}% off{{% if customer.loyalty_tier == 'gold' %}} for gold{{% endif %}}."
    " STOP to end",
    "{{% if customer.days_since_last_order is defined and customer.days_since_last_order > {n} %}}"
    "We miss you{{% else %}}Good to see you{{% endif %}}, {{{{ customer.last_name | upper }}}}",
    "{{% for one in customer.favorite_departments[:3] %}}{{{{ one | title }}}}{{% if not loop.last %}},"
    " {{% endif %}}{{% else %}}Everything{{% endfor %}} from aisle {n}",
)


class Refused(Exception):
    """A source of the benchmark is not accepted by one side, so there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sources of one kind; `fresh` makes some that were never seen before."""

    kind: str
    size: int
    fresh: Callable[[int], list[str]]


def measure_templates(setting: Setting) -> Outcome:
    scope = make_scope(setting.sample)
    batches = make_batches(setting.quick)
    for batch in batches:
        refuse_rejected(batch, scope)
    lines, ratios = [], []
    for batch in batches:
        seconds = interleave(
            {
                HANDBILL: _timed(batch, partial(handbill, kind=batch.kind, scope=scope)),
                JINJA: _timed(batch, jinja()),
            },
            repetitions=3 if setting.quick else 15,
        )
        for name, taken in seconds.items():
            rate = spread([batch.size / each for each in taken])
            lines.append(Line(f"{name}, {batch.kind}", rate, "templates/s"))
        ratios.append(
            Ratio(
                f"{HANDBILL} ÷ {JINJA}, time, {batch.kind}",
                paired_ratio(seconds[HANDBILL], seconds[JINJA]),
            )
        )
    return Outcome(NAME, TITLE, _COMPARED, lines, ratios)


_COMPARED = (
    "Every source is new in every repetition, so that nothing can be remembered. Jinja2: "
    "Environment(autoescape=True).compile, from source to a Python code object; no types, no contexts. "
    "Handbill: from source to plan operations: the same parser, then names, types, missing values, "
    "the context of every hole, constants folded.",
    "A mail is more than a template for Handbill: its styles are inlined and its text part is made in "
    "the same time; Jinja2 does nothing of the sort. Subjects and SMS have no such difference.",
)


def make_batches(quick: bool) -> tuple[Batch, Batch]:
    mails, texts = (2, 8) if quick else (10, 200)
    return Batch(MAILS, mails, _mails), Batch(TEXTS, texts, _texts)


_numbers = count(1)


def _mails(size: int) -> list[str]:
    text = MAIL.read_text(encoding="utf-8")
    return [text.replace("This week", f"Week {next(_numbers)}") for _ in range(size)]


def _texts(size: int) -> list[str]:
    return [SHORT[n % len(SHORT)].format(n=next(_numbers)) for n in range(size)]


def _timed(batch: Batch, work: Callable[[str], object]) -> Contender:
    def contender() -> float:
        sources = batch.fresh(batch.size)
        started = time.perf_counter()
        for source in sources:
            work(source)
        return time.perf_counter() - started

    return contender


def refuse_rejected(batch: Batch, scope: Scope) -> None:
    """Raises Refused unless Handbill finds no error in a source of each form; Jinja2 raises itself."""
    for source in batch.fresh(len(SHORT)):
        found = handbill(source, batch.kind, scope)
        if found.ops is None:
            raise Refused("; ".join(one.message for one in found.diagnostics))
        jinja()(source)


# ── both sides ───────────────────────────────────────────────────────────────────────────────────


def handbill(source: str, kind: str, scope: Scope) -> Any:
    from handbill.language.template import compile_template
    from handbill.source.text import SourceText

    text = SourceText.of_file("benchmark", source)
    return compile_template(text, scope, _kind(kind), NoFiles())


def _kind(kind: str) -> TemplateKind:
    from handbill.language.template import TemplateKind

    return TemplateKind.HTML if kind == MAILS else TemplateKind.TEXT


def jinja() -> Callable[[str], object]:
    from jinja2 import Environment

    environment = Environment(autoescape=True)
    return lambda source: environment.compile(source)


class NoFiles:
    """Nothing is included or extended."""

    def load(self, name: str, from_file: str) -> None:
        return None

    def suggest(self, name: str, from_file: str) -> None:
        return None

    def asset(self, path: str, from_file: str, where: object) -> str:
        return path


def make_scope(sample: Path) -> Scope:
    """The sample vocabulary with a retailer's constants, as a campaign's messages see them."""
    from handbill.language.expressions.checked import value_of
    from handbill.language.scope import ConstantRoot, RecordRoot, Scope, ValueRoot
    from handbill.language.vocabulary.vocabulary import read_vocabulary
    from handbill.plan.generated_links import GENERATED_LINK
    from handbill.plan.ir import Field

    folder = sample / "schemas"
    paths: Sequence[Path] = [folder / "customer.schema.json", *sorted(folder.glob("data/*.json"))]
    vocabulary, found = read_vocabulary(
        {str(path.relative_to(sample)): path.read_bytes() for path in paths}
    )
    if found:
        raise Refused("; ".join(one.message for one in found))
    colors = {"primary": "#1a7f37", "accent": "#f4b400", "tint": "#f4f4ef", "text": "#222222"}
    link = Field(("unsubscribe_url",), GENERATED_LINK)
    return Scope(
        {
            "customer": RecordRoot(vocabulary.customer, vocabulary.datasets),
            "tenant": ConstantRoot({"name": "Fresh & Fields"}),
            "brand": ConstantRoot(
                {
                    "colors": colors,
                    "site": "https://fresh.example",
                    "postal_address": "1 Main Street, Springfield",
                }
            ),
            "unsubscribe_url": ValueRoot(value_of(link, GENERATED_LINK)),
        }
    )
