"""What editors are told about a configuration: which schema each YAML file has, and how it is indented."""

from __future__ import annotations

import json

from handbill.source.layout import DocumentKind

SCHEMA_GLOBS: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.PLATFORM: ("handbill.yaml",),
    DocumentKind.ENVIRONMENT: ("environments/*.yaml",),
    DocumentKind.CHANNEL: ("channels/*/channel.yaml",),
    DocumentKind.BLUEPRINT: ("blueprints/*/blueprint.yaml",),
    DocumentKind.GROUP: ("groups/*/group.yaml",),
    DocumentKind.TENANT: ("tenants/*/tenant.yaml",),
    DocumentKind.AUDIENCE: ("audiences/*.yaml", "*/*/audiences/*.yaml"),
    DocumentKind.FIELDS: ("fields.yaml", "tenants/*/fields.yaml", "groups/*/fields.yaml"),
    DocumentKind.OFFER: ("*/*/offers/*.yaml",),
    DocumentKind.CAMPAIGN: ("tenants/*/campaigns/*.yaml", "groups/*/campaigns/*.yaml"),
    DocumentKind.TEST: ("tenants/*/tests/*.yaml",),
    DocumentKind.PERSONA: ("personas/*.yaml",),
}
"""Kind → the files that it is. Vendors are left out: no glob says "but channel.yaml"."""

EDITORCONFIG = """\
root = true

[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true
trim_trailing_whitespace = true

[*.{yaml,yml,json,mjml,html}]
indent_style = space
indent_size = 2
"""


def editor_files() -> dict[str, str]:
    """Path → text."""
    return {
        ".editorconfig": EDITORCONFIG,
        ".vscode/settings.json": _json(_settings()),
        ".vscode/extensions.json": _json({"recommendations": ["redhat.vscode-yaml"]}),
    }


def _settings() -> dict[str, object]:
    schemas = {
        f"./schemas/documents/{kind.value}.schema.json": list(globs)
        for kind, globs in SCHEMA_GLOBS.items()
    }
    return {
        "yaml.schemas": schemas,
        "yaml.format.enable": False,
        "files.associations": {"*.mjml": "html"},
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2},
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2) + "\n"
