"""URLs of an environment: whether they can be parsed, and whether this version can open them.

What is refused here would otherwise fail where it is used, in a publisher or a runtime, with nobody
at the file.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import SplitResult, unquote, urlsplit

from handbill.schema.scalars import ScalarError
from handbill.store.errors import StoreUnusable
from handbill.store.opening import REMOTE_STORES, check_remote

_START = re.compile(r"[a-z][a-z0-9+.-]*:/\S*\Z")
_NEVER = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
_HOST = re.compile(r"[\w.-]+\Z|[0-9a-fA-F:.]+\Z")
STORE, LEDGER = "file:///var/lib/handbill/store", "sqlite:///var/lib/handbill/ledger.db"
PROVIDER_SCHEMES = ("https", "http", "smtps", "smtp")


def parse_url(text: str) -> SplitResult:
    """Any URL with a scheme; raises ScalarError where it is none or cannot be parsed."""
    if not _START.match(text):
        raise ScalarError("a URL starts with its scheme", '"https://…", "file:///…"')
    odd = _NEVER.search(text)
    if odd is not None:
        raise ScalarError(f"`{odd[0]}` cannot stand in a URL", _NEVER.sub("", text) or "https://…")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        start = text.partition("/")[0]
        raise ScalarError(f"this URL cannot be read: {_reason(error)}", f"{start}//…") from error
    if port == 0:
        raise ScalarError("a port is 1 to 65535", f"{parts.scheme}://{parts.hostname}:…")
    return parts


def check_web_host(text: str) -> None:
    """A web address has a host."""
    parts = parse_url(text)
    if not _HOST.match(parts.hostname or ""):
        raise ScalarError("a web address needs a host", f"{parts.scheme}://shop.example/…")


def check_store(text: str) -> None:
    """A folder of this machine, or what a bucket or a registry is named by (docs/stores.md)."""
    parts = parse_url(text)
    if parts.scheme not in REMOTE_STORES:
        _check_local(text, "file", "store", STORE)
        return
    try:
        check_remote(text, parts)
    except StoreUnusable as error:
        raise ScalarError(
            error.message, f"{parts.scheme}://{REMOTE_STORES[parts.scheme]}"
        ) from error


def check_ledger(text: str) -> None:
    _check_local(text, "sqlite", "ledger", LEDGER)


def check_data_root(text: str) -> None:
    _check_local(text.replace("{tenant}", "tenant"), "file", "data", "file:///data/{tenant}")


def check_provider(text: str) -> None:
    parts = parse_url(text)
    if parts.scheme not in PROVIDER_SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in PROVIDER_SCHEMES)
        raise ScalarError(f"a provider is reached by {known}", "https://…")
    check_web_host(text)


def place_of(text: str) -> str:
    """The same for URLs that name the same file, folder, or place in the same bucket or registry."""
    parts = urlsplit(text)
    path = posixpath.normpath("/" + unquote(parts.path).lstrip("/"))
    machine = f"//{parts.netloc.lower()}" if parts.scheme in REMOTE_STORES else ""
    return f"{parts.scheme}:{machine}{path}"


def _check_local(text: str, scheme: str, what: str, example: str) -> None:
    parts = parse_url(text)
    if parts.scheme != scheme:
        places = (scheme, *REMOTE_STORES) if what == "store" else (scheme,)
        known = ", ".join(f"{place}:" for place in places)
        message = f"this version keeps no {what} at {parts.scheme}:, only at {known}"
        raise ScalarError(message, example)
    if parts.netloc not in ("", *(("localhost",) if what == "store" else ())):
        raise ScalarError(
            f"this names the machine {parts.netloc}: a path of this one has three slashes", example
        )
    if parts.query or parts.fragment or parts.path.strip("/") == "":
        raise ScalarError("this must be a path, without ? and #", example)


def _reason(error: ValueError) -> str:
    text = str(error).partition(":")[0].lower()
    return "its port is none (1 to 65535)" if "port" in text else text
