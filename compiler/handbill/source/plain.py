"""YAML 1.2's core scalars: what an unquoted word is. `NO`, `on` and `22:30` are text.

Numbers are exact (int, Decimal) and bounded, so that nothing later has to fear them.
"""

from __future__ import annotations

import re
from decimal import Decimal

INTEGER = re.compile(r"[-+]?[0-9]+\Z")
BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
NULL = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE"})
FALSE = frozenset({"false", "False", "FALSE"})
MAX_DIGITS = 18
OUT_OF_RANGE = object()
"""Answered for a number that is no number here: infinite, not a number, or over 18 digits."""


def resolve_plain(source: str) -> object:
    """str, int, Decimal, bool or None for an unquoted scalar; OUT_OF_RANGE for a number that
    Handbill does not take."""
    if source in NULL:
        return None
    if source in TRUE:
        return True
    if source in FALSE:
        return False
    if source[0] not in "+-.0123456789":
        return source
    return _resolve_number(source)


def _resolve_number(source: str) -> object:
    if INTEGER.match(source):
        return int(source) if len(source.lstrip("+-0")) <= MAX_DIGITS else OUT_OF_RANGE
    if BASED.match(source):
        return int(source, 0) if len(source) <= MAX_DIGITS else OUT_OF_RANGE
    if SPECIAL.match(source):
        return OUT_OF_RANGE
    if DECIMAL.match(source):
        return _decimal(source)
    return source


def _decimal(source: str) -> object:
    digits, _, exponent = source.lower().partition("e")
    if len(digits) > 2 * MAX_DIGITS or len(exponent.lstrip("+-0")) > 2:
        return OUT_OF_RANGE
    value = Decimal(source)
    if value and not -MAX_DIGITS <= value.adjusted() <= MAX_DIGITS:
        return OUT_OF_RANGE
    return value
