"""SMTP: a few pooled connections per provider, each mail its own transaction.

Up to the end of the DATA command nothing has been handed over, so trouble is `Retry`. Once the
mail itself is on its way only the server's answer decides; without one it is `Uncertain`.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib.errors import SMTPRecipientRefused, SMTPResponseException

from handbill_runtime.drivers.driver import (
    Accepted,
    Answer,
    Endpoint,
    Envelope,
    Refused,
    Retry,
    Uncertain,
)
from handbill_runtime.drivers.mime import UnsafeMail, is_address, mail_bytes

CONNECTIONS = 4
CONNECT_SECONDS, COMMAND_SECONDS = 15.0, 60.0
ANSWER_SECONDS = 300.0
"""How long a server may take to answer for a mail (RFC 5321 4.5.3.2.6 asks for ten minutes)."""
ENHANCED = re.compile(r"5\.\d{1,3}\.\d{1,3}(?=\s|$)")
NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.6", "5.1.10"})
"""RFC 3463: bad, moved, or a domain that takes no mail. All else may be the sender's standing."""
MAY_BE_MAILBOX = re.compile(r"5\.([05]\.|1\.0$)")
DEAD_MAILBOX = re.compile(
    r"user (is )?unknown|unknown (user|recipient|mailbox)|no such (user|recipient|mailbox|address)"
    r"|(user|recipient|mailbox|address|account)( \S+)? (was )?not found|mailbox (is )?unavailable"
    r"|does(n't| not) exist",
    re.IGNORECASE,
)
SENDERS_FAULT = re.compile(
    r"sender|domain|block|black|\blist|spam|spf|dkim|dmarc|helo|polic|reputation|relay",
    re.IGNORECASE,
)
"""Words of a refusal that is not about the mailbox, whatever else it says."""
NETWORK = (aiosmtplib.SMTPException, OSError, TimeoutError, ValueError)


@dataclass
class _Pool:
    """Idle connections to one endpoint."""

    idle: deque[aiosmtplib.SMTP] = field(default_factory=deque)


class SmtpDriver:
    """See `Driver`. Connections stay open between batches."""

    def __init__(self) -> None:
        self._pools: dict[tuple[str, str | None], _Pool] = {}

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        pool = self._pools.setdefault((endpoint.url, endpoint.secret), _Pool())
        batch = _Batch(endpoint, pool, envelopes)
        workers = min(CONNECTIONS, len(envelopes))
        await asyncio.gather(*(batch.work() for _ in range(workers)))
        return batch.finished()

    async def close(self) -> None:
        for pool in self._pools.values():
            while pool.idle:
                client = pool.idle.pop()
                try:
                    await client.quit(timeout=2)
                except NETWORK:
                    client.close()
        self._pools.clear()


class _Batch:
    """Workers draw envelopes from one queue; the first that cannot connect ends the batch."""

    def __init__(self, endpoint: Endpoint, pool: _Pool, envelopes: Sequence[Envelope]) -> None:
        self._endpoint = endpoint
        self._pool = pool
        self._queue = deque(enumerate(envelopes))
        self._answers: list[Answer | None] = [None] * len(envelopes)
        self._down: Retry | None = None

    async def work(self) -> None:
        """Send until the queue is empty, over one connection as long as that lasts."""
        connection = _Connection(self._endpoint, self._pool)
        try:
            while self._queue and self._down is None:
                index, envelope = self._queue.popleft()
                self._answers[index] = await self._one(connection, envelope)
        finally:
            connection.put_back()

    def finished(self) -> Sequence[Answer]:
        rest = self._down or Retry("not tried")
        return [rest if answer is None else answer for answer in self._answers]

    async def _one(self, connection: _Connection, envelope: Envelope) -> Answer:
        try:
            sender, data = mail_bytes(envelope)
        except UnsafeMail as error:
            return Refused(str(error), unreachable=not is_address(envelope.address))
        answer: Answer = Retry("not tried")
        for _ in range(2):  # a server may close a connection that it has used enough
            try:
                client = await connection.ready()
            except NETWORK as error:
                self._down = Retry(f"cannot connect: {_plain(error)}")
                return self._down
            answer = await _transaction(client, sender, envelope.address, data)
            connection.clean = isinstance(answer, Accepted)
            if not isinstance(answer, Retry) or client.is_connected:
                break
        return answer


