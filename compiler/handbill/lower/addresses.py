"""Where one address of a message leads, and why it may not.

An address is read as browsers read it: tabs and line breaks do not count, `\\` is `/`. What programs read
differently is refused instead of guessed about, and so is what leads nowhere from a mailbox (`/sale`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from handbill.diagnostics.suggest import closest
from handbill.language.templates.asset_paths import ASSET_HOST

UNKNOWN = "//"
"""Stands for an address that is not known here; it is refused like one that leads anywhere."""
ENDS = "".join(map(chr, range(0x21)))
"""What browsers strip off an address."""
_OTHER_SCHEMES = ("mailto:", "tel:", "sms:", "cid:")
_INVISIBLE = str.maketrans({"\t": None, "\n": None, "\r": None, "\\": "/"})
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_WEB = re.compile(r"https?://[^/?#]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a message cannot be sent so. `written` is how it stands in the template, where that is
    known: a host, an address, the beginning of a tag."""

    code: str
    message: str
    hint: str
    written: str = ""


def readable(address: str) -> str:
    """An address as browsers take it; only for judging, for its case is lost."""
    return address.strip(ENDS).translate(_INVISIBLE).lower()


def refused_address(address: str, domains: Collection[str], *, picture: bool) -> Refused | None:
    text = readable(address)
    if text.startswith("//"):
        return unreadable(address, "it does not begin with https://")
    if _SCHEME.match(text) is None:
        return None if text.startswith("#") else _without_domain(address, domains)
    if not text.startswith(("https:", "http:")):
        if text.startswith(_OTHER_SCHEMES) or (picture and text.startswith("data:image/")):
            return None
        return unreadable(address, "only https:, mailto:, tel: and sms: can be opened from a mail")
    if _WEB.match(text) is None:
        return unreadable(address, "two slashes and a domain belong after https:")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return unreadable(address, "it cannot be read as an address")
    if "\\" in re.split("[?#]", address, maxsplit=1)[0]:
        return unreadable(address, "programs do not agree on what a backslash means in an address")
    if "@" in parts.netloc:
        return unreadable(address, f"what stands before the @ hides that it leads to {host}")
    if _HOST.match(host) is None:
        return unreadable(address, "its domain holds characters that no domain has")
    return None if _belongs(host, domains) else _foreign(host, domains)


def _belongs(host: str, domains: Collection[str]) -> bool:
    own = (*domains, ASSET_HOST)
    return any(host == domain or host.endswith(f".{domain}") for domain in own)


def refused_host(host: str, domains: Collection[str]) -> Refused | None:
    """The same for a link that is known by its host."""
    return None if _belongs(host, domains) else _foreign(host, domains)


def _foreign(host: str, domains: Collection[str]) -> Refused:
    near = _meant(host, domains)
    add = f"add {host} to brand.link_domains of the tenant"
    return Refused(
        "HB611",
        f"a link or image leads to {host}, which is none of the retailer's link domains "
        f"({', '.join(domains) or 'there are none'})",
        f"did you mean {near}? Else {add}" if near else f"{add}, or mend the link",
        host,
    )


def _meant(host: str, domains: Collection[str]) -> str | None:
    """The retailer's own host that was perhaps meant: a slip in the domain, or another ending."""
    labels = host.removesuffix(".").split(".")
    for domain in sorted(domains):
        own = domain.split(".")
        for size in range(len(own) - 1, len(own) + 2):
            tail = ".".join(labels[-size:]) if 0 < size <= len(labels) else ""
            same_name = size > 1 and labels[-size:][0] == own[0] and len(own[0]) > 3
            if tail and (same_name or closest(tail, [domain])):
                return ".".join([*labels[:-size], domain])
    return None


def _without_domain(address: str, domains: Collection[str]) -> Refused:
    shown = _shown(address)
    host = re.split("[/?#]", shown.lower(), maxsplit=1)[0]
    is_host = _HOST.match(host) is not None and (host.startswith("www.") or _belongs(host, domains))
    path = "/" + re.sub(r"\A(\.{0,2}/)+", "", shown)
    whole = f"https://{shown}" if is_host else f"{{{{ brand.site }}}}{path}"
    what = f"`{shown}` names no website, and a message is not on one" if shown else "this is empty"
    return Refused(
        "HB596",
        f"a link or picture that opens nowhere: {what}",
        whole if is_host else f"{whole}, or an address that begins with https://",
        shown,
    )


def unreadable(address: str, why: str) -> Refused:
    shown = _shown(address)
    written = "" if address == UNKNOWN else shown
    return Refused("HB612", f"`{shown}` cannot stand in a message: {why}", "https://…", written)


def _shown(address: str) -> str:
    return "".join(char if char.isprintable() else " " for char in address).strip()[:80]
