"""SMTP against a real server: what each kind of trouble is called, and that nothing goes twice."""

from __future__ import annotations

import asyncio
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from handbill.plan.model import Vendor
from handbill_runtime.drivers import smtp
from handbill_runtime.drivers.driver import (
    Accepted,
    Answer,
    Endpoint,
    Envelope,
    Refused,
    Retry,
    Uncertain,
)
from handbill_runtime.drivers.smtp import SmtpDriver, is_loopback

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
LETTER = Envelope(
    id="ab" * 32,
    tenant="fresh-fields",
    campaign="winback",
    address="ann@shop.example",
    sender="Fresh Fields <hello@mail.freshfields.example>",
    workspace="",
    parts={"subject": "We miss you", "html": "<p>Hi</p>\n.\n..dots", "text": "Hi\n.\n.end"},
    unsubscribe_url="https://go.handbill.example/u/token",
    date=datetime(2026, 12, 5, 15, 0, tzinfo=UTC),
)


def letters(count: int) -> list[Envelope]:
    return [replace(LETTER, id=f"{n:064x}", address=f"c{n}@shop.example") for n in range(count)]


def endpoint(url: str, secret: str | None = None) -> Endpoint:
    return Endpoint("mail", url, secret, Vendor(driver="smtp"))


def deliver(url: str, *batches: Sequence[Envelope], secret: str | None = None) -> list[Answer]:
    async def run() -> list[Answer]:
        driver = SmtpDriver()
        answers: list[Answer] = []
        for batch in batches:
            answers += await driver.deliver(endpoint(url, secret), batch)
        await driver.close()
        return answers

    return asyncio.run(run())


def test_a_mail_arrives_whole(mail_server: Any) -> None:
    assert deliver(mail_server.url, [LETTER]) == [Accepted("queued")]
    (mail,) = mail_server.mails()
    assert mail["Message-ID"] == f"<{LETTER.id}@mail.freshfields.example>"
    assert mail["List-Unsubscribe"] == "<https://go.handbill.example/u/token>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_body(("plain",)).get_content().split() == ["Hi", ".", ".end"]
    assert mail.get_body(("html",)).get_content().split() == ["<p>Hi</p>", ".", "..dots"]


def test_a_batch_shares_few_connections_and_the_next_batch_reuses_them(mail_server: Any) -> None:
    answers = deliver(mail_server.url, letters(30), letters(60)[30:])
    assert answers == [Accepted("queued")] * 60
    assert sorted(address for address, _ in mail_server.received) == sorted(
        letter.address for letter in letters(60)
    )
    assert 1 <= mail_server.connections <= 4


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("550 5.1.1 no such user", Refused("550 5.1.1 no such user", unreachable=True)),
        ("550 mailbox unavailable", Refused("550 mailbox unavailable", unreachable=True)),
        ("550 5.1.10 null MX", Refused("550 5.1.10 null MX", unreachable=True)),
        ("550 5.5.0 mailbox unavailable", Refused("550 5.5.0 mailbox unavailable", True)),
        ("553 Unknown user", Refused("553 Unknown user", unreachable=True)),
        ("550 Blocked: is listed at zen", Refused("550 Blocked: is listed at zen")),
        ("550 mailbox unavailable: spam", Refused("550 mailbox unavailable: spam")),
        ("550 5.7.1 mailbox unavailable", Refused("550 5.7.1 mailbox unavailable")),
        ("550 5.1.8 does not exist", Refused("550 5.1.8 does not exist")),
        ("550 sender domain does not exist", Refused("550 sender domain does not exist")),
        ("550 go away", Refused("550 go away")),
        ("550 5.7.1 listed as spam", Refused("550 5.7.1 listed as spam")),
        ("554 5.1.1 no", Refused("554 5.1.1 no")),
        ("451 4.7.1 greylisted", Retry("451 4.7.1 greylisted")),
    ],
)
def test_a_refused_recipient(mail_server: Any, reply: str, answer: Answer) -> None:
    mail_server.on_rcpt = lambda address: reply if address == "c1@shop.example" else "250 OK"
    assert deliver(mail_server.url, letters(3)) == [
        Accepted("queued"), answer, Accepted("queued"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("452 full", Retry("452 full")),
        ("554 looks like spam", Refused("554 looks like spam")),
    ],
)
def test_a_refused_mail(mail_server: Any, reply: str, answer: Answer) -> None:
    mail_server.on_data = lambda address: reply
    assert deliver(mail_server.url, [LETTER]) == [answer]
    assert mail_server.received == []


def test_no_answer_for_the_mail_is_uncertain_and_not_tried_again(mail_server: Any) -> None:
    mail_server.on_data = lambda address: None if address == "c0@shop.example" else "250 queued"
    first, second = deliver(mail_server.url, letters(2))
    assert isinstance(first, Uncertain)
    assert second == Accepted("queued")
    assert sorted(address for address, _ in mail_server.received) == [
        "c0@shop.example",
        "c1@shop.example",
    ]


def test_hanging_up_before_the_mail_is_a_retry(mail_server: Any) -> None:
    mail_server.on_rcpt = lambda address: None
    (answer,) = deliver(mail_server.url, [LETTER])
    assert isinstance(answer, Retry)
    assert mail_server.received == []


