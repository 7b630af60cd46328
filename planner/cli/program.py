"""The program: its commands in the order of its help, and what holds for all of them."""

import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from planner.cli import (
    commands,
    comparing,
    cycling,
    deciding,
    explaining,
    handing_on,
    intake,
    ordering,
    pegging,
    promising,
    remedying,
    reporting,
    showing,
    signals,
    sweeping,
)
from planner.cli.failures import OWN_FAULT, failures_told, own_fault
from planner.cli.running import note


class Commands(TyperGroup):
    """The commands. Whatever the user can cause ends in a message and an exit code, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """The command has run and all its output is out, or its failure is told."""
        words = [*ctx._protected_args, *ctx.args]
        count = 2 if hasattr(self.commands.get(words[0]) if words else None, "commands") else 1
        with failures_told(" ".join(words[:count]) if "--json" in words else ""):
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result


    def main(self, *arguments: Any, **keywords: Any) -> Any:
        """The program has run. A failure that nobody has foreseen ends in a message and an exit code, too."""
        try:
            return super().main(*arguments, **keywords)
        except Exception as error:
            note(own_fault(error))
            sys.exit(OWN_FAULT)


# Plain help: a flag is written as a flag, and a command's sentence on one line.
app = typer.Typer(
    name="planner", cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
)


@app.callback()
def program(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version and stop.",
            is_eager=True,
            callback=lambda is_asked_for: print_version() if is_asked_for else None,
        ),
    ] = False,
) -> None:
    """Sales and operations planning: from pipeline and orders to a proven plan."""


def print_version() -> None:
    """The version stands on stdout, and nothing else is done."""
    from planner import __version__

    print(f"planner {__version__}")
    raise typer.Exit


app.command()(commands.new)
app.command()(commands.convert)
app.command()(commands.check)
app.command("import")(intake.import_)
app.command()(commands.forecast)
app.command("forecast-history")(commands.forecast_history)
app.command()(commands.solve)
app.command()(commands.audit)
app.command()(explaining.explain)
app.command()(explaining.gaps)
app.command()(explaining.goals)
app.command()(explaining.worth)
app.command()(intake.roll)
app.command()(showing.show)
app.command()(ordering.customers)
app.command()(pegging.peg)
app.command()(deciding.decide)
app.command()(remedying.remedies)
app.command()(promising.promise)
app.command()(comparing.compare)
app.command()(sweeping.sweep)
app.command()(sweeping.run)
app.command()(reporting.report)
app.command()(handing_on.export)
app.add_typer(cycling.cycle, name="cycle")


def main() -> None:
    """Runs the command line that the program was called with."""
    signals.listen()
    for name in ("stdout", "stderr"):
        # closed by whoever called
        stream = getattr(sys, name) or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
        stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
        setattr(sys, name, stream)
    app()
