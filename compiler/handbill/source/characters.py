"""What is wrong with a file's bytes before YAML is even read: encoding, size, hidden characters.

Text that looks like one thing and is another never gets further: no byte order marks, no UTF-16, no
control or bidirectional characters, nothing of zero width, no line breaks but LF and CRLF. An emoji
joined by U+200D is what it looks like and is allowed.
"""

from __future__ import annotations

import re
import unicodedata

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.source.layout import tenant_of

MAX_BYTES = 256 * 1024
_EMOJI = "\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_HIDDEN = re.compile(
    r"(?P<breaks>\r(?!\n)|[\x85\u2028\u2029])"
    r"|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff])"
    r"|(?P<bidi>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])"
    r"|(?P<zero>[\xad\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e0fff])"
    rf"|(?P<joiner>(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}]))"
)
_MAYBE_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\uffff\U000e0000-\U000e0fff]"
)
"""Every character that _HIDDEN is about: one quick look, since most files have none."""
_WHAT = {
    "breaks": ("HB203", "a line break that only some programs see"),
    "control": ("HB202", "an invisible control character"),
    "bidi": ("HB202", "an invisible character that reverses the text after it"),
    "zero": ("HB202", "an invisible character"),
    "joiner": ("HB202", "an invisible joiner outside an emoji"),
}
_UNWANTED_VALUE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17)
    )
    + "]"
)
MAX_SHOWN = 5


def decode(file: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text of a configuration file, or what is wrong with its bytes."""
    if len(data) > MAX_BYTES:
        message = f"this file has {len(data):,} bytes; the most that is read is {MAX_BYTES:,}"
        return None, (_at(file, "HB204", 1, 1, message, "split it into smaller files"),)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        message = "this file is saved as UTF-16; Handbill reads UTF-8"
        return None, (_at(file, "HB201", 1, 1, message, _SAVE_AS),)
    if data.startswith(b"\xef\xbb\xbf"):
        message = "this file starts with an invisible byte order mark"
        return None, (_at(file, "HB201", 1, 1, message, _SAVE_AS),)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_undecodable(file, data, error.start),)
    found = tuple(_hidden(file, text))
    return (None, found) if found else (text, ())


def unwanted_in_value(value: str) -> str | None:
    """The first character that no text may hold, however it was written (an escape in quotes)."""
    if value.isprintable():
        return None
    match = _UNWANTED_VALUE.search(value)
    return match[0] if match else None


def name_of(char: str) -> str:
    """`U+200B, ZERO WIDTH SPACE`."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f", {name}" if name else "")


_SAVE_AS = "save it again as UTF-8 (without BOM); editors offer this under “Save with encoding”"


def _at(file: str, code: str, line: int, column: int, message: str, hint: str) -> Diagnostic:
    place = SourceRange(file, line, column, line, column + 1)
    return Diagnostic(code, message, place, hint=hint, tenant=tenant_of(file))


def _undecodable(file: str, data: bytes, start: int) -> Diagnostic:
    before = data[:start].decode("utf-8")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    message = f"byte 0x{data[start]:02X} is not UTF-8; the file was saved in another encoding"
    return _at(file, "HB201", line, column, message, _SAVE_AS)


def _hidden(file: str, text: str) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    if not _MAYBE_HIDDEN.search(text):
        return found
    for match in _HIDDEN.finditer(text):
        if len(found) == MAX_SHOWN:
            break
        line_start = text.rfind("\n", 0, match.start()) + 1
        line = text.count("\n", 0, match.start()) + 1
        code, what = _WHAT[match.lastgroup or "control"]
        char = match[0]
        message = f"{what} stands here ({name_of(char)})"
        found.append(_at(file, code, line, match.start() - line_start + 1, message, _remedy(char)))
    return found


def _remedy(char: str) -> str:
    if char in "\r\x85\u2028\u2029":
        return "press Enter there instead; Handbill reads LF and CRLF line breaks"
    escape = f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"
    if unwanted_in_value(char):
        return "delete it (it often comes along when text is pasted)"
    return f'delete it (it often comes with pasted text), or write "{escape}" in double quotes'
