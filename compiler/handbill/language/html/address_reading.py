"""How far an address is written at some point of a template, and so what may be written next.

Addresses are read as browsers read them (WHATWG URL): `\\` is `/`, tabs and line breaks do not count.
A customer's value may stand in the path, query and fragment of an address whose `https://host[:port]`
the author wrote out and ended with `/`, `?` or `#`; there it is percent-encoded and can change neither
the host nor the number of path segments.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec


class Part(StrEnum):
    """The part of an address that is being written."""

    NONE = "no address, or not known to be one yet"
    HOST = "the host"
    PATH = "the path"
    QUERY = "the query or the fragment"
    CLOSED = "an address that takes constants only"
    MANY = "one of too many"


class Standing(StrEnum):
    """What a hole is to the address around it; the first three are all right, in prose."""

    OUTSIDE = "outside any address"
    IN_SEGMENT = "perhaps all of a path segment"
    INSIDE = "anywhere else in path, query or fragment"
    RELATIVE = "in an address that does not begin with https://"
    IN_HOST = "before the end of the host"
    OTHER_SCHEME = "in an address of another scheme"
    INSECURE = "in an http: address"
    BAD_HOST = "after a host that cannot be read"
    HALF_ESCAPE = "after a % that is not finished"
    TOO_MANY = "in one of too many addresses"


class Reading(msgspec.Struct, frozen=True, gc=False):
    """`text` is as much of the part as matters for what follows; in a path, of its last segment
    (`x…` for one that can no more become `..`). `glued` is the identity of the hole right before `text`, if any."""

    part: Part = Part.NONE
    text: str = ""
    scheme: str = ""
    host: str = ""
    glued: int | None = None


START = Reading()
MANY = Reading(Part.MANY)
MAX_READINGS = 64
"""Ways in which one point of a template can be reached that are told apart; MANY stands for more."""
_SECURE = "https"
_MAYBE_SCHEME = re.compile(r"[a-z0-9+.-]*(:/{0,2})?\Z")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_LINK_IN_PROSE = re.compile(r"([a-z][a-z0-9+.-]{0,30})://|(mailto:)|(?<![a-z0-9.-])(www\.)")
_BEGINNINGS = frozenset(
    begun[:size]
    for begun in ("https://", "http://", "mailto:", "www.")
    for size in range(1, len(begun))
)
_HOST_END = re.compile(r"[/?#]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\Z")
_HALF_ESCAPE = re.compile(r"%[0-9a-f]?\Z")
_MAYBE_DOTS = re.compile(r"(\.|%2e){0,2}(%2?)?\Z")
_UNREAD = str.maketrans({"\t": None, "\n": None, "\r": None})
_LEADING = "".join(map(chr, range(0x21)))
_END_IN_PROSE = re.compile(r'.*(?:[\s<>"{}|^`]|[^\x00-\x7f\w])', re.DOTALL)


def in_address(reading: Reading, text: str) -> Reading:
    """After more literal text of a value that is one address, nothing else."""
    text = text.translate(_UNREAD).replace("\\", "/").lower()
    if reading.part is not Part.NONE:
        return _further(reading, text)
    text = (reading.text + text).lstrip(_LEADING)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return Reading(text=text if _MAYBE_SCHEME.match(text) else "/")
    rest = text[scheme.end() :]
    if scheme[1] not in (_SECURE, "http"):
        return Reading(Part.CLOSED, scheme=scheme[1])
    if rest in ("", "/"):
        return Reading(text=text)
    if not rest.startswith("//"):
        return Reading(Part.CLOSED, scheme=scheme[1], host=rest)
    return _further(Reading(Part.HOST, scheme=scheme[1]), rest[2:])


def in_prose(reading: Reading, text: str) -> Reading:
    """After more literal text that people read, in which programs find the addresses."""
    end = _END_IN_PROSE.match(text)
    if end is not None:
        reading, text = START, text[end.end() :]
    text = text.replace("\\", "/").lower()
    if reading.part is not Part.NONE:
        return _further(reading, text)
    text = reading.text + text
    link = _LINK_IN_PROSE.search(text)
    if link is None:
        tail = _tail(text)
        return Reading(text=tail, glued=reading.glued if tail == text else None)
    if link[2]:
        return Reading(Part.CLOSED, scheme="mailto")
    if link[3]:
        return _further(Reading(Part.HOST, scheme=_SECURE), text[link.start(3) :])
    return _further(Reading(Part.HOST, scheme=link[1]), text[link.end() :])


def after_value(reading: Reading, hole: int, *, prose: bool) -> Reading:
    """After a customer's value; `hole` is its identity."""
    match reading.part:
        case Part.NONE:
            return Reading(glued=hole) if prose else Reading(text="/")
        case Part.HOST | Part.PATH:
            return Reading(Part.PATH, "x", reading.scheme, reading.host)
        case Part.QUERY:
            return Reading(Part.QUERY, "", reading.scheme, reading.host)
        case Part.CLOSED | Part.MANY:
            return reading


