"""What the runtime cannot do, as one typed exception with a stable code.

These are the outside world's failures (a missing file, a second runtime, an unset secret), never a
marketer's mistake: those were found by the compiler. The command line prints code, message and
hint; `docs/diagnostics/HB9-stages.md` explains each code.
"""

from __future__ import annotations


class RuntimeFault(Exception):
    """`code` is stable (HB9xx); `hint` says what to do next."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.code}: {self.message}{hint}"


class LeaseFault(RuntimeFault):
    """Another runtime holds the ledger, or this one never took it."""


class LedgerFault(RuntimeFault):
    """The ledger cannot be opened, or was asked for a step that the message's state forbids."""


class DataFault(RuntimeFault):
    """A tenant's data is missing, too old, or not readable."""


class PlanFault(RuntimeFault):
    """A plan that does not compile to functions or whose canary does not render."""


class ProviderFault(RuntimeFault):
    """A provider is unbound, its URL or secret unusable, or its contract incomplete."""
