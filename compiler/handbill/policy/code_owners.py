"""`.github/CODEOWNERS`, written from the owners that the configuration names.

The last line that matches a path decides (GitHub's documentation, "About code owners"), so the platform's
line comes first. Folders never lie in one another, so their order decides nothing; it is by name.
"""

from __future__ import annotations

import re

from handbill.policy.owners import Ownership

CODE_OWNERS_FILE = ".github/CODEOWNERS"
MARK = "# Written by `handbill owners --write` from `owners` in the configuration: edit it there."
MAX_BYTES = 3_000_000
"""GitHub reads no larger file."""
_UNWRITABLE = re.compile(r"[\[\]!#\\\x00-\x1f\x7f]")


class UnwritablePath(ValueError):
    """A folder that no line of CODEOWNERS can name."""


def code_owners(ownership: Ownership, subfolder: str = "") -> str:
    """The file's text. `subfolder` is where the configuration lies in the repository, "" at its top.

    Raises UnwritablePath for a `subfolder` with characters that CODEOWNERS cannot escape.
    """
    everything = f"/{_escaped(subfolder)}/" if subfolder else "*"
    lines = [(everything, ownership.platform.by)] if ownership.platform.by else []
    top = f"/{_escaped(subfolder)}" if subfolder else ""
    for root, owned in sorted(ownership.folders.items()):
        if owned.by and owned.by != ownership.platform.by:
            lines.append((f"{top}/{root}/", owned.by))
    width = max((len(pattern) for pattern, _ in lines), default=0)
    body = [f"{pattern.ljust(width)} {' '.join(by)}" for pattern, by in lines]
    return "".join(f"{line}\n" for line in (MARK, *body))


def is_generated(text: str) -> bool:
    return text.startswith(MARK)


def _escaped(folder: str) -> str:
    if _UNWRITABLE.search(folder):
        raise UnwritablePath(folder)
    return re.sub(r"([ *?])", r"\\\1", folder)
