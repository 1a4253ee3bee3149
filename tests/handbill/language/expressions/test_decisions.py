"""Conditions that decide between two ways are noted where they are checked, and only if somebody asks."""

from __future__ import annotations

from dataclasses import replace

from template_world import DictLoader, scope_of  # type: ignore[import-not-found]
