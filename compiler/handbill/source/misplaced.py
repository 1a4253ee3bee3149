"""Files that stand where nothing would read them: an error, so that a campaign in `campaign/` is not
silence. Only near misses matter outside the folders that Handbill reads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.source.layout import (
    FIELDS_FILE,
    FREE_FOLDERS,
    MAIN_FILES,
    NAME,
    NAME_RULE,
    OWNERS,
    PLATFORM_FILE,
    ROOT_FOLDERS,
    TOOL_SCHEMAS,
    YAML_FOLDERS,
    classify,
    misspelt_folder,
    near_name,
    tenant_of,
)


def check_layout(paths: Collection[str]) -> tuple[Diagnostic, ...]:
    """Findings about where files stand. `paths` are all files of the configuration's root, also
    those that Handbill does not read."""
    found: list[Diagnostic] = []
    if PLATFORM_FILE not in paths:
        found.append(_no_platform(paths))
    known = {path for path in paths if classify(path)}
    for path in sorted(paths):
        named_instead = "/" not in path and PLATFORM_FILE not in paths
        if path not in known and not _is_hidden(path) and not named_instead:
            found.extend(_misplaced(path))
    found.extend(_without_main_file(known, {d.range.file for d in found if d.range}))
    return tuple(found)


def _no_platform(paths: Collection[str]) -> Diagnostic:
    near = closest(PLATFORM_FILE, (path for path in paths if "/" not in path))
    return Diagnostic(
        "HB114",
        f"there is no {PLATFORM_FILE} here, so this is not a Handbill configuration",
        hint=f"rename {near} to {PLATFORM_FILE}"
        if near
        else f"go to the folder that holds {PLATFORM_FILE}, or write one",
    )


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _diagnostic(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(
        code, message, SourceRange(path, 1, 1, 1, 1), hint=hint, tenant=tenant_of(path)
    )


def _misplaced(path: str) -> Iterator[Diagnostic]:
    parts = path.split("/")
    folder, file = parts[0], parts[-1]
    if not file.endswith((".yaml", ".yml", ".schema.json")):
        return
    if len(parts) == 1:
        if near := closest(file, [PLATFORM_FILE, FIELDS_FILE]):
            yield _diagnostic(
                "HB112", path, f"Handbill does not read {file}", f"did you mean {near}?"
            )
        return
    if folder not in ROOT_FOLDERS:
        if near := misspelt_folder(folder):
            yield _unread(path, f"there is no folder `{folder}/`", f"did you mean `{near}/`?")
        return
    if path.startswith(TOOL_SCHEMAS):
        return
    yield from _misplaced_below(path, parts)


def _misplaced_below(path: str, parts: list[str]) -> Iterator[Diagnostic]:
    folder, file = parts[0], parts[-1]
    if folder in OWNERS and len(parts) > 2 and not NAME.match(parts[1]):
        yield _bad_name(path, parts[1], "folder")
    elif file.endswith(".yml"):
        yield _unread(path, "Handbill reads `.yaml`, not `.yml`", f"rename it to {file[:-4]}.yaml")
    elif classify(path.replace(file, f"a.{file.rpartition('.')[2]}")):
        yield _bad_name(path, file.removesuffix(".yaml"), "file")
    else:
        yield _unread(path, "Handbill reads no file here", _where(parts))


def _unread(path: str, message: str, hint: str) -> Diagnostic:
    return _diagnostic("HB112", path, f"{message}, so this file would be ignored", hint)


def _bad_name(path: str, name: str, what: str) -> Diagnostic:
    fixed = near_name(name)
    hint = f"rename it to {fixed}" if fixed else "rename it"
    return _diagnostic(
        "HB113", path, f"`{name}` cannot be the name of this {what}: {NAME_RULE}", hint
    )


def _where(parts: list[str]) -> str:
    """What to do about a YAML file below a known root that is not a known place."""
    folder, file = parts[0], parts[-1]
    if folder == "schemas":
        return (
            "vocabulary: schemas/customer.schema.json, schemas/data/NAME.schema.json and "
            "schemas/events/NAME.schema.json"
        )
    if folder not in OWNERS:
        return f"{folder}/NAME.yaml"
    main = MAIN_FILES[folder][0]
    subfolders = [*YAML_FOLDERS[folder], *FREE_FOLDERS[folder]]
    if len(parts) == 2:
        return f"{folder}/{file.rpartition('.')[0]}/{main}"
    if len(parts) == 3 and closest(file, [main]):
        return f"did you mean {main}?"
    if len(parts) > 3 and (near := closest(parts[2], subfolders)) and near != parts[2]:
        return f"did you mean `{near}/`?"
    if len(parts) > 4 and parts[2] in subfolders:
        return f"put it directly into {'/'.join(parts[:3])}/"
    return f"{folder}/NAME/ holds {main} and the folders {', '.join(subfolders)}"


def _without_main_file(known: Collection[str], reported: Collection[str]) -> Iterator[Diagnostic]:
    owned = (path.split("/") for path in known)
    roots = {f"{parts[0]}/{parts[1]}" for parts in owned if parts[0] in OWNERS}
    for root in sorted(roots):
        main = f"{root}/{MAIN_FILES[root.partition('/')[0]][0]}"
        if main in known or any(path.rpartition("/")[0] == root for path in reported):
            continue
        message = f"{root}/ has no {main.rpartition('/')[2]}"
        yield _diagnostic("HB115", main, message, f"write {main}")
