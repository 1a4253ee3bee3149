"""`handbill keygen`: the key pair that a publisher signs with and runtimes trust."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from handbill.cli.output import fail


@click.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="handbill.key",
    show_default=True,
    help="The private key's file; the public key goes beside it, with `.pub`.",
)
def keygen(out: Path) -> None:
    """Make an Ed25519 key pair. Prints the public key, which is what `--trust` takes.

    A file that is there already is never overwritten.
    """
    from handbill.publish.keys import generate_key, public_path, write_key
    from handbill.store.errors import StoreError

    key = generate_key()
    try:
        write_key(out, key)
    except StoreError as error:
        fail(error.code, error.message, error.hint)
    click.echo(f"wrote {out} (keep it secret) and {public_path(out)}", err=True)
    click.echo(str(key.public))