def test_a_connection_that_the_server_ends_between_mails_is_replaced(mail_server: Any) -> None:
    turns = iter(["250 OK", None, "250 OK", "250 OK"])
    mail_server.on_mail = lambda: next(turns)
    assert deliver(mail_server.url, [LETTER], letters(2)[1:]) == [Accepted("queued")] * 2
    assert mail_server.connections == 2


def test_a_server_that_is_away_is_a_retry_for_the_whole_batch() -> None:
    answers = deliver("smtp://127.0.0.1:1", letters(20))
    assert len(answers) == 20
    assert all(isinstance(answer, Retry) for answer in answers)


def test_an_unsafe_mail_never_leaves(mail_server: Any) -> None:
    broken = replace(LETTER, parts={"subject": "Hi\r\nBcc: all@shop.example", "text": "x"})
    address = replace(LETTER, address="ann@shop.example>\r\nRCPT TO:<bob@shop.example")
    first, second = deliver(mail_server.url, [broken, address])
    assert first == Refused("the subject holds a control character or is too long")
    assert second == Refused("the address is not a mailbox", unreachable=True)
    assert mail_server.received == []


def test_a_secret_is_not_sent_to_a_server_that_asks_for_none(mail_server: Any) -> None:
    assert deliver(mail_server.url, [LETTER], secret="user:pass") == [Accepted("queued")]


# ── secrets and encryption ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1, trusted through the environment."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2099, 1, 1))
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(chain, secret)
    return context


def logins(mail_server: Any, **options: Any) -> list[tuple[bytes, bytes]]:
    """Make the server ask for a login; answers the list that fills with what it was told."""
    told: list[tuple[bytes, bytes]] = []

    def authenticate(server: Any, session: Any, envelope: Any, kind: str, data: Any) -> AuthResult:
        told.append((data.login, data.password))
        return AuthResult(success=data.password == b"pa:ss", handled=False)

    mail_server.options = {
        "authenticator": authenticate, "auth_required": True, "auth_require_tls": False, **options,
    }  # fmt: skip
    return told


@pytest.mark.parametrize(("user", "secret"), [("user@", "pa:ss"), ("", "user:pa:ss")])
def test_the_secret_is_a_password_or_user_and_password(
    mail_server: Any, user: str, secret: str
) -> None:
    told = logins(mail_server)
    url = mail_server.url.replace("//", f"//{user}")
    assert deliver(url, [LETTER], secret=secret) == [Accepted("queued")]
    assert told == [(b"user", b"pa:ss")]


def test_a_wrong_password_is_a_retry_for_the_whole_batch(mail_server: Any) -> None:
    logins(mail_server)
    answers = deliver(mail_server.url, letters(5), secret="user:wrong")
    assert all(isinstance(answer, Retry) and "535" in answer.detail for answer in answers), answers
    assert mail_server.received == []


def test_starttls_is_used_where_it_is_offered(
    mail_server: Any, certificate: ssl.SSLContext
) -> None:
    told = logins(mail_server, tls_context=certificate, auth_require_tls=True)
    assert deliver(mail_server.url, [LETTER], secret="user:pa:ss") == [Accepted("queued")]
    assert told == [(b"user", b"pa:ss")]


def test_a_certificate_that_nobody_vouches_for_is_a_retry(
    mail_server: Any, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_server.options = {"tls_context": certificate}
    monkeypatch.delenv("SSL_CERT_FILE")
    (answer,) = deliver(mail_server.url, [LETTER])
    assert isinstance(answer, Retry)
    assert mail_server.received == []


def test_smtps(mail_server: Any, certificate: ssl.SSLContext) -> None:
    mail_server.encrypt(certificate)
    url = mail_server.url.replace("smtp:", "smtps:")
    assert deliver(url, [LETTER]) == [Accepted("queued")]
    (plain,) = deliver(
        mail_server.url.replace("smtp:", "smtps:").replace("127.0.0.1", "localhost"), [LETTER]
    )
    assert isinstance(plain, Retry)  # the certificate is for another name


@pytest.mark.parametrize(
    ("host", "local"),
    [("localhost", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False),
     ("localhost.example", False)],
)  # fmt: skip
def test_only_this_machine_is_trusted_without_encryption(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_over_a_network_no_password_is_sent_in_clear(
    mail_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is elsewhere for all that the driver knows."""
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)
    told = logins(mail_server)
    (answer,) = deliver(mail_server.url, [LETTER], secret="user:pa:ss")
    assert isinstance(answer, Retry) and "no TLS" in answer.detail
    assert told == [] and mail_server.received == []


def test_an_answer_in_latin_1_is_an_answer() -> None:
    with LatinServer() as server:
        answers = deliver(f"smtp://127.0.0.1:{server.server_address[1]}", letters(2))
    assert answers == [Accepted("Re\ufffdu")] * 2


class LatinServer(socketserver.ThreadingTCPServer):
    """Takes every mail, in French."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), LatinSession)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        super().__exit__(*error)


class LatinSession(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mx\r\n")
        inside = False
        for line in self.rfile:
            if inside and line != b".\r\n":
                continue
            command = line[:4].upper()
            if command == b"QUIT":
                break
            self.wfile.write(b"354 go\r\n" if command == b"DATA" else b"250 Re\xe7u\r\n")
            inside = command == b"DATA"
