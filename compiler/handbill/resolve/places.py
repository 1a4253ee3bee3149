"""Where the parts of a merged document stand, for the checks of schema/.

Paths are those of the effective document. What nothing wrote answers with the file that makes it, so that every finding has a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.resolve.layers import Origin
from handbill.resolve.traced import Traced
from handbill.source.located import LocatedDocument, Path, ScalarPosition


@dataclass(frozen=True, slots=True)
class Places:
    """`document` is the file that makes it: the tenant's, where a group has one as well."""

    traced: Traced
    document: LocatedDocument = field(repr=False)

    def range_of(self, path: Path) -> SourceRange:
        origin = self._origin(path)
        return origin.range if origin else self.document.range_of(())

    def key_range_of(self, path: Path) -> SourceRange:
        origin = self._origin(path)
        return origin.key_range if origin else self.document.range_of(())

    def scalar_of(self, path: Path) -> ScalarPosition | None:
        origin = self._origin(path)
        return origin.document.scalars.get(origin.path) if origin else None

    def _origin(self, path: Path) -> Origin | None:
        """The origin of the path, or of the nearest part above it that someone wrote."""
        path = as_written(path)
        while path:
            if path in self.traced:
                return self.traced.origin(path)
            path = path[:-1]
        return None


def as_written(path: Path) -> Path:
    """A variant's `messages.main` stands under `message` in the file."""
    if path[:2] == ("experiment", "variants") and path[3:5] == ("messages", "main"):
        return (*path[:3], "message", *path[5:])
    return path
