"""The pre-commit hooks of a configuration: one table, from which both this project's own
`.pre-commit-hooks.yaml` and a new repository's `.pre-commit-config.yaml` are."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.authoring.yaml_text import quoted


@dataclass(frozen=True, slots=True)
class Hook:
    """`entry` is the command. With `names_files` it gets the files that changed."""

    id: str
    name: str
    description: str
    entry: str
    files: str
    names_files: bool = False


_CONFIGURATION = (
    r"^(handbill\.yaml|fields\.yaml|(tenants|groups|blueprints|channels|environments|schemas"
    r"|audiences|templates|assets|personas)/.*)$"
)
HOOKS = (
    Hook(
        "handbill-fmt",
        "handbill fmt",
        "Write campaign files as they are always written.",
        "handbill fmt",
        r"^(handbill\.yaml|fields\.yaml|(tenants|groups|blueprints|channels|environments"
        r"|audiences|personas)/.*\.yaml)$",
        names_files=True,
    ),
    Hook(
        "handbill-check",
        "handbill check",
        "Explain every mistake of the configuration at its line.",
        "handbill check",
        _CONFIGURATION,
    ),
    Hook(
        "handbill-test",
        "handbill test",
        "Run the tests of campaigns: who gets what, and why.",
        "handbill test",
        _CONFIGURATION,
    ),
)


def hooks_manifest() -> str:
    """`.pre-commit-hooks.yaml`, for repositories that name this project's."""
    head = "# Made from compiler/handbill/authoring/hooks.py; a test compares the two.\n"
    return head + "".join(_hook(hook, "", "python") for hook in HOOKS)


def pre_commit_config() -> str:
    """`.pre-commit-config.yaml` of a new repository, which runs the `handbill` that is installed."""
    hooks = "".join(_hook(hook, "      ", "system") for hook in HOOKS)
    return (
        "# pre-commit install: then every commit is formatted, checked and tested first.\n"
        f"repos:\n  - repo: local\n    hooks:\n{hooks}"
    )


def _hook(hook: Hook, indent: str, language: str) -> str:
    lines = [
        f"- id: {hook.id}",
        f"  name: {hook.name}",
        f"  description: {quoted(hook.description)}",
        f"  entry: {hook.entry}",
        f"  language: {language}",
        f"  files: {hook.files}",
        f"  pass_filenames: {str(hook.names_files).lower()}",
    ]
    return "".join(f"{indent}{line}\n" for line in lines)
