"""The secrets that webhooks are checked with: from a file or a variable, never from an argument."""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.keys import ENVIRONMENT_PREFIX

SIGNING = "whsec_"
"""How a signing token begins, in the form of Standard Webhooks: the rest is the key in base64."""
MIN_LENGTH = 16
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Secrets:
    """`plain` are shared texts, `signing` keys of signing tokens. Any one of them counts, so that two
    are valid while one is being replaced."""

    plain: tuple[bytes, ...] = ()
    signing: tuple[bytes, ...] = ()


def load_secrets(reference: str) -> Secrets | Diagnostic:
    """One secret a line, in a file or in the variable NAME of `env:NAME`; HB859 where there is none."""
    if reference.startswith(ENVIRONMENT_PREFIX):
        text = os.environ.get(reference.removeprefix(ENVIRONMENT_PREFIX), "")
    else:
        try:
            with open(reference, encoding="utf-8") as file:
                text = file.read(_MAX_BYTES)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            return _unusable(reference, f"cannot be read: {reason}")
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not found:
        return _unusable(reference, "is empty")
    if any(len(each) < MIN_LENGTH for each in found):
        return _unusable(reference, f"has fewer than {MIN_LENGTH} characters, so it can be guessed")
    try:
        signing = tuple(_key(each) for each in found if each.startswith(SIGNING))
    except (binascii.Error, ValueError):
        return _unusable(reference, f"begins with {SIGNING} and does not go on in base64")
    plain = tuple(each.encode() for each in found if not each.startswith(SIGNING))
    return Secrets(plain, signing)


def _key(text: str) -> bytes:
    key = base64.b64decode(text.removeprefix(SIGNING), validate=True)
    if len(key) < MIN_LENGTH:
        raise ValueError("too short")
    return key


def _unusable(reference: str, why: str) -> Diagnostic:
    shown = "".join(each if each.isprintable() else "?" for each in reference[:200])
    return Diagnostic(
        "HB859",
        f"the webhook secret {shown} {why}",
        hint="make one with `openssl rand -hex 32`, write it to a file that only the publisher's user "
        "can read (or to a variable, env:NAME), and give the same to the webhook's settings",
    )
