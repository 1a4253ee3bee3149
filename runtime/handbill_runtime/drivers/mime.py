"""One mail as bytes: plain text and HTML alternatives, one-click unsubscribe, checked headers.

Headers are written here, not by the `email` package: it encodes a long List-Unsubscribe URL into
words that no mailbox provider reads back, loses spaces between encoded words, and in some CPython
patch releases lets a line break in a subject become a second header. The same message always gives
the same bytes.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from email.utils import format_datetime

from handbill_runtime.drivers.driver import Envelope

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
)
"""An ASCII addr-spec without quoting or comments: HTML's own rule for `type=email`."""
MAILBOX = re.compile(r"(?P<name>.*?) *<(?P<address>[^<>]*)>")
LINK = re.compile(r"https?://[!-;=?-~]+")
VALUE_LIMIT = 998
"""RFC 5322's limit of a line; a longer value is not a subject but an accident."""
WORD_BYTES = 39
"""UTF-8 bytes in one encoded word: with its frame and `Subject: ` a line of 73 (RFC 2047: 76)."""


class UnsafeMail(ValueError):
    """The mail would not be what was meant; the text says why."""


def mail_bytes(envelope: Envelope) -> tuple[str, bytes]:
    """The envelope sender and the whole mail with CRLF line ends; UnsafeMail when it may not go."""
    sender, origin = _mailbox("sender", envelope.sender)
    if not is_address(envelope.address):
        raise UnsafeMail("the address is not a mailbox")
    headers = {
        "From": origin,
        "To": envelope.address,
        "Subject": _text(_one_line("subject", envelope.parts.get("subject", ""))),
        "Date": format_datetime(envelope.date),
        "Message-ID": f"<{envelope.id}@{sender.rpartition('@')[2]}>",
    }
    if reply_to := envelope.parts.get("reply_to"):
        headers["Reply-To"] = _mailbox("reply_to", reply_to)[1]
    if envelope.unsubscribe_url:
        if not LINK.fullmatch(envelope.unsubscribe_url):
            raise UnsafeMail("the unsubscribe link is not a plain URL")
        headers["List-Unsubscribe"] = f"<{envelope.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    headers["MIME-Version"] = "1.0"
    body = _body(headers, envelope)
    return sender, _head(headers) + b"\r\n" + body


def is_address(text: str) -> bool:
    return len(text) <= 254 and ADDRESS.fullmatch(text) is not None


def _mailbox(what: str, text: str) -> tuple[str, str]:
    """`address` or `Name <address>`, where the name may be quoted and may hold a comma."""
    parts = MAILBOX.fullmatch(_one_line(what, text).strip())
    name, address = (parts["name"], parts["address"]) if parts else ("", text.strip())
    if not is_address(address):
        raise UnsafeMail(f"the {what} {text!r} is not a mailbox")
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    if not name:
        return address, address
    if _needs_words(name):
        return address, f"{_text(name)} <{address}>"
    quoted = re.sub(r'(["\\])', r"\\\1", name)
    return address, f'"{quoted}" <{address}>'


def _one_line(what: str, value: str) -> str:
    if CONTROL.search(value) or len(value) > VALUE_LIMIT:
        raise UnsafeMail(f"the {what} holds a control character or is too long")
    return value


# ── header values ────────────────────────────────────────────────────────────────────────────────


def _needs_words(value: str) -> bool:
    return not value.isascii() or "=?" in value or len(value) > VALUE_LIMIT - 40


def _text(value: str) -> str:
    """Unstructured text as it stands in a header: itself, or RFC 2047 words on folded lines."""
    if not _needs_words(value):
        return value
    return "\r\n ".join(
        f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(value)
    )


def _chunks(value: str) -> Iterator[bytes]:
    """UTF-8 in pieces of whole characters."""
    piece = b""
    for character in value:
        data = character.encode()
        if len(piece) + len(data) > WORD_BYTES:
            yield piece
            piece = b""
        piece += data
    yield piece


def _head(headers: Mapping[str, str]) -> bytes:
    """The header block; UnsafeMail unless it reads back as exactly these headers."""
    block = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    lines = block.removesuffix("\r\n").split("\r\n")
    names = [line.partition(":")[0] for line in lines if not line.startswith(" ")]
    stray = any(CONTROL.search(line) or not line.strip() for line in lines)
    if names != list(headers) or stray or not block.isascii():
        raise UnsafeMail("the headers would not be those that were meant")
    return block.encode("ascii")


# ── body ─────────────────────────────────────────────────────────────────────────────────────────


def _body(headers: dict[str, str], envelope: Envelope) -> bytes:
    """The body, its content headers added to `headers`."""
    contents = [
        (kind, envelope.parts[part])
        for part, kind in (("text", "text/plain"), ("html", "text/html"))
        if part in envelope.parts
    ]
    match contents:
        case []:
            raise UnsafeMail("the mail has neither text nor html")
        case [(kind, content)]:
            headers["Content-Type"] = f"{kind}; charset=utf-8"
            headers["Content-Transfer-Encoding"] = "quoted-printable"
            return _quoted_printable(content)
        case _:
            # "=_" cannot occur in quoted-printable, so the boundary is in neither part
            boundary = f"=_{envelope.id[:32]}"
            headers["Content-Type"] = f'multipart/alternative; boundary="{boundary}"'
            return _alternatives(boundary, contents)


def _alternatives(boundary: str, contents: list[tuple[str, str]]) -> bytes:
    pieces = [
        f"--{boundary}\r\nContent-Type: {kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode("ascii")
        + _quoted_printable(content)
        for kind, content in contents
    ]
    return b"".join(pieces) + f"--{boundary}--\r\n".encode("ascii")


def _quoted_printable(content: str) -> bytes:
    try:
        data = content.replace("\r\n", "\n").replace("\r", "\n").encode()
    except UnicodeEncodeError as error:
        raise UnsafeMail("the body holds half a character") from error
    encoded = binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
    return encoded if encoded.endswith(b"\r\n") else encoded + b"\r\n"
