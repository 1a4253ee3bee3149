"""`handbill root`: makes, changes, signs, publishes and shows root documents, file by file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click

from handbill.cli.output import fail, show
from handbill.cli.workspace import line_reader

if TYPE_CHECKING:
    from handbill.publish.rooting import Change
    from handbill.store.root import Role, Root

_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
_out = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the draft goes; root-VERSION.json if not said.",
)
_days = click.option(
    "--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="Valid so long."
)


def _keys(function: Callable[..., None]) -> Callable[..., None]:
    """The options that name keys, of `init` and `add`."""
    options = (
        click.option("--root-key", "root_keys", multiple=True, help="A public key kept offline."),
        click.option("--root-threshold", type=click.IntRange(1), help="So many root keys sign."),
        click.option("--env", "environment", help="The environment of the next four."),
        click.option("--publisher", "publishers", multiple=True, help="Signs its pointers."),
        click.option("--publisher-threshold", type=click.IntRange(1), help="So many of them do."),
        click.option("--operator", "operators", multiple=True, help="May stop and resume it."),
        click.option("--operator-threshold", type=click.IntRange(1), help="So many of them do."),
        click.option("--runtime", "runtimes", multiple=True, help="NAME=KEY of a runtime."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group()
def root() -> None:
    """The root document says whose keys count. Its own keys stay offline.

    init or add, renew and revoke write a draft; each offline machine signs the file; publish puts
    it into the store. Runtimes and publishers get the first version by hand: --trust root.json.
    """


@root.command()
@_keys
@_days
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default="root.json")
def init(days: int, out: Path, **options: Any) -> None:
    """Draft version 1."""
    from handbill.publish.rooting import new_root
    from handbill.store.errors import StoreError

    try:
        _write_draft(new_root(_change(options), datetime.now(UTC), timedelta(days=days)), out)
    except StoreError as error:
        fail(error.code, error.message, error.hint)


@root.command()
@_file
@_keys
@_days
@_out
def add(file: Path, days: int, out: Path | None, **options: Any) -> None:
    """Draft the next version with further keys, an environment, or other thresholds."""
    from handbill.publish.rooting import with_keys

    _revise(file, days, out, lambda before: with_keys(before, _change(options)))


@root.command()
@_file
@click.argument("key")
@click.option("--env", "environment", help="Only there, not wherever the key stands.")
@_days
@_out
def revoke(file: Path, key: str, environment: str | None, days: int, out: Path | None) -> None:
    """Draft the next version without KEY: nothing that it signs is activated any more."""
    from handbill.publish.rooting import keys_of, without_key

    def revoked(before: Root) -> Root:
        after = before
        for each in keys_of([key]):
            after = without_key(after, each, environment)
        return after

    _revise(file, days, out, revoked)


@root.command()
@_file
@_days
@_out
def renew(file: Path, days: int, out: Path | None) -> None:
    """Draft the next version, the same but valid for longer."""
    _revise(file, days, out, lambda before: before)


@root.command()
@_file
@click.option("--key", "key_reference", required=True, help="A root key's private file.")
@click.option(
    "--before",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The version before: its keys sign too.",
)
def sign(file: Path, key_reference: str, before: Path | None) -> None:
    """Add a root key's signature to FILE. Read what you sign: it is shown."""
    from handbill.publish.keys import load_key
    from handbill.publish.rooting import read_file, sign_file
    from handbill.store.errors import StoreError
    from handbill.store.root import decode_root, verify_root

    try:
        key, warnings = load_key(key_reference)
        show(warnings, line_reader(None), "text")
        previous = verify_root(read_file(before)) if before else None
        signed = sign_file(read_file(file), key, previous)
        _write(file, signed)
        click.echo(_described(decode_root(signed), signed, previous))
    except StoreError as error:
        fail(error.code, error.message, error.hint)


@root.command()
@_file
@click.option("--store", "store_url", required=True, help="Where releases are published.")
def publish(file: Path, store_url: str) -> None:
    """Put a signed version into the store: from now on it is what counts."""
    from handbill.publish.rooting import publish_root, read_file
    from handbill.store.errors import StoreError
    from handbill.store.store import open_store

    try:
        done = publish_root(open_store(store_url), read_file(file))
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    click.echo(f"version {done.version} of the root document counts from now on")


