"""Which files of a tree may be read at all: the rules that git and a folder share.

Only regular files at plain UTF-8 paths that no other path collides with on a file system that
ignores case or normalises Unicode. Everything else is refused where Handbill would read it, and is
nobody's business elsewhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from handbill.diagnostics.diagnostic import Diagnostic, Related, SourceRange
from handbill.source.layout import DocumentKind, DocumentPlace, tenant_of

KIB, MIB = 1024, 1024 * 1024
SIZE_LIMITS = {
    DocumentKind.TEMPLATE: 256 * KIB,
    DocumentKind.VOCABULARY: 1 * MIB,
    DocumentKind.TABLE: 8 * MIB,
    DocumentKind.ASSET: 8 * MIB,
}
YAML_LIMIT = 256 * KIB


def size_limit(place: DocumentPlace) -> int:
    """The most bytes a file of this kind may have."""
    return SIZE_LIMITS.get(place.kind, YAML_LIMIT)


def refuse(code: str, path: str, message: str, hint: str) -> Diagnostic:
    """A finding about a whole file."""
    place = SourceRange(printable(path), 1, 1, 1, 1)
    return Diagnostic(code, message, place, hint=hint, tenant=tenant_of(f"{path}/"))


def printable(path: str) -> str:
    """`path` for people: control characters and undecodable bytes as escapes."""
    return "".join(
        char if char.isprintable() and not "\ud800" <= char <= "\udfff" else ascii(char)[1:-1]
        for char in path
    )


def refused_paths(found: Iterable[Diagnostic]) -> tuple[str, ...]:
    """The files that findings about whole files are about, sorted."""
    return tuple(sorted({one.range.file for one in found if one.is_error and one.range}))


def symlink(path: str) -> Diagnostic:
    return refuse(
        "HB105",
        path,
        "this is a symbolic link, and Handbill follows none",
        "put the file itself here; shared text belongs into a blueprint, group or `templates/`",
    )


def too_large(path: str, size: int, limit: int) -> Diagnostic:
    return refuse(
        "HB110",
        path,
        f"this file has {size:,} bytes; the most that is read here is {limit:,}",
        "make it smaller or split it",
    )


def odd_path(path: str) -> Diagnostic | None:
    """A finding when the path holds a control character or bytes that are not UTF-8."""
    if printable(path) == path:
        return None
    return refuse(
        "HB108",
        path,
        "this path holds characters that cannot be shown, or bytes that are not UTF-8",
        "rename it with plain letters, digits, `-` and `_`",
    )


def odd_name(path: str, name: str, times: int) -> Diagnostic | None:
    """A finding when no checkout could make `path`: its `name`, or its standing there `times`."""
    if name in ("", ".", "..") or "/" in name or name.casefold() == ".git":
        return refuse(
            "HB108",
            path,
            f"`{printable(name)}` cannot be the name of a file or folder",
            "remove it from git; `git fsck` finds what else is damaged",
        )
    if times > 1:
        return refuse(
            "HB109",
            path,
            f"git lists this path {times} times",
            "commit the folder anew from a fresh clone; `git fsck` finds what else is damaged",
        )
    return None


def find_collisions(paths: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Files and folders that are one and the same where case or Unicode form does not count."""
    seen: dict[str, str] = {}
    checked: set[str] = set()
    found: dict[str, Diagnostic] = {}
    for path in sorted(paths):
        prefix = path
        while prefix:
            folded = unicodedata.normalize("NFC", prefix).casefold()
            other = seen.setdefault(folded, prefix)
            if other != prefix:
                found.setdefault(prefix, _collision(prefix, other))
                break
            known = prefix in checked
            checked.add(prefix)
            if known:
                break
            prefix = prefix.rpartition("/")[0]
    return tuple(found.values())


def _collision(path: str, other: str) -> Diagnostic:
    found = refuse(
        "HB109",
        path,
        f"`{printable(path)}` and `{printable(other)}` are one file on many computers "
        "(they differ only in case or in how an accent is stored)",
        "rename or remove one of them",
    )
    related = Related("the other one", SourceRange(printable(other), 1, 1, 1, 1))
    return Diagnostic(
        found.code, found.message, found.range, hint=found.hint, related=(related,),
        tenant=found.tenant,
    )  # fmt: skip
