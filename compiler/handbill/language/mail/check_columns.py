"""HB585: a column that can be left out, beside others whose width is a share of all that are written."""

from __future__ import annotations

from handbill.language.mail.tree import Element, Turn


def uneven_column(section: Element) -> tuple[Element, int] | None:
    """The first column without a width that stands in an `if`, and how many are written; None where
    the section keeps its shape. Columns without a width share it by the number written, shown or not."""
    depth = 0
    columns: list[Element] = []
    first: Element | None = None
    for child in section.children:
        if isinstance(child, Turn):
            depth += {"o": 1, "c": -1}.get(child.kind, 0)
        elif isinstance(child, Element) and child.name in ("mj-column", "mj-group"):
            columns.append(child)
            if depth and child.get("width") is None:
                first = first or child
    return (first, len(columns)) if first is not None and len(columns) > 1 else None