@root.command(name="show")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--before",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The version before: whose keys sign too.",
)
@click.option("--store", "store_url", help="Follow it to the newest version that is there.")
def show_root(file: Path, before: Path | None, store_url: str | None) -> None:
    """Show what a root document says and who has signed it."""
    from handbill.publish.rooting import read_file
    from handbill.store.errors import StoreError
    from handbill.store.root import decode_root, verify_root
    from handbill.store.store import open_store
    from handbill.store.trust import pinned_trust

    try:
        envelope = read_file(file)
        previous = verify_root(read_file(before)) if before else None
        if store_url is not None:
            chain = pinned_trust(envelope).updated(open_store(store_url)).chain
            envelope = chain[-1].envelope
            previous = chain[-2].root if len(chain) > 1 else None
        click.echo(_described(decode_root(envelope), envelope, previous))
    except StoreError as error:
        fail(error.code, error.message, error.hint)


def _revise(file: Path, days: int, out: Path | None, change: Callable[[Root], Root]) -> None:
    """A signed file leads to the next version; a draft that nobody signed is changed in place."""
    from handbill.publish.rooting import next_version, read_file
    from handbill.store.dsse import signature_bytes
    from handbill.store.errors import StoreError
    from handbill.store.root import decode_root, verify_root

    try:
        envelope = read_file(file)
        draft = decode_root(envelope)
        if signature_bytes(envelope):
            signed = verify_root(envelope)
            following = next_version(change(signed), datetime.now(UTC), timedelta(days=days))
            _write_draft(following, out or file.with_name(f"root-{following.version}.json"))
        else:
            _write_draft(change(draft), out or file)
    except StoreError as error:
        fail(error.code, error.message, error.hint)


def _change(options: dict[str, Any]) -> Change:
    from handbill.publish.rooting import Change, keys_of, runtime_keys

    in_environment = ("publishers", "operators", "publisher_threshold", "operator_threshold")
    if options["environment"] is None and any(options[name] for name in in_environment):
        raise click.UsageError("--publisher and --operator belong to an environment: --env NAME")
    return Change(
        environment=options["environment"],
        root_keys=keys_of(options["root_keys"]),
        publishers=keys_of(options["publishers"]),
        operators=keys_of(options["operators"]),
        runtimes=runtime_keys(options["runtimes"]),
        root_threshold=options["root_threshold"],
        publisher_threshold=options["publisher_threshold"],
        operator_threshold=options["operator_threshold"],
    )


def _write_draft(draft: Root, out: Path) -> None:
    from handbill.publish.rooting import unsigned

    data = unsigned(draft)
    _refuse_signed(out)
    _write(out, data)
    click.echo(_described(draft, data, None))
    click.echo(f"wrote {out}, unsigned: handbill root sign {out} --key KEY", err=True)


def _refuse_signed(out: Path) -> None:
    """Raises RootConflict where a draft would go over what root keys have signed."""
    from handbill.publish.rooting import read_file
    from handbill.store.dsse import EnvelopeError, signature_bytes
    from handbill.store.errors import RootConflict

    try:
        signed = out.exists() and bool(signature_bytes(read_file(out)))
    except EnvelopeError:
        signed = False
    if signed:
        raise RootConflict(
            f"{out} is a signed root document, and a draft never goes over one",
            "choose another name with --out, or remove it if it counts nowhere",
        )


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all: other machines' signatures are in it."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _described(root: Root, envelope: bytes, before: Root | None) -> str:
    from handbill.store.root import signers

    lines = [f"root document, version {root.version}, valid until {root.expires}"]
    lines += [f"  root keys, {root.root.threshold} of {len(root.root.keys)} sign:"]
    signed = set(signers(envelope, root.root))
    for key in root.root.public_keys:
        lines.append(f"    {key}{'  signed' if key in signed else ''}")
    for name, delegation in sorted(root.environments.items()):
        lines.append(f"  environment {name}:")
        lines += _role("publishers", delegation.publishers)
        lines += _role("operators", delegation.operators)
    for name, text in sorted(root.runtimes.items()):
        lines.append(f"  runtime {name}: {text}")
    lines.append(_missing(envelope, root.root, f"version {root.version}"))
    if before is not None:
        lines.append(
            _missing(envelope, before.root, f"version {before.version}, which it replaces")
        )
    elif root.version > 1:
        lines.append(
            f"  the root keys of version {root.version - 1} sign too (--before FILE shows how many)"
        )
    return "\n".join(lines)


def _role(name: str, role: Role) -> list[str]:
    if not role.keys:
        return [f"    {name}: nobody"]
    return [f"    {name}, {role.threshold} of {len(role.keys)} sign:"] + [
        f"      {key}" for key in role.keys
    ]


def _missing(envelope: bytes, role: Role, whose: str) -> str:
    from handbill.publish.rooting import missing_signatures

    missing = missing_signatures(envelope, role)
    state = f"{missing} missing" if missing else "complete"
    return f"  signatures by the root keys of {whose}: {state}"
