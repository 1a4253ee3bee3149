"""How a release was made, as an in-toto Statement v1 with a SLSA provenance v1 predicate, signed.

The envelope lies below `attestations/` under the SHA-256 of its own bytes, which the pointer names: so the
pointer's signature covers it too. It is believed only if the publishers signed it, and only for the release,
commit and environment that the pointer itself names.

Sources: github.com/in-toto/attestation (spec/v1), slsa.dev/spec/v1.0/provenance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest
from handbill.plan.pointer import Pointer
from handbill.store import dsse
from handbill.store.errors import AttestationUnsound
from handbill.store.paths import attestation_path
from handbill.store.store import Store
from handbill.store.trust import Trust

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
BUILD_TYPE = "urn:handbill:compile:v1"
"""A compile of one commit for one environment."""
BUILDER = "urn:handbill:publisher:ed25519:"
"""Followed by the key ids of who signs, comma-separated."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


class _Camel(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    rename="camel",
):
    pass


class ResourceDescriptor(_Camel, frozen=True, kw_only=True):
    """`digest` is by algorithm, in hexadecimal: `sha256`, `gitCommit`."""

    name: str
    digest: Mapping[str, str]


class BuildDefinition(_Camel, frozen=True, kw_only=True):
    build_type: str
    external_parameters: Mapping[str, str]
    internal_parameters: Mapping[str, str | Sequence[str]] = {}
    resolved_dependencies: tuple[ResourceDescriptor, ...] = ()


class Builder(_Camel, frozen=True, kw_only=True):
    id: str
    version: Mapping[str, str] = {}


class BuildMetadata(_Camel, frozen=True, kw_only=True):
    finished_on: str


class RunDetails(_Camel, frozen=True, kw_only=True):
    builder: Builder
    metadata: BuildMetadata


class Provenance(_Camel, frozen=True, kw_only=True):
    build_definition: BuildDefinition
    run_details: RunDetails


class Statement(_Camel, frozen=True, kw_only=True):
    type_: str = msgspec.field(name="_type")
    subject: tuple[ResourceDescriptor, ...]
    predicate_type: str
    predicate: Provenance


_decoder = msgspec.json.Decoder(Statement)


def statement_for(pointer: Pointer, key_ids: Sequence[str]) -> Statement:
    """What is said of the release that `pointer` is about to make active. Its sequence and its own
    digest are not known yet and not in it."""
    subjects = {pointer.release: "release"}
    if pointer.rollout is not None:
        subjects[pointer.rollout.target] = "target of the rollout"
    return Statement(
        type_=STATEMENT_TYPE,
        subject=tuple(_described(name, digest) for digest, name in sorted(subjects.items())),
        predicate_type=PREDICATE_TYPE,
        predicate=Provenance(
            build_definition=BuildDefinition(
                build_type=BUILD_TYPE,
                external_parameters={"environment": pointer.environment, "commit": pointer.commit},
                internal_parameters=_details(pointer),
                resolved_dependencies=_dependencies(pointer),
            ),
            run_details=RunDetails(
                builder=Builder(
                    id=BUILDER + ",".join(key_ids), version={"handbill": pointer.compiler}
                ),
                metadata=BuildMetadata(finished_on=pointer.issued),
            ),
        ),
    )


def write_statement(
    store: Store, statement: Statement, keys: Sequence[Ed25519PrivateKey]
) -> Digest:
    """Signs and stores it, durably; the digest for the pointer."""
    envelope = dsse.sign(PAYLOAD_TYPE, canonical_bytes(statement), keys)
    digest = digest_of(envelope)
    store.put({attestation_path(digest): envelope})
    return digest


def read_statement(store: Store, pointer: Pointer, trust: Trust) -> Statement | None:
    """The statement of the pointer's release, proved and bound to it; None where it names none.

    Raises AttestationUnsound, or another StoreError where the store fails.
    """
    if pointer.statement is None:
        return None
    stored = store.read(attestation_path(pointer.statement))
    if stored is None:
        raise _unsound(pointer, "it is missing from the store")
    if digest_of(stored.data) != pointer.statement:
        raise _unsound(pointer, "its bytes are not those that the pointer names")
    quorum = trust.publishers(pointer.environment)
    try:
        payload = dsse.verify(stored.data, PAYLOAD_TYPE, quorum.keys, quorum.threshold)
        statement = _decoder.decode(payload)
    except (ValueError, msgspec.DecodeError) as error:
        raise _unsound(pointer, f"it cannot be believed: {error}") from error
    if problem := unbound(statement, pointer):
        raise _unsound(pointer, problem)
    return statement


def unbound(statement: Statement, pointer: Pointer) -> str | None:
    """Why the statement is not about what `pointer` makes active; None where it is."""
    build = statement.predicate.build_definition
    said = (statement.type_, statement.predicate_type, build.build_type)
    if said != (STATEMENT_TYPE, PREDICATE_TYPE, BUILD_TYPE):
        return "it is a statement of another kind"
    wanted = pointer.rollout.target if pointer.rollout else pointer.release
    subjects = {f"sha256:{each.digest.get('sha256')}" for each in statement.subject}
    if not subjects & {wanted, pointer.release}:
        return f"it is about {', '.join(sorted(subjects))}, not {wanted}"
    parameters = {"environment": pointer.environment, "commit": pointer.commit}
    if build.external_parameters != parameters:
        return "it is about another commit or environment"
    if build.resolved_dependencies != _dependencies(pointer):
        return "it was made from something else than the pointer's commit and environment"
    return None


def _dependencies(pointer: Pointer) -> tuple[ResourceDescriptor, ...]:
    environment = _described("environment", pointer.environment_digest)
    if _COMMIT.fullmatch(pointer.commit) is None:
        return (environment,)
    commit = ResourceDescriptor(name="configuration", digest={"gitCommit": pointer.commit})
    return (commit, environment)


def _details(pointer: Pointer) -> dict[str, str | Sequence[str]]:
    """Absent where there is nothing to say, like everything in a pointer."""
    found: dict[str, str | Sequence[str]] = {
        "by": pointer.by,
        "why": pointer.why,
        "held": tuple(f"{held.tenant} since {held.since}" for held in pointer.held),
    }
    if pointer.reviewed is not None:
        found["reviewed"] = pointer.reviewed.state
        found["reviewedRelease"] = pointer.reviewed.release or ""
        found["notReviewed"] = pointer.reviewed.campaigns
    return {name: value for name, value in found.items() if value}


def _described(name: str, digest: Digest) -> ResourceDescriptor:
    return ResourceDescriptor(name=name, digest={"sha256": digest.removeprefix("sha256:")})


def _unsound(pointer: Pointer, reason: str) -> AttestationUnsound:
    return AttestationUnsound(
        f"the statement of how release {pointer.release[:19]} was made: {reason}",
        "publish the commit again: a new statement is then written",
    )
