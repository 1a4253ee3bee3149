"""Where customers' data is, as a command's `--customers` says it."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

customers_option = click.option(
    "--customers",
    metavar="FOLDER",
    help="Where the data is: a folder with one of each retailer's name, or a URL with {tenant}.",
)


def data_root_of(customers: str) -> str:
    """The URL with a place for the retailer's name. Raises a usage error where there is no folder."""
    if "://" in customers:
        return customers if "{tenant}" in customers else f"{customers.rstrip('/')}/{{tenant}}"
    folder = Path(customers)
    if not folder.is_dir():
        raise click.UsageError(f"--customers: there is no folder {customers}")
    return f"{folder.resolve().as_uri()}/{{tenant}}"
