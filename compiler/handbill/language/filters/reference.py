"""The reference of operators, filters and tests, as Markdown, made from their tables.

`docs/filters.md` holds what `reference` returns; a test fails when it does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from handbill.language.filters.operators import OPERATORS
from handbill.language.filters.signature import Signature
from handbill.language.filters.table import FILTERS, TESTS

_INTRODUCTION = """\
# Operators, filters and tests

Made from the tables of the language by `python -m handbill.language.filters.reference`; every example is
run by the test suite. What may be missing needs `default(…)` or an `is defined` guard before it
is used. A filter after an operator needs parentheses: `a + (b | round)`.
"""


def reference() -> str:
    """The page's whole text."""
    return "\n".join(
        [
            _INTRODUCTION,
            *_section("Operators", OPERATORS),
            *_section("Filters", sorted(FILTERS.values(), key=lambda each: each.name)),
            *_section("Tests", sorted(TESTS.values(), key=lambda each: each.name)),
        ]
    )


def _section(title: str, signatures: Iterable[Signature]) -> Iterable[str]:
    yield f"## {title}\n"
    yield "| | takes | gives | meaning | where | example |"
    yield "|---|---|---|---|---|---|"
    for each in signatures:
        yield _row(each)
    yield ""


def _row(signature: Signature) -> str:
    where = "messages" if signature.templates_only else "rules, messages"
    name = signature.usage if signature.kind != "test" else f"is {signature.usage}"
    cells = (
        f"`{name}`",
        signature.takes,
        signature.gives,
        signature.meaning,
        where,
        f"`{signature.example}`",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    print(reference(), end="")
