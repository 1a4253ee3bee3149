"""What a request tells a vendor beside a message's parts: its names, known or bounded."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.language.bounds.spelling import extent_of_letter, letters_of
from handbill.language.bounds.world import EMPTY_WORLD, Bound
from handbill.plan.generated_links import ID_LENGTH
from handbill.plan.ir import Const, Expression, Field
from handbill.plan.types import StringType

SECRET = StringType(512)
"""What a provider's secret is taken to be, where a body holds one."""
WORST = "\x01"
"""The character that JSON writes with most bytes: six."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Of one campaign's messages on one channel."""

    tenant: str
    campaign: str
    sender: str
    workspace: str
    address: StringType
    column: str
    """The customers' field that holds the address."""

    def names(self) -> dict[tuple[str, ...], Bound]:
        known = {
            ("message", "id"): "0" * ID_LENGTH,
            ("message", "tenant"): self.tenant,
            ("message", "campaign"): self.campaign,
            ("sender", "from"): self.sender,
            ("sender", "workspace"): self.workspace,
        }
        texts: dict[tuple[str, ...], Expression] = {
            path: Const(StringType(len(text)), text) for path, text in known.items()
        }
        texts["message", "address"] = Field(("address",), self.address)
        texts["provider", "secret"] = Field(("secret",), SECRET)
        return {path: Bound(text, EMPTY_WORLD) for path, text in texts.items()}

    def longest_names(self) -> dict[tuple[str, ...], str]:
        """Texts of these names that make a request as large as they can."""
        return {path: _longest_text(bound) for path, bound in self.names().items()}

    @property
    def address_bytes(self) -> int:
        """The most bytes that the address makes of a JSON request."""
        letters = letters_of(self.address.alphabet)
        return extent_of_letter(letters, ("json",)).high.bytes * self.address.maximum


def _longest_text(bound: Bound) -> str:
    match bound.value:
        case Const(value=str(text)):
            return text
        case Field(type=StringType(maximum=maximum)):
            return WORST * maximum
        case _:
            return ""
