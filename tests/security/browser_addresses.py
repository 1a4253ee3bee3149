"""Addresses as browsers read them: the URL standard's parser for `https:`, as far as it concerns us.

Written from https://url.spec.whatwg.org/ (4.4, the states from "scheme start" to "fragment"), and not from
anything in the compiler. Chromium's own parser is asked the same questions in `test_in_chromium`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    path: tuple[str, ...]
    query: str | None
    fragment: str | None


def read_address(text: str) -> Address:
    """ValueError for what is not `https:` with a host."""
    text = re.sub("[\t\n\r]", "", text.strip("".join(map(chr, range(0x21)))))
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if scheme is None or scheme[1].lower() != "https":
        raise ValueError(text)
    rest = text[scheme.end() :].lstrip("/\\")
    authority, rest = _split(rest, r"[/\\?#]")
    host = authority.rpartition("@")[2].partition(":")[0].lower()
    if not host:
        raise ValueError(text)
    rest, fragment = _after(rest, "#")
    rest, query = _after(rest, "?")
    return Address(host, _path(rest), query, fragment)


def _split(text: str, end: str) -> tuple[str, str]:
    found = re.search(end, text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _after(text: str, sign: str) -> tuple[str, str | None]:
    before, found, after = text.partition(sign)
    return before, after if found else None


def _path(text: str) -> tuple[str, ...]:
    """Dot segments are removed as they come, percent-encoded ones as well."""
    path: list[str] = []
    segments = re.split(r"[/\\]", text)[1:]
    for place, segment in enumerate(segments):
        last = place == len(segments) - 1
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            path = path[:-1]
        if dots in (".", ".."):
            if last:
                path.append("")
            continue
        path.append(segment)
    return tuple(path)
