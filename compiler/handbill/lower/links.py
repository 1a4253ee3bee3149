"""Where a message's links may lead: only to the domains that the tenant lists, or below them.

Hosts are always known at compile time, since no hole may stand before a path; generated links
(unsubscribe) are not the tenant's to list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import assert_never

from handbill.plan.ir import For, If, Op, Put, Set, Text

_HREF = re.compile(r"""\bhref\s*=\s*["']\s*https?://([^/?#:"'\s]+)""", re.IGNORECASE)
_WHOLE = re.compile(r"\s*https?://([^/?#:\s]+)", re.IGNORECASE)


def foreign_host_in_html(ops: tuple[Op, ...], domains: Collection[str]) -> str | None:
    """The first host of a link that is in none of `domains`, if any."""
    hosts = (match[1] for text in _texts(ops) for match in _HREF.finditer(text))
    return _first_foreign(hosts, domains)


def foreign_host_in_url(ops: tuple[Op, ...], domains: Collection[str]) -> str | None:
    """The same for a part that is one whole address."""
    hosts = (match[1] for text in _texts(ops) if (match := _WHOLE.match(text)))
    return _first_foreign(hosts, domains)


def _first_foreign(hosts: Iterator[str], domains: Collection[str]) -> str | None:
    return next((host for host in hosts if not _belongs(host.lower(), domains)), None)


def _belongs(host: str, domains: Collection[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _texts(ops: tuple[Op, ...]) -> Iterator[str]:
    for op in ops:
        match op:
            case Text(text=text):
                yield text
            case If(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from _texts(branch.body)
                yield from _texts(otherwise)
            case For(body=body, otherwise=otherwise):
                yield from _texts(body)
                yield from _texts(otherwise)
            case Put() | Set():
                pass
            case _:
                assert_never(op)
