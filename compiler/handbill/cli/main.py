"""The `handbill` command: its table of commands, and the one place that maps failures to exit codes.

0 is success, 1 means that the answer is "no" (diagnostics, a refused publish), 2 is click's usage
error, 3 a bug in Handbill, 141 that whoever read the output has gone. Commands are imported only when called, so that `handbill --version`
loads nothing but click.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import sys

import rich_click as click

from handbill.version import VERSION

COMMANDS = {
    "audience": ("handbill.cli.audience", "Who can be in an audience; how two of them compare."),
    "check": ("handbill.cli.check", "Check the configuration: diagnostics only."),
    "ci": ("handbill.cli.ci", "Review a change: the whole of CI, and its comment."),
    "compile": ("handbill.cli.compile", "Compile a revision into a release on disk."),
    "completion": ("handbill.cli.completion", "The script that completes names in a shell."),
    "data": ("handbill.cli.data", "Look at the tenants' customer data."),
    "demo": ("handbill.cli.demo.command", "The whole way on sample data."),
    "diff": ("handbill.cli.diff", "What changes for customers between two releases."),
    "fmt": ("handbill.cli.fmt", "Write YAML files as they are always written."),
    "gc": ("handbill.cli.gc", "Remove what nobody names any more from a store."),
    "history": ("handbill.cli.history", "What was published to an environment, and when."),
    "init": ("handbill.cli.init", "Make a new configuration repository."),
    "keygen": ("handbill.cli.keygen", "Make a key pair that signs what is published."),
    "lsp": ("handbill.cli.lsp", "What editors start: the language server."),
    "new": ("handbill.cli.new", "Write the files of one more tenant or campaign."),
    "owners": ("handbill.cli.owners", "Who owns what: CODEOWNERS from the configuration."),
    "pause": ("handbill.cli.pause", "The emergency stop: retailers that send nothing just now."),
    "preview": ("handbill.cli.preview", "A campaign's messages as customers see them."),
    "publish": ("handbill.cli.publish", "Publish a revision, or follow a branch with --watch."),
    "resume": ("handbill.cli.resume", "Let retailers that were stopped go on."),
    "rollback": ("handbill.cli.rollback", "Point an environment at an earlier release."),
    "root": ("handbill.cli.root", "Whose keys count: the root document, kept offline."),
    "rollout": ("handbill.cli.rollout", "How far a change is that comes out in rings."),
    "run": ("handbill.cli.run", "Run what is published: audience, generation, delivery."),
    "schema": ("handbill.cli.schema", "The JSON Schemas of everything you can write."),
    "simulate": ("handbill.cli.simulate.command", "Every send of a period, with nothing sent."),
    "status": ("handbill.cli.status", "What each runtime of an environment runs."),
    "test": ("handbill.cli.test", "Run the tests of campaigns: who gets what, and why."),
    "upgrade": ("handbill.cli.upgrade", "Bring the files to the format of this Handbill."),
    "verify": ("handbill.cli.verify", "Prove everything that an environment runs."),
    "why": ("handbill.cli.why", "The layers behind one value of a campaign."),
}
"""Command name → (module, one line of help). The module holds a click command of that name."""

SUPERVISED = {
    "audience",
    "check",
    "ci",
    "compile",
    "data",
    "diff",
    "new",
    "owners",
    "preview",
    "publish",
    "test",
    "why",
}
"""Commands that compile what anybody may have written: each runs in a process that can be killed."""

EXIT_BUG = 3
EXIT_NOBODY_READS = 141
"""128 + SIGPIPE, as a shell says of `cat large | head`."""
COLLECT_AFTER = (50_000, 20, 10)
"""Compiling makes many objects and hardly a cycle: looking for cycles less often saves a seventh of
its time and costs no memory."""


class CommandTable(click.RichGroup):
    """A click group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A stand-in that knows its one line of help: all that listing the commands needs."""
        if cmd_name not in COMMANDS:
            return None
        return click.RichCommand(name=cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The real command, imported."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and command is not None:
            command = getattr(importlib.import_module(COMMANDS[name][0]), name)
        return name, command, rest


@click.group(cls=CommandTable, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="handbill")
def handbill() -> None:
    """Handbill compiles retailers' campaigns from git into signed plans, and runs them."""


def main() -> None:
    """Runs the command line. A bug ends with exit code 3 and a report that a user can paste."""
    gc.set_threshold(*COLLECT_AFTER)
    if SUPERVISED & set(sys.argv[1:2]):
        from handbill.cli.supervisor import supervise

        code = supervise()
        if code is not None:
            sys.exit(code)
    try:
        try:
            handbill()
        finally:  # here a reader that has gone is noticed, and not when the interpreter ends
            if not sys.stdout.closed:  # as the language server leaves it
                sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as ended:  # click ends with 1 where nobody reads on
        if ended_by_its_reader(ended):
            _write_to_nobody()
            sys.exit(EXIT_NOBODY_READS)
        if isinstance(ended, SystemExit):
            raise
        sys.stderr.write(refusal_of_the_system(ended))
        sys.exit(1)
    except OSError as error:  # no right, no space, no such folder: not a bug
        sys.stderr.write(refusal_of_the_system(error))
        sys.exit(1)
    except Exception as error:  # the only catch-all: a bug must not end in a bare traceback
        sys.stderr.write(bug_report(error))
        sys.exit(EXIT_BUG)


def ended_by_its_reader(ended: BrokenPipeError | SystemExit) -> bool:
    """Whether a command failed when `| head` had read enough: nothing to say, and nobody to say it to.

    Pipes to other processes break too; what counts is that ours has no reader.
    """
    if isinstance(ended, SystemExit) and ended.code != 1:
        return False
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (AttributeError, OSError, ValueError):  # no such call here, or no stdout at all
        return False


def _write_to_nobody() -> None:
    """What is still to be flushed goes nowhere, instead of failing once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def refusal_of_the_system(error: OSError) -> str:
    """Which file the operating system would not read or write, and why."""
    reason = error.strerror or str(error) or type(error).__name__
    file = f"{error.filename}: " if error.filename else ""
    return f"error[HB001]: {file}{reason}\n  = help: see that it is there and that you may use it\n"


def bug_report(error: BaseException) -> str:
    """What a user pastes into a bug report: the error's own words and places in Handbill's code,
    no file contents and no arguments."""
    import platform
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    places = "\n".join(
        f"    {frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
        for frame in frames[-12:]
    )
    command = next((word for word in sys.argv[1:] if word in COMMANDS), "-")
    return (
        "error[HB000]: this is a bug in Handbill, not in your configuration\n"
        f"  = {type(error).__name__}: {error}\n"
        f"  = handbill {VERSION}, Python {platform.python_version()}, "
        f"{platform.system()}, command `{command}`\n"
        "  = help: report these lines to the people who make Handbill\n"
        f"{places}\n"
    )


if __name__ == "__main__":
    main()
