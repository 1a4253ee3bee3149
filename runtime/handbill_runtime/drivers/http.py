"""HTTP: one request per message, declared wholly by the vendor's contract.

What a status means is the contract's too. A connection that never came about is `Retry`; once the
request may have left, only an answer is proof. Redirects are not followed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from handbill.plan.model import Responses, Vendor
from handbill_runtime.drivers.body import RequestContract, UnsafeRequest
from handbill_runtime.drivers.driver import (
    Accepted,
    Answer,
    Endpoint,
    Envelope,
    Refused,
    Retry,
    Uncertain,
)
from handbill_runtime.errors import ProviderFault

CONNECTIONS = 10
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)
IDLE_SECONDS = 3.0
"""Shorter than servers keep an idle connection: a request lost on a closed one is uncertain."""
DEFAULT_RESPONSES = Responses(accepted=("2xx",), retry=("429",))
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
NEVER_MADE = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)
LONGEST_WAIT = 24 * 3600.0


class HttpDriver:
    """See `Driver`. One connection pool for all endpoints."""

    def __init__(self) -> None:
        limits = httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
        self._client = httpx.AsyncClient(timeout=TIMEOUT, limits=limits, trust_env=False)
        self._contracts: dict[bytes, RequestContract] = {}
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        try:
            contract = self._contract(endpoint.vendor)
        except ProviderFault as fault:
            return [Refused(str(fault))] * len(envelopes)
        return await asyncio.gather(
            *(self._one(contract, endpoint, envelope) for envelope in envelopes)
        )

    async def close(self) -> None:
        await self._client.aclose()

    def _contract(self, vendor: Vendor) -> RequestContract:
        key = msgspec.json.encode(vendor, order="sorted")
        if key not in self._contracts:
            self._contracts[key] = RequestContract(vendor)
        return self._contracts[key]

    async def _one(
        self, contract: RequestContract, endpoint: Endpoint, envelope: Envelope
    ) -> Answer:
        try:
            request = contract.fill(endpoint, envelope)
        except UnsafeRequest as error:
            return Refused(str(error))
        async with self._slots:
            try:
                response = await self._client.request(
                    request.method, request.url, headers=request.headers, content=request.content
                )
            except NEVER_LEFT as error:
                return Retry(f"cannot connect: {_plain(error)}")
            except NEVER_MADE as error:
                return Refused(f"no request can be made of this: {_plain(error)}")
            except (httpx.HTTPError, OSError) as error:
                return Uncertain(f"no answer: {_plain(error)}")
        return _answer(response, endpoint.vendor.responses or DEFAULT_RESPONSES)


def _answer(response: httpx.Response, responses: Responses) -> Answer:
    status = response.status_code
    detail = f"{status} {response.text[:200]}"
    if _listed(status, responses.accepted):
        return Accepted(_provider_id(response, responses.id_pointer))
    if _listed(status, responses.unreachable):
        return Refused(detail, unreachable=True)
    if _listed(status, responses.retry):
        return Retry(detail, _retry_after(response.headers))
    if 400 <= status < 500:
        return Refused(detail)
    return Uncertain(detail)


def _listed(status: int, patterns: Sequence[str]) -> bool:
    """`200`, `2xx` or `500-599`."""
    for pattern in patterns:
        low, _, high = pattern.replace("xx", "00").partition("-")
        if pattern.endswith("xx"):
            high = f"{pattern[:-2]}99"
        if int(low) <= status <= int(high or low):
            return True
    return False


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds, or an HTTP date against the answer's own; None where there is none or no sense."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        at, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return min(max((at - now).total_seconds(), 0.0), LONGEST_WAIT)
    except (ValueError, TypeError):
        return None


def _provider_id(response: httpx.Response, pointer: str | None) -> str:
    """The value at an RFC 6901 pointer of a JSON answer, or nothing."""
    if not pointer:
        return ""
    try:
        value = msgspec.json.decode(response.content)
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError, ValueError):
        return ""
    return str(value)[:200]


def _plain(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
