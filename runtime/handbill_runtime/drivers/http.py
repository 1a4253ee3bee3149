"""HTTP: one request per message, declared wholly by the vendor's contract.

What a status means is the contract's too. A connection that never came about is `Retry`; once the
request may have left, only an answer's status is proof, whatever its body is. Redirects are not
followed.
"""

from __future__ import annotations

import asyncio
import logging
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

LOG = logging.getLogger(__name__)
CONNECTIONS = 10
TIMEOUT = httpx.Timeout(30.0, connect=10.0, pool=None)
IDLE_SECONDS = 3.0
"""Shorter than servers keep an idle connection: a request lost on a closed one is uncertain."""
DEFAULT_RESPONSES = Responses(accepted=("2xx",), retry=("429",))
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
NEVER_MADE = (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError)
LONGEST_WAIT = 24 * 3600.0
LARGEST_BODY = 64 * 1024
"""Bytes of an answer that are read; what is longer holds no message id."""
BODY_SECONDS = 30.0
SHOWN = 800
"""Bytes of an answer that its text is taken from."""


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
        answers = await asyncio.gather(
            *(self._one(contract, endpoint, envelope) for envelope in envelopes),
            return_exceptions=True,
        )
        return [_certain(answer) for answer in answers]

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
        responses = endpoint.vendor.responses or DEFAULT_RESPONSES
        async with self._slots:
            try:
                async with self._client.stream(
                    request.method, request.url, headers=request.headers, content=request.content
                ) as response:
                    body = await _body(response)
                    return _answer(response.status_code, response.headers, body, responses)
            except NEVER_LEFT as error:
                return Retry(f"cannot connect: {_plain(error)}")
            except NEVER_MADE as error:
                return Refused(f"no request can be made of this: {_plain(error)}")
            except (httpx.HTTPError, OSError) as error:
                return Uncertain(f"no answer: {_plain(error)}")


def _certain(answer: Answer | BaseException) -> Answer:
    """One message's bug is not the others'."""
    if isinstance(answer, Exception):
        LOG.error("a message broke the driver", exc_info=answer)
        return Uncertain(f"{type(answer).__name__}: {_plain(answer)}")
    if isinstance(answer, BaseException):
        raise answer
    return answer


async def _body(response: httpx.Response) -> bytes:
    """The beginning of the answer's body, as far as it can be read."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) >= LARGEST_BODY:
                    break
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        LOG.info("the body of an answer could not be read: %s", _plain(error))
    return body[:LARGEST_BODY]


def _answer(status: int, headers: httpx.Headers, body: bytes, responses: Responses) -> Answer:
    detail = f"{status} {body[:SHOWN].decode('utf-8', 'replace')}"
    if _listed(status, responses.accepted):
        return Accepted(_provider_id(body, responses.id_pointer))
    if _listed(status, responses.unreachable):
        return Refused(detail, unreachable=True)
    if _listed(status, responses.retry):
        return Retry(detail, _retry_after(headers))
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


def _provider_id(body: bytes, pointer: str | None) -> str:
    """The value at an RFC 6901 pointer of a JSON answer, or nothing."""
    if not pointer:
        return ""
    try:
        value = msgspec.json.decode(body)
        for token in pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]
        return str(value)
    except (msgspec.DecodeError, LookupError, TypeError, ValueError, RecursionError):
        return ""


def _plain(error: BaseException) -> str:
    return str(error) or type(error).__name__
