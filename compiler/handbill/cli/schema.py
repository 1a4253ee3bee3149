"""`handbill schema export`: writes the JSON Schemas of everything a retailer writes."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.cli.output import fail
from handbill.cli.workspace import find_root, root_option
from handbill.source.layout import PLATFORM_FILE


@click.group()
def schema() -> None:
    """The JSON Schemas of everything you can write, for editors and other tools."""


@schema.command()
@root_option
def export(root: Path) -> None:
    """Write schemas/documents/, schemas/plan.schema.json and schemas/diff.schema.json anew."""
    from handbill.diff.renderers.json import diff_schema
    from handbill.plan.plan_schema import plan_schema
    from handbill.schema.export import document_schema_files

    root = find_root(root)
    if not (root / PLATFORM_FILE).is_file():
        fail("HB114", f"there is no {PLATFORM_FILE} in {root} or above it", "give --root FOLDER")
    files = {
        **document_schema_files(),
        "plan.schema.json": plan_schema().encode(),
        "diff.schema.json": diff_schema().encode(),
    }
    for path, data in files.items():
        target = root / "schemas" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        click.echo(f"schemas/{path}")
