"""What is asked of a new retailer, by `handbill init` and `handbill new tenant` in the same words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import rich_click as click

Command: TypeAlias = Callable[..., Any]
_OPTIONS = (
    click.option("--name", "title", help="The retailer's name, as customers read it."),
    click.option("--locale", help="Its customers' language and region, such as en-US."),
    click.option("--timezone", help="Its time zone, such as America/New_York."),
    click.option("--currency", help="Such as USD; without it that of the locale's region."),
    click.option("--site", help="Its website."),
    click.option(
        "--email-from", help='Who mails are from, such as "Corner Shop <hello@shop.example>".'
    ),
    click.option("--postal-address", help="The address that advertising must show."),
)


def tenant_options(command: Command) -> Command:
    """Passes `title`, `locale`, `timezone`, `currency`, `site`, `email_from` and `postal_address`, each
    a text, or None where nobody said it. Help lists them in this order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
