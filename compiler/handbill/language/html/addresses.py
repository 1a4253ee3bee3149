"""Links, image addresses and style values that are made of constants: what may stand in them.

A customer's own value never reaches them, so the checks are about mistakes (a scheme that runs code, a
colour that ends the rule) rather than about attack.
"""

from __future__ import annotations

import re
from urllib.parse import quote

SAFE_SCHEMES = frozenset({"https", "http", "mailto", "tel", "sms", "cid"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_URL_CHARACTERS = "-._~:/?#[]@!$&'()*+,;=%"
_IGNORED = re.compile(r"[\x00-\x20]+")
_STYLE_VALUE = re.compile(r"[A-Za-z0-9#%.,() +\-_'\"/!]*\Z")
_STYLE_CODE = re.compile(r"url\s*\(|expression\s*\(|/\*", re.IGNORECASE)
_PART_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+([/?#]\S*)?\Z")
_REFUSED_PART_SCHEMES = frozenset({"javascript", "data", "vbscript", "file"})


def refused_scheme(address: str) -> str | None:
    """The scheme of an address in a mail, when it is not one of SAFE_SCHEMES.

    Browsers ignore control characters and spaces in a scheme, and so does this.
    """
    match = _SCHEME.match(_IGNORED.sub("", address).lower())
    return match[1] if match and match[1] not in SAFE_SCHEMES else None


def percent_encoded(text: str) -> str:
    """A constant as it may stand in an address: what no URL may hold is percent-encoded."""
    return quote(text, safe=_URL_CHARACTERS)


def is_style_value(text: str) -> bool:
    """Whether a constant is a plain CSS value: a colour, a size, a list of fonts."""
    balanced = text.count("(") == text.count(")")
    quoted = text.count("'") % 2 == 0 and text.count('"') % 2 == 0
    plain = _STYLE_VALUE.match(text) is not None and _STYLE_CODE.search(text) is None
    return plain and balanced and quoted


def is_complete_address(text: str) -> bool:
    """Whether a `url` part can be opened: `https://host/…`, or an app's `scheme://place`."""
    if _PART_ADDRESS.match(text) is None:
        return False
    return text.partition(":")[0].lower() not in _REFUSED_PART_SCHEMES
