"""Rules of a test that look at no other file: whom it speaks of, and whether it expects something that
could be so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.schema.describe import in_words
from handbill.source.located import LocatedDocument, Path

Found = Iterator[Diagnostic]
ABOUT_MESSAGES = ("channel", "at", "locale", "contains", "lacks", "text", "segments", "snapshot")
"""What can only be said of somebody who gets a message."""


def check_test(document: LocatedDocument, value: dict[str, Any]) -> Found:
    """HB470 expects nothing, HB471 an unknown customer, HB472 what cannot be."""
    for name in ("expect", "sent", "stopped"):
        for customer in value.get(name) or {}:
            yield from _check_customer(document, value["customers"], (name, customer))
    for customer, expected in value["expect"].items():
        yield from _check_expectation(document, expected, ("expect", customer))


def _check_customer(document: LocatedDocument, customers: dict[str, Any], path: Path) -> Found:
    name = str(path[-1])
    if name in customers:
        return
    near = closest(name, customers)
    hint = f"did you mean `{near}`?" if near else f"customers here: {in_words(list(customers))}"
    message = f"this test has no customer `{name}`"
    yield Diagnostic("HB471", message, document.key_range_of(path), hint=hint)


def _check_expectation(document: LocatedDocument, expected: dict[str, Any], path: Path) -> Found:
    said = {key for key, value in expected.items() if value is not False or key == "selected"}
    if not said:
        yield Diagnostic(
            "HB470",
            f"nothing is expected of `{path[-1]}`, so this could not fail",
            document.key_range_of(path),
            hint="selected: true",
        )
    if expected.get("selected") is True and "because" in expected:
        yield _contradiction(document, (*path, "because"), "`because` says why no message goes out")
    for name in ABOUT_MESSAGES:
        if expected.get("selected") is False and name in said:
            what = f"`{name}` is about a message, and none is expected"
            yield _contradiction(document, (*path, name), what)


def _contradiction(document: LocatedDocument, path: Path, message: str) -> Diagnostic:
    where = document.key_range_of(path)
    return Diagnostic("HB472", message, where, hint=f"delete `{path[-1]}`, or mend `selected`")
