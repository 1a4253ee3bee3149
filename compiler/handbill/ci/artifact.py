"""An artifact as it came from a run that may have been anybody's: nothing of it is believed.

Its files are known by name, small, regular and UTF-8, or it is refused whole. Of what they say only the
two JSON files are read, strictly; the comment in it is not even looked at, but written anew.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TypeVar

import msgspec

from handbill.ci.report import ARTIFACT, DIFF, REVIEW, REVIEW_VERSION, ReviewReport
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.render_text import safe
from handbill.diff.model import REPORT_VERSION, DiffStruct, ReleaseDiff

MIB = 1024 * 1024
MAX_FILE = 32 * MIB
MAX_READ = 16 * MIB
"""Of each of the two files that are read."""
MAX_REMARKS = 10_000

_Struct = TypeVar("_Struct", bound=DiffStruct)


def read_artifact(folder: Path) -> tuple[ReviewReport, ReleaseDiff | None] | Diagnostic:
    """The review and its diff, None where there was none to make; HB743 or HB744 where refused."""
    refused = _refused(folder)
    if refused:
        return refused
    review = _decoded(folder / REVIEW, ReviewReport)
    if isinstance(review, Diagnostic):
        return review
    if review.version != REVIEW_VERSION or len(review.remarks) > MAX_REMARKS:
        return not_ours(REVIEW, "another version of Handbill wrote it, or nobody's Handbill did")
    if not (folder / DIFF).exists():
        return review, None
    diff = _decoded(folder / DIFF, ReleaseDiff)
    if isinstance(diff, Diagnostic):
        return diff
    if diff.version != REPORT_VERSION or _numbers(diff) < 0:
        return not_ours(DIFF, "another version of Handbill wrote it, or nobody's Handbill did")
    return review, diff


def _refused(folder: Path) -> Diagnostic | None:
    try:
        entries = [(entry.name, entry.stat(follow_symlinks=False)) for entry in os.scandir(folder)]
    except OSError as error:
        return _odd(f"the artifact cannot be read: {error.strerror}")
    for name, about in entries:
        if name not in ARTIFACT:
            return _odd(f"the artifact has a file `{safe(name[:80])}`, which no review writes")
        if not stat.S_ISREG(about.st_mode):
            return _odd(f"{name} of the artifact is not a plain file")
        if about.st_size > (MAX_READ if name in (REVIEW, DIFF) else MAX_FILE):
            return _odd(f"{name} of the artifact is too large: {about.st_size:,} bytes")
    if REVIEW not in dict(entries):
        return _odd(f"the artifact has no {REVIEW}")
    return None


def _odd(message: str) -> Diagnostic:
    return Diagnostic(
        "HB743", message, hint="nothing was written; see what the run that made it did"
    )


def _decoded(path: Path, kind: type[_Struct]) -> _Struct | Diagnostic:
    """Every member of the right type and no depth that could exhaust anything; strictly UTF-8."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with open(descriptor, "rb") as file:
            data = file.read(MAX_READ + 1)
        return msgspec.json.decode(data.decode("utf-8"), type=kind)
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        return not_ours(path.name, str(error))


def not_ours(name: str, why: str) -> Diagnostic:
    """HB744: a file that can be read and is no review's."""
    return Diagnostic(
        "HB744",
        f"{name} of the artifact is not what a review writes",
        hint="nothing was written; see what the run that made it did",
        notes=(safe(why[:200]),),
    )


def _numbers(diff: ReleaseDiff) -> int:
    return min(diff.plans, diff.changed, diff.identical)
