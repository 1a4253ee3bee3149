"""The table of operators; `test_filters` runs its examples."""

from __future__ import annotations

from handbill.language.filters.operators import OPERATORS


def test_names_are_unique() -> None:
    names = [each.name for each in OPERATORS]
    assert len(set(names)) == len(names)
    assert all(each.kind == "operator" and not each.templates_only for each in OPERATORS)
