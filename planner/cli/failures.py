"""How a command ends that could not do what was asked: one message on stderr, and an exit code."""

import os
import shlex
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from planner import __version__
from planner.cli import signals
from planner.cli.running import note
from planner.errors import NoPlanError, PlannerError
from planner.writing import current_folder

FOUND_SOMETHING, BAD_INPUT, OWN_FAULT, READER_GONE = 1, 2, 70, 141


@contextmanager
def failures_told(as_json_of: str = "") -> Iterator[None]:
    """A failure that the user can do something about ends as one message on stderr and its exit code; a
    command that was asked for JSON says it on stdout too.
    """
    try:
        yield
    except PlannerError as error:
        stopped = signals.received and isinstance(error, NoPlanError)
        exit_code = signals.exit_code() if stopped else error.exit_code
        note(str(error))
        if as_json_of:
            print_error(as_json_of, error, exit_code=exit_code)
        raise typer.Exit(exit_code) from None
    except KeyboardInterrupt:
        signals.ignore()
        note("interrupted")
        raise typer.Exit(signals.exit_code()) from None
    except BrokenPipeError:
        forget_stdout()
        raise typer.Exit(READER_GONE) from None
    except MemoryError:
        note("out of memory: plan fewer periods, items or markets, or use a machine with more memory")
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        forget_stdout()
        note(_refused(error))
        raise typer.Exit(BAD_INPUT) from None


def _refused(error: OSError) -> str:
    """What the system refused, and where."""
    if current_folder() is None:
        return "the current folder is no longer there. Change to one that is, and try again"
    return f"{error.filename or 'standard output'}: {error.strerror or error}"


def own_fault(error: Exception) -> str:
    """What to say of a failure that nobody has foreseen: that it is the product's, and what to report.

    The details stand in a file, for whoever mends it; people are not shown them.
    """
    first_line = f"{type(error).__name__}: {error}".splitlines()[0]
    text = "".join([f"planner {__version__}, Python {sys.version}, {sys.platform}\n",
                    f"{shlex.join(sys.argv)}\n\n", *traceback.format_exception(error)])
    try:
        with tempfile.NamedTemporaryFile("w", prefix="planner-fault-", suffix=".txt", delete=False,
                                         encoding="utf-8", errors="replace") as file:
            file.write(text)
        details = f", with the file {file.name}"
    except OSError:
        details = ""
    return (f"planner has a fault and could not go on ({first_line}). No file of yours was changed half-way. "
            f"Please report it{details} and, if you may, the scenario")


def print_error(command: str, error: PlannerError, *, exit_code: int) -> None:
    """The failure stands on stdout as JSON, for the program that called."""
    from planner.report import records

    print(records.json_text(records.error_record(command, error, exit_code)), flush=True)


def forget_stdout() -> None:
    """What could not be written is not tried again when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
