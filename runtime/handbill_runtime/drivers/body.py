"""An HTTP request from a vendor's contract: nothing about any vendor is known here.

The contract is compiled once per vendor. A member whose parts the message lacks is left out, and
so is an object that lost all its members.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, assert_never
from urllib.parse import quote, urlencode

import msgspec

from handbill.plan.model import (
    BodyArray,
    BodyLiteral,
    BodyObject,
    BodyTemplate,
    BodyText,
    HttpRequest,
    Vendor,
)
from handbill.plan.row import compile_template
from handbill.plan.values import Context
from handbill_runtime.drivers.driver import Endpoint, Envelope
from handbill_runtime.errors import ProviderFault

ABSENT: Any = object()
"""A member that is left out."""
HEADER_VALUE = re.compile(r"([!-~]([\t -~]*[!-~])?)?")
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
JSON: TypeAlias = Any
Render: TypeAlias = Callable[[Context], JSON]


class UnsafeRequest(ValueError):
    """The request would not be what was meant; the text says why."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes


class RequestContract:
    """A vendor's request, ready to be filled in."""

    def __init__(self, vendor: Vendor) -> None:
        if vendor.request is None:
            raise ProviderFault("HB923", "the vendor's contract declares no request")
        self._request: HttpRequest = vendor.request
        self._path = _text(BodyText(text=vendor.request.path))
        self._headers = {
            name: _text(BodyText(text=ops)) for name, ops in vendor.request.headers.items()
        }
        self._body = _compile(vendor.request.body)
        self._idempotency = vendor.idempotency_header

    def fill(self, endpoint: Endpoint, envelope: Envelope) -> Request:
        """UnsafeRequest when a header would hold what a header cannot."""
        context = _context(endpoint, envelope)
        headers = {name: render(context) for name, render in self._headers.items()}
        if self._idempotency is not None:
            headers[self._idempotency] = envelope.id
        body = self._body(context)
        content_type, content = _encode(self._request.encoding, {} if body is ABSENT else body)
        headers = {"Content-Type": content_type, **headers}
        for name, value in headers.items():
            if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
                raise UnsafeRequest(f"the header {name} would hold a character that it cannot")
        return Request(self._request.method, self._url(endpoint, context), headers, content)

    def _url(self, endpoint: Endpoint, context: Context) -> str:
        encoded = {
            path: quote(value, safe="") if isinstance(value, str) else value
            for path, value in context.items()
        }
        path = self._path(encoded)
        if any(part in (".", "..") for part in path.split("?")[0].split("/")):
            raise UnsafeRequest("the path would leave the provider's URL")
        return endpoint.url.rstrip("/") + ("/" + path.lstrip("/") if path else "")


def reads_secret(vendor: Vendor) -> bool:
    """Whether the vendor's request holds the provider's secret."""
    return _reads(msgspec.to_builtins(vendor.request), ("provider", "secret"))


def _reads(value: JSON, path: tuple[str, ...]) -> bool:
    match value:
        case dict():
            return value.get("path") == path or any(_reads(one, path) for one in value.values())
        case list() | tuple():
            return any(_reads(one, path) for one in value)
        case _:
            return False


def _context(endpoint: Endpoint, envelope: Envelope) -> dict[tuple[str, ...], Any]:
    context: dict[tuple[str, ...], Any] = {
        ("message", "id"): envelope.id,
        ("message", "address"): envelope.address,
        ("message", "tenant"): envelope.tenant,
        ("message", "campaign"): envelope.campaign,
        ("sender", "from"): envelope.sender,
        ("sender", "workspace"): envelope.workspace,
        ("provider", "secret"): endpoint.secret or "",
        ("unsubscribe_url",): envelope.unsubscribe_url,
    }
    for name, value in envelope.parts.items():
        context["parts", name] = value
    return context


def _compile(template: BodyTemplate) -> Render:
    match template:
        case BodyLiteral(value=value):
            return lambda context: value
        case BodyText():
            return _text(template)
        case BodyObject(members=members):
            return _object({name: _compile(member) for name, member in members.items()})
        case BodyArray(items=items):
            return _array([_compile(item) for item in items])
        case _:
            assert_never(template)


def _text(template: BodyText) -> Render:
    needs = [("parts", name) for name in template.needs]
    render = compile_template(template.text, ())

    def text(context: Context) -> JSON:
        if any(context.get(need) is None for need in needs):
            return ABSENT
        return render((), context)

    return text


def _object(members: Mapping[str, Render]) -> Render:
    def fill(context: Context) -> JSON:
        filled = {name: render(context) for name, render in members.items()}
        kept = {name: value for name, value in filled.items() if value is not ABSENT}
        return kept if kept or not members else ABSENT

    return fill


def _array(items: list[Render]) -> Render:
    def fill(context: Context) -> JSON:
        return [value for render in items if (value := render(context)) is not ABSENT]

    return fill


def _encode(encoding: str, body: Mapping[str, JSON]) -> tuple[str, bytes]:
    if encoding == "json":
        return "application/json", msgspec.json.encode(body)
    pairs = [
        (name, _form_value(item))
        for name, value in body.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return "application/x-www-form-urlencoded", urlencode(pairs).encode("ascii")


def _form_value(value: JSON) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return ""
        case int() | str():
            return str(value)
        case _:
            raise UnsafeRequest("a form holds texts and numbers only, no objects")