class _Connection:
    """A worker's connection: from the pool while one there still answers, else a new one."""

    def __init__(self, endpoint: Endpoint, pool: _Pool) -> None:
        self._endpoint = endpoint
        self._pool = pool
        self._client: aiosmtplib.SMTP | None = None
        self.clean = True
        """The last transaction ended well, so no RSET is needed before the next."""

    async def ready(self) -> aiosmtplib.SMTP:
        if self._client is None and self._pool.idle:
            self._client, self.clean = self._pool.idle.popleft(), False
        if self._client is not None and await self._usable(self._client):
            return self._client
        self._client, self.clean = await _connect(self._endpoint), True
        return self._client

    async def _usable(self, client: aiosmtplib.SMTP) -> bool:
        if not client.is_connected:
            return False
        if self.clean:
            return True
        try:
            await client.rset(timeout=COMMAND_SECONDS)
        except NETWORK:
            client.close()
            return False
        return True

    def put_back(self) -> None:
        client = self._client
        if client is None:
            return
        if client.is_connected and len(self._pool.idle) < CONNECTIONS:
            self._pool.idle.append(client)
        else:
            client.close()


async def _connect(endpoint: Endpoint) -> aiosmtplib.SMTP:
    url = urlsplit(endpoint.url)
    host = url.hostname or "localhost"
    secure = url.scheme == "smtps"
    client = aiosmtplib.SMTP(
        hostname=host,
        port=url.port or (465 if secure else 25),
        use_tls=secure,
        timeout=CONNECT_SECONDS,
        local_hostname="localhost" if is_loopback(host) else None,
    )
    await client.connect()
    try:
        await _log_in(client, endpoint, unquote(url.username or ""), host)
    except BaseException:
        client.close()
        raise
    return client


async def _log_in(client: aiosmtplib.SMTP, endpoint: Endpoint, user: str, host: str) -> None:
    """Where there is a secret and the server takes one; never in clear over a network."""
    if not endpoint.secret:
        return
    await client.ehlo()
    if not client.supports_extension("auth"):
        return
    if client.get_transport_info("sslcontext") is None and not is_loopback(host):
        raise ValueError("the server offers no TLS, so the password is not sent")
    password = endpoint.secret
    if not user:
        user, _, password = endpoint.secret.partition(":")
    await client.login(user, password)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _transaction(client: aiosmtplib.SMTP, sender: str, address: str, data: bytes) -> Answer:
    try:
        await client.mail(sender, timeout=COMMAND_SECONDS)
        await client.rcpt(address, timeout=COMMAND_SECONDS)
        ready = await client.execute_command(b"DATA", timeout=COMMAND_SECONDS)
    except SMTPResponseException as error:
        return _refusal(error.code, error.message, isinstance(error, SMTPRecipientRefused))
    except NETWORK as error:
        client.close()
        return Retry(f"before the mail was handed over: {_plain(error)}")
    if ready.code != 354:
        return _refusal(ready.code, ready.message)
    return await _hand_over(client, data)


async def _hand_over(client: aiosmtplib.SMTP, data: bytes) -> Answer:
    """From the first byte of the mail on: only an answer is proof."""
    protocol = client.protocol
    try:
        if protocol is None:
            return Retry("the connection closed before the mail was handed over")
        protocol.write(_dot_stuffed(data))
        answer = await protocol.read_response(timeout=ANSWER_SECONDS)
    except NETWORK as error:
        client.close()
        return Uncertain(f"no answer for the mail: {_plain(error)}")
    except BaseException:
        client.close()
        raise
    if answer.code == 250:
        return Accepted(answer.message)
    return _refusal(answer.code, answer.message)


def _dot_stuffed(data: bytes) -> bytes:
    return data.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _refusal(code: int, message: str, of_recipient: bool = False) -> Answer:
    detail = f"{code} {message}"
    if 400 <= code < 500:
        return Retry(detail)
    return Refused(detail, unreachable=of_recipient and _is_dead(code, message))


def _is_dead(code: int, message: str) -> bool:
    """Whether this refusal of a recipient says that there is no such mailbox."""
    if code not in (550, 551, 553):
        return False
    enhanced = ENHANCED.match(message)
    if enhanced is not None and enhanced[0] in NO_SUCH_MAILBOX:
        return True
    if enhanced is not None and MAY_BE_MAILBOX.match(enhanced[0]) is None:
        return False
    return DEAD_MAILBOX.search(message) is not None and SENDERS_FAULT.search(message) is None


def _plain(error: BaseException) -> str:
    return str(error) or type(error).__name__
