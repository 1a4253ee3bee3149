"""Pull requests as GitHub knows them: which one has a commit as its head, and who approved that."""

from __future__ import annotations

from typing import Any

from handbill.ci.github import GitHub
from handbill.diagnostics.diagnostic import Diagnostic, Severity

_DECISIONS = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}


def pull_request_of(api: GitHub, head: str) -> int | Diagnostic:
    """The number of the open pull request whose head is this commit now; HB745 where there is not
    exactly one. Forks' commits are not found by commit, so open pull requests are looked through."""
    numbers = _open_with(head, api.objects(f"commits/{head}/pulls"))
    if not numbers:
        pulls = api.objects("pulls", state="open", sort="updated", direction="desc")
        numbers = _open_with(head, pulls)
    match sorted(numbers):
        case [number]:
            return number
        case []:
            return Diagnostic(
                "HB745",
                f"no open pull request has {head[:12]} as its head, so there is nothing to comment on",
                severity=Severity.NOTE,
                hint="newer commits were pushed, or it was closed: that is fine",
            )
        case several:
            listed = ", ".join(f"#{each}" for each in several)
            return Diagnostic(
                "HB745",
                f"several pull requests have {head[:12]} as their head: {listed}",
                hint="which of them was reviewed cannot be told: close all but one",
            )


def _open_with(head: str, pulls: Any) -> set[int]:
    return {
        pull["number"]
        for pull in pulls
        if pull.get("state") == "open"
        and isinstance(pull.get("number"), int)
        and isinstance(pull.get("head"), dict)
        and pull["head"].get("sha") == head
    }


def approvers(api: GitHub, number: int, head: str, author: str) -> tuple[str, ...]:
    """Handles of those whose last word on the pull request is an approval of exactly this head. What
    was approved before a further push is not approved; nobody approves their own."""
    last: dict[str, bool] = {}
    for review in api.objects(f"pulls/{number}/reviews"):
        user = review.get("user")
        login = user.get("login") if isinstance(user, dict) else None
        if isinstance(login, str) and review.get("state") in _DECISIONS:
            last[login] = review["state"] == "APPROVED" and review.get("commit_id") == head
    return tuple(sorted(login for login, given in last.items() if given and login != author))
