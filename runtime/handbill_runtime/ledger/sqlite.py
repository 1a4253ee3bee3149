"""The ledger in one SQLite file, put together from its tables."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.messages import MessageTable
from handbill_runtime.ledger.selections import SelectionTables
from handbill_runtime.ledger.suppressions import SuppressionTables


def open_ledger(url: str, create: bool = True) -> SqliteLedger:
    """`sqlite:///absolute/path` or a plain path; LedgerFault HB902 for anything else, and for one
    that is missing where it is not to be made."""
    return SqliteLedger(ledger_path(url), create)


def ledger_path(url: str) -> Path:
    """Where the ledger of this URL lies, or would."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and parts.path and not parts.netloc:
        return Path(unquote(parts.path))
    if "://" not in url and url:
        return Path(url)
    raise LedgerFault(
        "HB902", f"this version keeps no ledger at {url}", "use sqlite:///path/to/ledger.db"
    )


class SqliteLedger(SelectionTables, MessageTable, SuppressionTables):
    """See `Ledger` for what each call promises. One object per thread."""

    def second(self) -> SqliteLedger:
        """Another connection for another thread of this process, which writes under the same lease.

        Called in that thread; closed before this one is.
        """
        return SqliteLedger(self.path, create=False, beside=self)
