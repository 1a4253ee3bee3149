"""The one comment of a pull request: found by its marker and its author, and updated in place."""

from __future__ import annotations

from typing import Literal

from handbill.ci.github import ApiError, GitHub
from handbill.ci.report import ReviewReport
from handbill.diff.model import ReleaseDiff
from handbill.diff.renderers.markdown import MARKER, render_markdown, render_without_diff

ACTIONS = "github-actions[bot]"
"""Whose comments those of a workflow's own token are."""

Written = Literal["created", "updated", "unchanged"]


def comment_text(
    review: ReviewReport, diff: ReleaseDiff | None, artifact_url: str | None = None
) -> str:
    """The comment of a report, whoever wrote that: nothing in it can act. ValueError and
    RecursionError where a report is made to break this."""
    if diff is None:
        return render_without_diff(review.base, review.head, review.remarks)
    return render_markdown(diff, review.remarks, artifact_url=artifact_url)


def write_comment(api: GitHub, pull_request: int, text: str, author: str = ACTIONS) -> Written:
    """Creates or updates the comment. A failed creation looks again before it is tried once more, so
    that there are never two. Raises ApiError."""
    assert text.startswith(MARKER)
    for last in (False, False, True):
        found = _find(api, pull_request, author)
        if found is not None:
            number, before = found
            if before == text:
                return "unchanged"
            api.patch(f"issues/comments/{number}", {"body": text})
            return "updated"
        try:
            api.post(f"issues/{pull_request}/comments", {"body": text})
            return "created"
        except ApiError as error:
            if last or error.undone:
                raise
    raise AssertionError("the last try returns or raises")


def _find(api: GitHub, pull_request: int, author: str) -> tuple[int, str] | None:
    """A comment that somebody else wrote with our marker is not ours to change."""
    for comment in api.objects(f"issues/{pull_request}/comments"):
        user, body = comment.get("user"), comment.get("body")
        ours = isinstance(user, dict) and user.get("login") == author
        if ours and isinstance(body, str) and body.startswith(MARKER):
            number = comment.get("id")
            if isinstance(number, int):
                return number, body.replace("\r\n", "\n")
    return None
