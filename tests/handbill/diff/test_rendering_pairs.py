from __future__ import annotations

from diff_world import HELLO, campaign, compared, side

from handbill.diff.model import ContentChange, Rendering, Subject
from handbill.diff.rendering_pairs import rendering_pairs
from handbill.diff.sides import OpenSide


class Written:
    """Previews that are given: side → what each persona reads as its subject."""

    def __init__(self, before: OpenSide, old: dict[str, str], new: dict[str, str]) -> None:
        self._before, self._old, self._new = before, old, new

    def renderings(
        self, side: OpenSide, subject: Subject, message: str, channel: str
    ) -> tuple[Rendering, ...]:
        texts = self._old if side is self._before else self._new
        return tuple(
            Rendering(persona=name, variant="only", channel=channel, locale="en-US",
                      parts={"subject": text})
            for name, text in texts.items()
        )  # fmt: skip


def test_the_same_reader_on_both_sides() -> None:
    before, after = side(), side({HELLO: campaign(("Double", "Triple"))})
    (entry,) = compared(before, after).entries
    (change,) = entry.aspects
    assert isinstance(change, ContentChange)
    previews = Written(
        before,
        {"ann": "Hi", "bob": "Hi", "cyd": "Bye"},
        {"ann": "Hello", "bob": "Hi", "dee": "Hey"},
    )
    pairs = rendering_pairs(change, entry.subjects[0], before, after, previews)
    readers = [(p.before and p.before.persona, p.after and p.after.persona) for p in pairs]
    assert readers == [("ann", "ann"), (None, "dee"), ("cyd", None)]
    assert [each.kind for each in pairs[0].parts[0].stretches] == ["removed", "added"]
