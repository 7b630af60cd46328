"""How a command ends that could not do what was asked: one message on stderr, and an exit code."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from planner.cli.running import note
from planner.errors import NoPlanError, PlannerError

FOUND_SOMETHING, BAD_INPUT, INTERRUPTED, READER_GONE = 1, 2, 130, 141

# signals that came, so that a search that was interrupted is not blamed on its time limit
interrupts: list[int] = []


@contextmanager
def failures_told(as_json_of: str = "") -> Iterator[None]:
    """A failure that the user can do something about ends as one message on stderr and its exit code; a
    command that was asked for JSON says it on stdout too.
    """
    try:
        yield
    except PlannerError as error:
        exit_code = INTERRUPTED if interrupts and isinstance(error, NoPlanError) else error.exit_code
        note(str(error))
        if as_json_of:
            print_error(as_json_of, error, exit_code=exit_code)
        raise typer.Exit(exit_code) from None
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # another one could only interrupt the good-bye
        note("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        forget_stdout()
        raise typer.Exit(READER_GONE) from None
    except MemoryError:
        note("out of memory: plan fewer periods, items or markets, or use a machine with more memory")
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        forget_stdout()
        note(f"{error.filename or 'standard output'}: {error.strerror or error}")
        raise typer.Exit(BAD_INPUT) from None


def print_error(command: str, error: PlannerError, *, exit_code: int) -> None:
    """The failure stands on stdout as JSON, for the program that called."""
    from planner.report import records

    print(records.json_text(records.error_record(command, error, exit_code)), flush=True)


def forget_stdout() -> None:
    """What could not be written is not tried again when the program ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
