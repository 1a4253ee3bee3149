"""What has to be known of a retailer before its files can be written, and what is taken for granted
where nobody says it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from babel.numbers import get_territory_currencies

from handbill.authoring.senders import Sender

DEFAULT_NAME = "corner-shop"
DEFAULT_LOCALE = "en-US"
DEFAULT_TIMEZONE = "America/New_York"
DEFAULT_ADDRESS = "1 Main Street, Albany NY 12207"


@dataclass(frozen=True, slots=True)
class TenantAnswers:
    """`name` is the folder's, `title` what customers read; `senders` say how it sends, in order."""

    name: str
    title: str
    locale: str
    timezone: str
    currency: str
    email_from: str
    site: str
    postal_address: str
    senders: tuple[Sender, ...]
    group: str | None = None
    has_stores: bool = True
    """Whether the vocabulary is the starter's, with a table of stores."""
    tables: tuple[tuple[str, str], ...] = ()
    """Further tables that its group's campaigns read: name and key, as YAML."""

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(sender.channel for sender in self.senders)

    @property
    def domain(self) -> str:
        """The site's own domain, to which links may lead."""
        host = urlsplit(self.site).hostname or ""
        return host.removeprefix("www.")

    @property
    def language(self) -> str:
        return self.locale.partition("-")[0]


def title_of(name: str) -> str:
    """`corner-shop` → `Corner Shop`."""
    return " ".join(word.capitalize() for word in name.replace("_", "-").split("-") if word)


def currency_of(locale: str) -> str:
    """The currency of the locale's region; USD where it has none or is no locale."""
    try:
        territory = Locale.parse(locale, sep="-").territory
    except (UnknownLocaleError, ValueError):
        return "USD"
    current = get_territory_currencies(territory) if territory else []
    return current[0] if current else "USD"


def site_of(name: str) -> str:
    """A website that cannot be anybody's (RFC 2606)."""
    return f"https://{name.replace('_', '-').strip('-')}.example"


def sender_of(title: str, site: str) -> str:
    """`Corner Shop <hello@corner-shop.example>`."""
    host = (urlsplit(site).hostname or "shop.example").removeprefix("www.")
    said = "".join(char for char in title if char.isalnum() or char in " .'&-").strip()
    return f"{said} <hello@{host}>" if said else f"hello@{host}"
