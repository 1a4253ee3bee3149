"""The one view that the compiler has of a configuration: paths and bytes, from git or from a folder.

A tree is a snapshot: what `read` answers does not change while the tree lives.
"""

from __future__ import annotations

from typing import Protocol

WORKING_TREE = "working tree"


class SourceTree(Protocol):
    @property
    def revision(self) -> str:
        """The full commit id (40 or 64 hexadecimal digits), or `working tree`."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that Handbill reads: sorted POSIX paths relative to the configuration's root."""

    @property
    def refused(self) -> tuple[str, ...]:
        """Paths that stand where Handbill reads, but were refused when the tree was opened: not in
        `paths`, and whoever they belong to is not whole without them."""

    def read(self, path: str) -> bytes:
        """The bytes of one of `paths`; KeyError for any other path."""

    def blob_id(self, path: str) -> str:
        """The git object id of the file's bytes: equal bytes, equal id, in git or not."""
