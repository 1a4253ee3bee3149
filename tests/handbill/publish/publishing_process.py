"""A real publisher in a process of its own: publishes release after release until told to stop.

    python publishing_process.py STORE NAME COUNT

Writes each sequence that it got, one a line, at once. COUNT 0 goes on until it is killed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from sample_release import compiled, environment, signing_key

from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.folder import FolderStore


def main(root: str, name: str, times: int) -> None:
    store = FolderStore(Path(root))
    publisher = Publisher(store, "production", signing_key(), lambda: datetime.now(UTC))
    for number in count() if times == 0 else range(times):
        title = f"{name}-{number}"
        release = compiled({"fresh": title, "valle": title[::-1]}, commit=title)
        publication = publish(publisher, release, environment())
        assert publication.outcome is Outcome.PUBLISHED and publication.pointer is not None
        print(publication.pointer.sequence, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
