"""The workflows of a new repository on GitHub: this project's own, with the action that is named instead of
the compiler that stands beside them here."""

from __future__ import annotations

import re

from handbill.authoring.starter import starter_bytes

WORKFLOWS = ("plan.yml", "comment.yml", "publish.yml")
ACTION = re.compile(r"[A-Za-z0-9][\w-]*/[A-Za-z0-9][\w.-]*@[A-Za-z0-9][\w./-]*\Z")
"""`OWNER/REPOSITORY@REVISION`."""
_CHECKOUT = re.compile(r" {6}- name: The compiler[^\n]*\n(?: {8}[^\n]*\n)+")
_OURS = re.compile(r"uses: \./(?:compiler)?$", re.MULTILINE)
_HEAD = "# Handbill is the action that is named below, and nothing that a pull request brings.\n"


def workflow_files(action: str) -> dict[str, str]:
    """Path → text. `action` is Handbill's, best with the digest of a commit."""
    return {f".github/workflows/{name}": _workflow(name, action) for name in WORKFLOWS}


def _workflow(name: str, action: str) -> str:
    text = starter_bytes(f"workflows/{name}").decode("utf-8")
    body = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    return _HEAD + _OURS.sub(f"uses: {action}", _CHECKOUT.sub("", body))
