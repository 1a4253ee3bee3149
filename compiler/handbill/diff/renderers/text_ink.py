"""Colours of a terminal, or none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    color: bool

    def __call__(self, text: str, style: str) -> str:
        """`style` is an ANSI SGR parameter: `1` bold, `31` red."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and text else text

    def bold(self, text: str) -> str:
        return self(text, "1")

    def dim(self, text: str) -> str:
        return self(text, "2")

    def warn(self, text: str) -> str:
        return self(text, "33")

    def removed(self, text: str) -> str:
        """Marked by brackets where there are no colours, as git's word diff does."""
        return self(text, "31;9") if self.color else f"[-{text}-]"

    def added(self, text: str) -> str:
        return self(text, "32") if self.color else f"{{+{text}+}}"
