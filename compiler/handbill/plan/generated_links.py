"""How long the links are that Handbill makes for each message: known before any environment is.

A link is the environment's public URL, `/u/`, the message's id, `.` and a signature. Messages are
counted with the longest that can be, so an environment whose public URL is longer is refused.
"""

from __future__ import annotations

from handbill.plan.alphabets import is_within
from handbill.plan.types import StringType

PUBLIC_URL_MAXIMUM = 60
ID_LENGTH = 64
"""Hexadecimal digits of a message's id."""
SIGNATURE_LENGTH = 22
"""Base64 digits of a link's signature: 132 bits."""
LINK_MAXIMUM = PUBLIC_URL_MAXIMUM + len("/u/") + ID_LENGTH + len(".") + SIGNATURE_LENGTH

GENERATED_LINK = StringType(LINK_MAXIMUM, "link")
"""The type of `unsubscribe_url` and other links that are made for one message."""


def is_fit_for_links(public_url: str) -> bool:
    """Whether links below this URL are as messages were counted with."""
    root = public_url.rstrip("/")
    return len(root) <= PUBLIC_URL_MAXIMUM and is_within(root, "link")