def after_whole_address() -> Reading:
    """After a generated link, which is complete."""
    return Reading(Part.QUERY, scheme=_SECURE)


def standing(reading: Reading, *, prose: bool) -> Standing:
    """What a hole at this point is."""
    match reading.part:
        case Part.NONE if prose:
            return Standing.OUTSIDE
        case Part.NONE:
            return Standing.IN_HOST if ":" in reading.text else Standing.RELATIVE
        case Part.HOST:
            return Standing.IN_HOST
        case Part.MANY:
            return Standing.TOO_MANY
        case Part.CLOSED:
            return Standing.BAD_HOST if reading.host else Standing.OTHER_SCHEME
        case Part.PATH | Part.QUERY:
            if reading.scheme != _SECURE:
                return Standing.INSECURE if reading.scheme == "http" else Standing.OTHER_SCHEME
            if _HALF_ESCAPE.search(reading.text):
                return Standing.HALF_ESCAPE
            whole = reading.part is Part.PATH and not reading.text.startswith("x")
            return Standing.IN_SEGMENT if whole else Standing.INSIDE


def _tail(text: str) -> str:
    """The end of a word from which a link can still begin."""
    ends = (text[-size:] for size in range(min(len(text), len("https:/")), 0, -1))
    return next((end for end in ends if end in _BEGINNINGS), "")


def _further(reading: Reading, text: str) -> Reading:
    """More of the part that is being written, and of those after it."""
    match reading.part:
        case Part.HOST:
            return _host(reading, reading.text + text)
        case Part.PATH:
            return _path(reading, reading.text, text)
        case Part.QUERY:
            half = _HALF_ESCAPE.search(reading.text + text)
            text = half[0] if half else ""
            return Reading(Part.QUERY, text, reading.scheme, reading.host)
        case Part.NONE | Part.CLOSED | Part.MANY:
            return reading


def _host(reading: Reading, text: str) -> Reading:
    end = _HOST_END.search(text)
    if end is None:
        return Reading(Part.HOST, text, reading.scheme)
    host = text[: end.start()]
    if reading.scheme in (_SECURE, "http") and _HOST.match(host) is None:
        return Reading(Part.CLOSED, scheme=reading.scheme, host=host or "/")
    begun = Reading(Part.PATH, "", reading.scheme, host.partition(":")[0])
    return _path(begun, "", text[end.start() :])


def _path(reading: Reading, segment: str, text: str) -> Reading:
    query = re.search(r"[?#]", text)
    if query is not None:
        begun = Reading(Part.QUERY, "", reading.scheme, reading.host)
        return _further(begun, text[query.end() :])
    last = (segment + text).rpartition("/")[2]
    if _MAYBE_DOTS.match(last) is None:
        half = _HALF_ESCAPE.search(last)
        last = "x" + (half[0] if half else "")
    return Reading(Part.PATH, last, reading.scheme, reading.host)
