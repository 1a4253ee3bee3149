"""A release's statement: in-toto and SLSA in form, bound to its release, commit and settings."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from forgeries import FLAT, POINTER
from jsonschema import Draft202012Validator
from root_world import PUBLISHER

from handbill.plan.canonical import canonical_bytes
from handbill.plan.pointer import Held, Pointer, Reviewed, Ring, Rollout
from handbill.store import dsse
from handbill.store.errors import AttestationUnsound
from handbill.store.folder import FolderStore
from handbill.store.paths import attestation_path
from handbill.store.provenance import (
    PAYLOAD_TYPE,
    read_statement,
    statement_for,
    unbound,
    write_statement,
)

DIGESTS = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
RESOURCE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "digest": DIGESTS},
    "anyOf": [{"required": [key]} for key in ("uri", "digest", "content")],
}
SCHEMA = {
    "type": "object",
    "required": ["_type", "subject", "predicateType", "predicate"],
    "properties": {
        "_type": {"const": "https://in-toto.io/Statement/v1"},
        "subject": {
            "type": "array",
            "minItems": 1,
            "items": RESOURCE | {"required": ["digest"]},
        },
        "predicateType": {"const": "https://slsa.dev/provenance/v1"},
        "predicate": {
            "type": "object",
            "required": ["buildDefinition", "runDetails"],
            "properties": {
                "buildDefinition": {
                    "type": "object",
                    "required": ["buildType", "externalParameters"],
                    "properties": {
                        "buildType": {"type": "string", "pattern": "^[a-z]+:"},
                        "externalParameters": {"type": "object"},
                        "internalParameters": {"type": "object"},
                        "resolvedDependencies": {"type": "array", "items": RESOURCE},
                    },
                    "additionalProperties": False,
                },
                "runDetails": {
                    "type": "object",
                    "required": ["builder"],
                    "properties": {
                        "builder": {
                            "type": "object",
                            "required": ["id"],
                            "properties": {
                                "id": {"type": "string", "pattern": "^[a-z]+:"},
                                "version": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                            },
                        },
                        "metadata": {
                            "type": "object",
                            "properties": {"finishedOn": {"type": "string"}},
                        },
                    },
                    "additionalProperties": False,
                },
            },
        },
    },
    "additionalProperties": False,
}
"""What in-toto's Statement v1 and SLSA's provenance v1 say of the fields that are used."""

WHOLE = msgspec.structs.replace(
    POINTER,
    by="Ann <ann@shop.example>",
    why="Soup season",
    held=(Held(tenant="corner", since="d" * 40),),
    reviewed=Reviewed(state="differs", release="sha256:" + "9" * 64, campaigns=("a/b",)),
)


def said(pointer: Pointer) -> dict:  # type: ignore[type-arg]
    found: dict = json.loads(canonical_bytes(statement_for(pointer, ["k1", "k2"])))  # type: ignore[type-arg]
    return found


@pytest.mark.parametrize("pointer", [POINTER, WHOLE])
def test_it_has_the_form_of_in_toto_and_slsa(pointer: Pointer) -> None:
    assert list(Draft202012Validator(SCHEMA).iter_errors(said(pointer))) == []


def test_it_says_what_was_made_from_what() -> None:
    statement = said(WHOLE)
    assert statement["subject"] == [{"name": "release", "digest": {"sha256": "a" * 64}}]
    build = statement["predicate"]["buildDefinition"]
    assert build["externalParameters"] == {"environment": "production", "commit": "c" * 40}
    assert build["resolvedDependencies"] == [
        {"name": "configuration", "digest": {"gitCommit": "c" * 40}},
        {"name": "environment", "digest": {"sha256": "e" * 64}},
    ]
    assert build["internalParameters"] == {
        "by": "Ann <ann@shop.example>",
        "why": "Soup season",
        "held": [f"corner since {'d' * 40}"],
        "reviewed": "differs",
        "reviewedRelease": "sha256:" + "9" * 64,
        "notReviewed": ["a/b"],
    }
    builder = statement["predicate"]["runDetails"]["builder"]
    assert builder["id"].endswith(":k1,k2") and builder["version"] == {"handbill": "0.1.0"}


def test_what_has_no_commit_says_none() -> None:
    build = said(msgspec.structs.replace(POINTER, commit="working tree"))["predicate"]
    names = [each["name"] for each in build["buildDefinition"]["resolvedDependencies"]]
    assert names == ["environment"]


def test_a_rollout_is_bound_to_its_target_through_all_rings() -> None:
    rollout = Rollout(
        target="sha256:" + "7" * 64,
        base="sha256:" + "6" * 64,
        rings=(Ring(name="all", share=1_000_000),),
        healthy=1_000_000,
        reached=0,
        since="2026-12-05T10:00:00Z",
    )
    first = msgspec.structs.replace(POINTER, rollout=rollout)
    statement = statement_for(first, ["k"])
    later = msgspec.structs.replace(first, release="sha256:" + "5" * 64)
    assert unbound(statement, first) is None and unbound(statement, later) is None
    assert unbound(statement, msgspec.structs.replace(later, rollout=None)) is not None


def test_a_pointer_without_one_has_none(tmp_path: Path) -> None:
    assert read_statement(FolderStore(tmp_path), POINTER, FLAT) is None


def test_another_kind_of_statement_is_not_taken_for_it(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    other = msgspec.structs.replace(
        statement_for(POINTER, ["k"]), predicate_type="https://example.org/x"
    )
    digest = write_statement(store, other, [PUBLISHER.private])
    with pytest.raises(AttestationUnsound, match="another kind"):
        read_statement(store, msgspec.structs.replace(POINTER, statement=digest), FLAT)


def test_what_is_no_statement_is_refused(tmp_path: Path) -> None:
    from handbill.plan.canonical import digest_of

    store = FolderStore(tmp_path)
    envelope = dsse.sign(PAYLOAD_TYPE, b"{}", [PUBLISHER.private])
    store.put({attestation_path(digest_of(envelope)): envelope})
    named = msgspec.structs.replace(POINTER, statement=digest_of(envelope))
    with pytest.raises(AttestationUnsound, match="cannot be believed"):
        read_statement(store, named, FLAT)
