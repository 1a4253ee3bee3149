"""What a message gives its mail besides the template: link tags, its language, what it must have."""

from __future__ import annotations

from dataclasses import dataclass, field

from handbill.plan.ir import Expression

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
"""Languages written from right to left, of those with a CLDR locale (layout/orientation)."""


@dataclass(frozen=True, slots=True)
class LinkTags:
    """`pairs` are appended to the query of every link to one of `domains`, or below one."""

    pairs: tuple[tuple[str, str], ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`preheader`: a text for the preview, or None; `alt_text`: whether every picture needs one."""

    tags: LinkTags = field(default_factory=LinkTags)
    alt_text: bool = False
    preheader: Expression | None = None
    locale: str = ""

    @property
    def document(self) -> dict[str, str]:
        """The attributes of `<html>` that follow from the language."""
        if not self.locale:
            return {}
        language = self.locale.partition("-")[0]
        return {"lang": self.locale, "dir": "rtl" if language in _RIGHT_TO_LEFT else "ltr"}


PLAIN = MailSettings()
