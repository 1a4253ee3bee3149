"""What a publish writes: what is new, and what the store lost."""

from __future__ import annotations

from published_titles import root_of
from sample_release import compiled, environment, every_file

from handbill.publish.publication import Outcome, TenantChanges
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish


def test_only_what_changed_is_written(publisher: Publisher) -> None:
    first = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    second = publish(publisher, compiled({"fresh": "A2", "valle": "B"}), environment())
    assert second.changes == TenantChanges(changed=("fresh",)) and second.packs == 2
    assert first.pointer is not None and second.pointer is not None
    assert second.pointer.previous == first.pointer.release
    third = publish(publisher, compiled({"fresh": "A2"}), environment())
    assert third.changes == TenantChanges(removed=("valle",)) and third.packs == 1
    back = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    assert back.outcome is Outcome.PUBLISHED and back.packs == 0


def test_publishing_again_repairs_a_damaged_store(publisher: Publisher) -> None:
    release = compiled({"fresh": "A", "valle": "B"})
    publish(publisher, release, environment())
    files = every_file(root_of(publisher) / "packs")
    whole = {path: path.read_bytes() for path in files}
    for number, path in enumerate(files):
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes().replace(b"handbill", b"handbell"))
    again = publish(publisher, release, environment())
    assert (again.outcome, again.packs) == (Outcome.UNCHANGED, len(files))
    assert {path: path.read_bytes() for path in files} == whole
