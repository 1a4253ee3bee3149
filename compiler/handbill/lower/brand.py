"""The pictures of a brand: what `brand.logo` stands for in every template."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.templates.asset_paths import SYMBOLIC, is_asset_path
from handbill.lower.templates import TemplateLibrary
from handbill.resolve.model import ResolvedTenant

UNKNOWN = f"{SYMBOLIC}logo"
"""Stands for a logo that is wrong, so that nobody is told of it twice."""


def brand_logo(
    tenant: ResolvedTenant, templates: TemplateLibrary
) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The symbolic address of the logo, None where the brand has none."""
    logo = tenant.document.brand and tenant.document.brand.logo
    if not logo:
        return None, ()
    origin = tenant.traced.origin(("brand", "logo"))
    path = logo if is_asset_path(logo) else f"assets/{logo}"
    address = templates.asset_at(path, origin.root, origin.range)
    return (UNKNOWN, (address,)) if isinstance(address, Diagnostic) else (address, ())
