"""Links that name one message and cannot be guessed: signed with the ledger's own secret.

Nothing about a person is in them. A signature is good for one purpose: who may look at a message may
not unsubscribe by it.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

from handbill.plan.generated_links import SIGNATURE_LENGTH


class SignedLinks:
    """Makes and reads the links of one purpose below one public URL: `PUBLIC_URL/FOLDER/TOKEN`."""

    def __init__(self, public_url: str, secret: bytes, purpose: str, folder: str) -> None:
        self._root = public_url.rstrip("/")
        self._secret = secret
        self._purpose = purpose
        self._folder = folder

    def url(self, message: str) -> str:
        return f"{self._root}/{self._folder}/{self.token(message)}"

    def token(self, message: str) -> str:
        return f"{message}.{self._signature(message)}"

    def message(self, token: str) -> str | None:
        """The message id of a token that this ledger signed for this purpose."""
        message, _, signature = token.partition(".")
        known = self._signature(message).encode()
        return message if hmac.compare_digest(signature.encode(), known) else None

    def _signature(self, message: str) -> str:
        text = f"{self._purpose}\x1f{message}".encode()
        digest = hmac.new(self._secret, text, hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode("ascii")[:SIGNATURE_LENGTH]


class UnsubscribeLinks(SignedLinks):
    """What a message's `unsubscribe_url` is; `view` makes its `view_url`."""

    def __init__(self, public_url: str, secret: bytes) -> None:
        super().__init__(public_url, secret, "unsubscribe", "u")
        self.view = ViewLinks(public_url, secret)


class ViewLinks(SignedLinks):
    """Links to a message as a page."""

    def __init__(self, public_url: str, secret: bytes) -> None:
        super().__init__(public_url, secret, "view", "v")
