"""Secrets by reference: `env:NAME` or `file:PATH`, read when they are needed, never stored."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from handbill_runtime.errors import ProviderFault


def read_secret(
    reference: str | None, provider: str, environment: Mapping[str, str] = os.environ
) -> str | None:
    """The secret's value, or None for no reference; ProviderFault HB922 when it cannot be read."""
    if reference is None:
        return None
    kind, _, name = reference.partition(":")
    if kind == "env" and name in environment:
        return environment[name]
    if kind == "file":
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ProviderFault(
                "HB922", f"the secret of provider `{provider}` cannot be read from {name}: {error}"
            ) from error
    raise ProviderFault(
        "HB922",
        f"the secret of provider `{provider}` is not there: {reference}",
        f"export {name}=…" if kind == "env" else "write env:NAME or file:PATH",
    )
